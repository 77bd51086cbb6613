package mtp

// Service indicators (Q.704 §14.2.1).
const (
	ServiceSCCP uint8 = 3
)

// Network indicators.
const (
	International uint8 = 0
	National      uint8 = 2
	NationalSpare uint8 = 3
)

// Transfer is the MTP-TRANSFER primitive, request and indication alike.
// Data of an indication aliases the receive buffer.
type Transfer struct {
	OPC, DPC PointCode
	SI       uint8 // service indicator
	NI       uint8 // network indicator
	Priority uint8 // message priority, 0 to 3, ANSI only
	SLS      uint8 // signalling link selection: same value, same order
	Data     []byte
}

// StatusCause tells why MTP-STATUS was given (Q.701 §8.4).
type StatusCause uint8

// The causes of MTP-STATUS.
const (
	CauseCongestion   StatusCause = iota // the level stands beside it
	CauseUnknown                         // user part unavailable, unknown reason
	CauseUnequipped                      // unequipped remote user
	CauseInaccessible                    // inaccessible remote user
)

// Status is the MTP-STATUS indication.
type Status struct {
	Affected PointCode
	Cause    StatusCause
	Level    uint8 // congestion level, 0 to 3
}

// User takes the indications of MTP. Calls come one after another for one SLS.
type User interface {
	Transfer(t Transfer)
	Pause(affected PointCode)
	Resume(affected PointCode)
	Status(s Status)
}
