package wappush

import (
	"github.com/otagate/otagate/wappush/dmnotify"
	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/wsp"
)

// The ports of a push (IANA): handsets look at the destination only.
const (
	Port       = 2948 // connectionless, without WTLS
	SourcePort = 9200
)

// SIContent is a Service Indication that may be sent. It fails when Validate does.
func SIContent(s *ServiceIndication) (Content, error) {
	if err := s.Validate(); err != nil {
		return Content{}, err
	}
	body, err := s.Append(nil)
	return Content{Type: wsp.SIC, Body: body}, err
}

// SLContent is a Service Loading that may be sent. It fails when Validate does.
func SLContent(s *ServiceLoading) (Content, error) {
	if err := s.Validate(); err != nil {
		return Content{}, err
	}
	body, err := s.Append(nil)
	return Content{Type: wsp.SLC, Body: body}, err
}

// CPContent is a document of client provisioning, which was validated, with its
// MAC. Without sec nothing says whom it is from, and most handsets refuse it.
func CPContent(d *omacp.Document, o omacp.Options, sec *omacp.SEC, k omacp.Key) (Content, error) {
	body, err := d.AppendWith(nil, o)
	if err != nil {
		return Content{}, err
	}
	c := Content{Type: wsp.ConnectivityWBXML, Body: body}
	if sec == nil {
		return c, nil
	}
	mac, err := omacp.MAC(body, *sec, k)
	c.SEC, c.MAC, c.Secured = uint8(*sec), []byte(mac), true
	return c, err
}

// DMContent is a notification of OMA DM, package 0.
func DMContent(n *dmnotify.Notification) (Content, error) {
	body, err := n.Append(nil)
	return Content{Type: wsp.Notification, Body: body}, err
}
