package wappush

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/wsp"
)

const proto = "wappush"

// Content is what a sender has to say about a push: the body and what it is.
// The headers follow from that, so that handsets get what they look for:
//
//	SIC, SLC            AE, AF 82              for the browser
//	provisioning        1F 2D B6 91 8s 92 …    by content type; no application
//	notification of DM  C4, AF 87              exactly; handsets compare octets
//	MMS notification    BE, AF 84
//
// The header of anything else is its content type and what is given here.
type Content struct {
	Type wsp.MediaType

	// Application is that of the type when 0, and Unaddressed is no application
	// at all. The call of an IOTA session is an SL for wsp.AppOpenwaveIOTA.
	Application wsp.ApplicationID
	Unaddressed bool

	Flags wsp.PushFlag // no header when 0

	// MAC, of a bootstrap document, is 40 hexadecimal digits made by the method
	// SEC. Without a MAC, SEC is not sent.
	SEC uint8
	MAC []byte

	Body []byte
}

// profile is what a type is sent with.
type profile struct {
	media       wsp.MediaType
	application wsp.ApplicationID
	secured     bool // may have a MAC
	exact       bool // no other header, no other application
}

var profiles = [...]profile{
	{media: wsp.SIC, application: wsp.AppWMLUA},
	{media: wsp.SLC, application: wsp.AppWMLUA},
	{media: wsp.MMSMessage, application: wsp.AppMMSUA},
	{media: wsp.Notification, application: wsp.AppSyncMLDM, exact: true},
	{media: wsp.ConnectivityWBXML, secured: true},
	{media: wsp.DMWBXML, secured: true}, // bootstrap; by analogy with provisioning
}

func profileOf(m wsp.MediaType) profile {
	for i := range profiles {
		if profiles[i].media == m {
			return profiles[i]
		}
	}
	return profile{media: m}
}

// macDigits is the length of a MAC in text, and maxSEC the last method.
const (
	macDigits = 40
	maxSEC    = 3
)

// Append appends the whole push PDU, which is what a datagram to port 2948
// carries. tid may be anything; by custom it counts.
func (c *Content) Append(dst []byte, tid uint8) ([]byte, error) {
	f := profileOf(c.Type)
	if err := c.check(f); err != nil {
		return dst, err
	}
	var headers [2]wsp.Header
	var parameters [2]wsp.Parameter
	p := wsp.Push{TID: tid, ContentType: wsp.ContentType{Type: c.Type}, Headers: headers[:0], Body: c.Body}
	if len(c.MAC) > 0 {
		parameters = [...]wsp.Parameter{wsp.SECParameter(c.SEC), wsp.MACParameter(c.MAC)}
		p.ContentType.Parameters = parameters[:]
	}
	application := c.Application
	if application == 0 {
		application = f.application
	}
	if application != 0 && !c.Unaddressed {
		p.Headers = append(p.Headers, wsp.ApplicationHeader(application))
	}
	if c.Flags != 0 {
		p.Headers = append(p.Headers, wsp.PushFlagHeader(c.Flags))
	}
	return p.Append(dst)
}

// check finds what handsets would not understand.
func (c *Content) check(f profile) error {
	switch {
	case f.exact && (c.Unaddressed || c.Application != 0 && c.Application != f.application):
		return wire.Unencodable(proto, "application", wire.ErrValue)
	case c.Unaddressed && c.Application != 0:
		return wire.Unencodable(proto, "application", wire.ErrValue)
	case f.exact && c.Flags != 0:
		return wire.Unencodable(proto, "flags", wire.ErrValue)
	case len(c.MAC) == 0:
		return nil
	case !f.secured || !isMAC(c.MAC):
		return wire.Unencodable(proto, "MAC", wire.ErrValue)
	case c.SEC > maxSEC:
		return wire.Unencodable(proto, "SEC", wire.ErrValue)
	}
	return nil
}

func isMAC(s []byte) bool {
	for _, o := range s {
		if (o < '0' || o > '9') && (o < 'A' || o > 'F') && (o < 'a' || o > 'f') {
			return false
		}
	}
	return len(s) == macDigits
}
