package ansi41

import "fmt"

// AuthenticationValue is a result of CAVE or its input AUTH_DATA: AUTHR and
// AUTHBS have 18 bits and AuthenticationData 24, right-justified in three
// octets. No public text confirms that justification.
type AuthenticationValue uint32

func (v AuthenticationValue) String() string { return fmt.Sprintf("%06X", uint32(v)) }

// RandomVariable is a random number of 32 bits: RAND or RANDBS.
type RandomVariable uint32

func (v RandomVariable) String() string { return fmt.Sprintf("%08X", uint32(v)) }
