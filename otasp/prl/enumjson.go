package prl

// The JSON forms of the enumerations: the name, or the number when there is none.

// MarshalJSON writes the name or the number.
func (v AcqType) MarshalJSON() ([]byte, error) { return enumJSON(acqTypeNames[:], uint8(v)) }

// UnmarshalJSON reads a name or a number.
func (v *AcqType) UnmarshalJSON(b []byte) error {
	n, err := enumFromJSON(acqTypeNames[:], b)
	*v = AcqType(n)
	return err
}

// MarshalJSON writes the name or the number.
func (v AB) MarshalJSON() ([]byte, error) { return enumJSON(abNames[:], uint8(v)) }

// UnmarshalJSON reads a name or a number.
func (v *AB) UnmarshalJSON(b []byte) error {
	n, err := enumFromJSON(abNames[:], b)
	*v = AB(n)
	return err
}

// MarshalJSON writes the name or the number.
func (v PriSec) MarshalJSON() ([]byte, error) { return enumJSON(priSecNames[:], uint8(v)) }

// UnmarshalJSON reads a name or a number.
func (v *PriSec) UnmarshalJSON(b []byte) error {
	n, err := enumFromJSON(priSecNames[:], b)
	*v = PriSec(n)
	return err
}

// MarshalJSON writes the name or the number.
func (v Block) MarshalJSON() ([]byte, error) { return enumJSON(blockNames[:], uint8(v)) }

// UnmarshalJSON reads a name or a number.
func (v *Block) UnmarshalJSON(b []byte) error {
	n, err := enumFromJSON(blockNames[:], b)
	*v = Block(n)
	return err
}

// MarshalJSON writes the name or the number.
func (v SystemType) MarshalJSON() ([]byte, error) { return enumJSON(systemTypeNames[:], uint8(v)) }

// UnmarshalJSON reads a name or a number.
func (v *SystemType) UnmarshalJSON(b []byte) error {
	n, err := enumFromJSON(systemTypeNames[:], b)
	*v = SystemType(n)
	return err
}

// MarshalJSON writes the name or the number.
func (v NIDIncl) MarshalJSON() ([]byte, error) { return enumJSON(nidInclNames[:], uint8(v)) }

// UnmarshalJSON reads a name or a number.
func (v *NIDIncl) UnmarshalJSON(b []byte) error {
	n, err := enumFromJSON(nidInclNames[:], b)
	*v = NIDIncl(n)
	return err
}
