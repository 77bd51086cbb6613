package ansi

import (
	"strconv"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// PAbortCause says why TCAP itself ended a transaction; zero is none.
type PAbortCause uint8

// The causes of T1.114.3 §3.
const (
	AbortUnrecognizedPackageType     PAbortCause = 1
	AbortIncorrectTransaction        PAbortCause = 2
	AbortBadlyStructuredTransaction  PAbortCause = 3
	AbortUnassignedTransactionID     PAbortCause = 4
	AbortPermissionToRelease         PAbortCause = 5
	AbortResourceUnavailable         PAbortCause = 6
	AbortUnrecognizedDialoguePortion PAbortCause = 7
	AbortBadlyStructuredDialogue     PAbortCause = 8
	AbortMissingDialogue             PAbortCause = 9
	AbortInconsistentDialogue        PAbortCause = 10
)

func (p PAbortCause) String() string {
	switch p {
	case 0:
		return "no P-Abort"
	case AbortUnrecognizedPackageType:
		return "unrecognized package type"
	case AbortIncorrectTransaction:
		return "incorrect transaction portion"
	case AbortBadlyStructuredTransaction:
		return "badly structured transaction portion"
	case AbortUnassignedTransactionID:
		return "unassigned responding transaction id"
	case AbortPermissionToRelease:
		return "permission to release problem"
	case AbortResourceUnavailable:
		return "resource unavailable"
	case AbortUnrecognizedDialoguePortion:
		return "unrecognized dialogue portion id"
	case AbortBadlyStructuredDialogue:
		return "badly structured dialogue portion"
	case AbortMissingDialogue:
		return "missing dialogue portion"
	case AbortInconsistentDialogue:
		return "inconsistent dialogue portion"
	}
	return "P-Abort cause " + strconv.Itoa(int(p))
}

func (p *Package) appendAbort(dst []byte) ([]byte, error) {
	if len(p.Components) > 0 || p.PAbort != 0 && p.UserAbort || len(p.UserInformation) > 0 && !p.UserAbort {
		return dst, wire.Unencodable(proto, "abort", wire.ErrValue)
	}
	if p.PAbort != 0 {
		dst = ber.AppendU8(dst, tagPAbort, uint8(p.PAbort))
	}
	if p.UserAbort {
		return appendExternals(dst, tagUserAbort, p.UserInformation)
	}
	return dst, nil
}

func (p *Package) readAbort(c *wire.Cursor) {
	at := c.Off()
	switch ber.Next(c) {
	case tagPAbort:
		l := ber.Expect(c, tagPAbort, "P-Abort cause")
		if p.PAbort = wire.Say(c, PAbortCause(c.U8("P-Abort cause"))); p.PAbort == 0 {
			c.FailAt(at, "P-Abort cause", wire.ErrValue)
		}
		c.Leave(l)
	case tagUserAbort:
		p.UserAbort = true
		p.UserInformation = readExternals(c, tagUserAbort, "user abort information")
	default:
		if c.More() {
			c.Fail("abort", wire.ErrValue)
		}
	}
}
