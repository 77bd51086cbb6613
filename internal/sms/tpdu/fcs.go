package tpdu

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// FCS is TP-Failure-Cause (9.2.3.22); 0 stands for none, an acknowledgement.
type FCS uint8

// Some causes.
const (
	FCSType0NotSupported    FCS = 0x81
	FCSCannotReplace        FCS = 0x82
	FCSAlphabetNotSupported FCS = 0x90
	FCSSCBusy               FCS = 0xc0
	FCSSCSystemFailure      FCS = 0xc2
	FCSSIMStorageFull       FCS = 0xd0
	FCSErrorInMS            FCS = 0xd2
	FCSMemoryExceeded       FCS = 0xd3
	FCSToolkitBusy          FCS = 0xd4
	FCSDataDownloadError    FCS = 0xd5
	FCSUnspecified          FCS = 0xff
)

// firstFCS is below all causes and above all values of TP-PI.
const firstFCS = 0x80

var fcsNames = map[FCS]string{
	0x80: "telematic interworking not supported", 0x81: "short message type 0 not supported", 0x82: "cannot replace short message",
	0x8f: "unspecified TP-PID error", 0x90: "data coding scheme not supported", 0x91: "message class not supported",
	0x9f: "unspecified TP-DCS error", 0xa0: "command cannot be actioned", 0xa1: "command unsupported",
	0xaf: "unspecified TP-Command error", 0xb0: "TPDU not supported", 0xc0: "SC busy", 0xc1: "no SC subscription",
	0xc2: "SC system failure", 0xc3: "invalid SME address", 0xc4: "destination SME barred", 0xc5: "SM rejected, duplicate SM",
	0xc6: "TP-VPF not supported", 0xc7: "TP-VP not supported", 0xd0: "(U)SIM SMS storage full", 0xd1: "no SMS storage in (U)SIM",
	0xd2: "error in MS", 0xd3: "memory capacity exceeded", 0xd4: "(U)SIM toolkit busy", 0xd5: "(U)SIM data download error",
	0xff: "unspecified error cause",
}

func (f FCS) String() string {
	if s := fcsNames[f]; s != "" {
		return s
	}
	switch {
	case f == 0:
		return "acknowledged"
	case f >= 0xe0 && f <= 0xfe:
		return fmt.Sprintf("application error %#02x", uint8(f))
	}
	return fmt.Sprintf("cause %#02x", uint8(f))
}

// read reads the cause if there is one.
func (f *FCS) read(c *wire.Cursor) {
	*f = 0
	if next, ok := c.Peek(); ok && next >= firstFCS {
		*f = FCS(c.U8("TP-FCS"))
		c.Hexadecimal()
		wire.Say(c, *f)
	}
}

func (f FCS) append(dst []byte) ([]byte, error) {
	switch {
	case f == 0:
		return dst, nil
	case f < firstFCS:
		return dst, unencodable("TP-FCS", wire.ErrValue)
	}
	return append(dst, byte(f)), nil
}
