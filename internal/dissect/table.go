package dissect

import (
	"fmt"

	"github.com/otagate/otagate/internal/sms/tpdu"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/otasp/prl"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/dmnotify"
	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/wbxml"
	"github.com/otagate/otagate/wappush/wsp"
)

// protocol is one line of the table.
type protocol struct {
	name    string
	carrier bool // of payloads that read looks into
	read    reader
	gist    gister
	// parse is read's counterpart for the JSON form.
	parse func(text []byte) (message, error)
}

// reader decodes one whole message and what it carries.
type reader func(d *dissection, c *wire.Cursor) (form, error)

// gister says what one whole message is about.
type gister func(g Gister, c *wire.Cursor) (string, error)

// message is what every package's FromJSON returns.
type message interface {
	Append(dst []byte) ([]byte, error)
}

var protocols = [...]protocol{
	{"smpp", false, readSMPP, Gister.smpp, parser(smpp.FromJSON)},
	{"m3ua", true, readM3UA, Gister.m3ua, parser(m3ua.FromJSON)},
	{"sccp", true, readSCCP, Gister.sccp, parser(sccp.FromJSON)},
	{"tcap", true, readTCAP, Gister.tcap, parser(ansi.FromJSON)},
	{"ansi41", true, readPackage, Gister.ansi41, parsePackage},
	{"ansi41-set", true, readSet, Gister.ansi41Set, parser(ansi41.FromJSON)},
	{"is683-fwd", false, readForward, about(is683.ReadForward, is683.Gist), directed(is683.Forward)},
	{"is683-rev", false, readReverse, about(is683.ReadReverse, is683.Gist), directed(is683.Reverse)},
	{"sms-tpdu", false, readTPDU, Gister.tpdu, parser(tpdu.FromJSON)},
	{"is637", true, readShortMessage, Gister.is637, parseShortMessage},
	{"is637-bearer", true, bearerOf(noTeleservice), Gister.is637Bearer, parseBearer},
	{"prl", false, leaf(prl.Read, prl.ToJSON), about(prl.Read, gistPRL), parser(prl.FromJSON)},
	{"cp", false, readCP, gistOfCP, parser(omacp.FromJSON)},
	{"wsp", true, readWSP, Gister.wsp, parser(wsp.FromJSON)},
	{"dm", false, readDM, gistOfDM, parser(dmnotify.FromJSON)},
	{"mmc", false, readMMC, gistOfMMC, parseMMC},
	{"wbxml", false, readWBXML, gistOfWBXML, parser(wbxml.FromJSON)},
	{"si", false, readSI, gistOfSI, parser(pushed[*wappush.ServiceIndication])},
	{"sl", false, readSL, gistOfSL, parser(pushed[*wappush.ServiceLoading])},
}

// leaf makes the reader of a protocol that carries no other.
func leaf[M any](read func(*wire.Cursor) (M, error), json func(M) ([]byte, error)) reader {
	return func(_ *dissection, c *wire.Cursor) (form, error) {
		m, err := read(c)
		if err != nil {
			return nil, err
		}
		return func() ([]byte, error) { return json(m) }, nil
	}
}

// about makes the gister of a protocol that has one line for any message.
func about[M any](read func(*wire.Cursor) (M, error), gist func(M) string) gister {
	return func(_ Gister, c *wire.Cursor) (string, error) {
		m, err := read(c)
		if err != nil {
			return "", err
		}
		return gist(m), nil
	}
}

func parser[M message](parse func([]byte) (M, error)) func([]byte) (message, error) {
	return func(text []byte) (message, error) {
		m, err := parse(text)
		if err != nil {
			return nil, err
		}
		return m, nil
	}
}

var (
	readForward = leaf(is683.ReadForward, is683.ToJSON)
	readReverse = leaf(is683.ReadReverse, is683.ToJSON)
)

// directed reads the JSON of an IS-683 message, which names its direction, and
// wants it to be d.
func directed(d is683.Direction) func([]byte) (message, error) {
	return func(text []byte) (message, error) {
		m, err := is683.FromJSON(text)
		if err != nil {
			return nil, err
		}
		if got := is683.DirectionOf(m); got != d {
			return nil, fmt.Errorf("is683: a %v message: want %v", got, d)
		}
		return m, nil
	}
}
