package otasp

// maxWays is how many ways may follow the first.
const maxWays = 8

// Attempt is a way that was tried before and ended without success.
type Attempt struct {
	Way    StartKind
	Reason Reason
	Detail string
}
