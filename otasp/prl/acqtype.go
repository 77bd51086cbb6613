package prl

import "strconv"

// AcqType is ACQ_TYPE, the kind of an acquisition record.
type AcqType uint8

// Acquisition record types. The last two exist in extended lists only.
const (
	CellularAnalog        AcqType = 1
	CellularCDMAStandard  AcqType = 2
	CellularCDMACustom    AcqType = 3
	CellularCDMAPreferred AcqType = 4
	PCSCDMABlocks         AcqType = 5
	PCSCDMAChannels       AcqType = 6
	JTACSCDMAStandard     AcqType = 7
	JTACSCDMACustom       AcqType = 8
	IMT2000CDMAChannels   AcqType = 9 // the 2 GHz band
	Generic1x             AcqType = 10
	GenericHRPD           AcqType = 11
)

var acqTypeNames = [...]string{
	CellularAnalog:        "cellular analog",
	CellularCDMAStandard:  "cellular CDMA standard channels",
	CellularCDMACustom:    "cellular CDMA custom channels",
	CellularCDMAPreferred: "cellular CDMA preferred",
	PCSCDMABlocks:         "PCS CDMA blocks",
	PCSCDMAChannels:       "PCS CDMA channels",
	JTACSCDMAStandard:     "JTACS CDMA standard channels",
	JTACSCDMACustom:       "JTACS CDMA custom channels",
	IMT2000CDMAChannels:   "2 GHz CDMA channels",
	Generic1x:             "generic 1x",
	GenericHRPD:           "generic HRPD",
}

func (t AcqType) String() string { return enumName(acqTypeNames[:], uint8(t)) }

// AB is A_B: which side of a cellular band.
type AB uint8

// Sides of a band; 2 is reserved.
const (
	SideA    AB = 0
	SideB    AB = 1
	SideBoth AB = 3
)

var abNames = [...]string{SideA: "A", SideB: "B", SideBoth: "both"}

func (v AB) String() string { return enumName(abNames[:], uint8(v)) }

// PriSec is PRI_SEC: which of the standard channels. 0 is reserved.
type PriSec uint8

// Standard channels.
const (
	PrimaryChannel   PriSec = 1
	SecondaryChannel PriSec = 2
	BothChannels     PriSec = 3
)

var priSecNames = [...]string{PrimaryChannel: "primary", SecondaryChannel: "secondary", BothChannels: "both"}

func (v PriSec) String() string { return enumName(priSecNames[:], uint8(v)) }

// Block is a frequency block of the PCS band. 6 is reserved.
type Block uint8

// PCS blocks.
const (
	BlockA   Block = 0
	BlockB   Block = 1
	BlockC   Block = 2
	BlockD   Block = 3
	BlockE   Block = 4
	BlockF   Block = 5
	BlockAny Block = 7
)

var blockNames = [...]string{BlockA: "A", BlockB: "B", BlockC: "C", BlockD: "D", BlockE: "E", BlockF: "F", BlockAny: "any"}

func (v Block) String() string { return enumName(blockNames[:], uint8(v)) }

// enumName is the name of a value, or the number of one that has none.
func enumName(names []string, v uint8) string {
	if int(v) < len(names) && names[v] != "" {
		return names[v]
	}
	return strconv.Itoa(int(v))
}
