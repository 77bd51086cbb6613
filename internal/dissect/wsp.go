package dissect

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/dmnotify"
	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/wbxml"
	"github.com/otagate/otagate/wappush/wsp"
)

// content is a line of the table of what a push carries.
type content struct {
	media wsp.MediaType
	proto string
	read  reader
	gist  gister
}

// contents are the bodies that are looked into. What is not here stays octets,
// of which the text shows the length only.
var contents = [...]content{
	{wsp.SIC, "si", readSI, gistOfSI},
	{wsp.SLC, "sl", readSL, gistOfSL},
	{wsp.ConnectivityWBXML, "cp", readCP, gistOfCP},
	{wsp.COC, "wbxml", readWBXML, gistOfWBXML},
	{wsp.EMNWBXML, "wbxml", readWBXML, gistOfWBXML},
	{wsp.DMWBXML, "wbxml", readWBXML, gistOfWBXML},
	{wsp.SyncMLWBXML, "wbxml", readWBXML, gistOfWBXML},
	{wsp.Notification, "dm", readDM, gistOfDM},
}

// Readers and gisters of bodies, here and in the table of protocols.
var (
	readSI    = leaf(wappush.ReadSI, pushJSON)
	readSL    = leaf(wappush.ReadSL, pushJSON)
	readCP    = leaf(omacp.Read, omacp.ToJSON)
	readWBXML = leaf(wbxml.Read, wbxml.ToJSON)
	readDM    = leaf(dmnotify.Read, dmnotify.ToJSON)

	gistOfSI    = about(wappush.ReadSI, gistSI)
	gistOfSL    = about(wappush.ReadSL, gistSL)
	gistOfCP    = about(omacp.Read, omacp.Gist)
	gistOfWBXML = about(wbxml.Read, gistDocument)
	gistOfDM    = about(dmnotify.Read, gistDM)
)

// contentOf is the line for the body of p, nil when there is none.
func contentOf(p *wsp.Push) *content {
	media, ok := p.ContentType.Media()
	if !ok || len(p.Body) == 0 {
		return nil
	}
	for i := range contents {
		if contents[i].media == media {
			return &contents[i]
		}
	}
	return nil
}

func readWSP(d *dissection, c *wire.Cursor) (form, error) {
	p, err := wsp.Read(c)
	if err != nil {
		return nil, err
	}
	own := func() ([]byte, error) { return wsp.ToJSON(p) }
	i := d.find(0, "data")
	k := contentOf(p)
	if i < 0 || k == nil {
		d.leave(i, "")
		return own, nil
	}
	inner, err := d.descend(i, k.proto, p.Body, k.read)
	return withPayload(own, k.proto, inner), err
}

func (g Gister) wsp(c *wire.Cursor) (string, error) {
	p, err := wsp.Read(c)
	if err != nil {
		return "", err
	}
	s := p.Type.String() + " " + printable([]byte(p.ContentType.String()))
	if method, ok := p.ContentType.SEC(); ok {
		s += fmt.Sprintf(" SEC %d", method)
	}
	if id, ok := p.ApplicationID(); ok {
		s += " for " + id.String()
	} else if h := p.Header(wsp.HeaderApplicationID); h != nil {
		text, _ := h.Value.Text()
		s += " for " + printable(text)
	}
	k := contentOf(p)
	if k == nil {
		return s + ", " + octets(len(p.Body)), nil
	}
	inside := wire.NewCursor(k.proto, p.Body)
	inner, err := k.gist(g, &inside)
	return s + "  " + inner, err
}

func gistDM(n *dmnotify.Notification) string {
	return fmt.Sprintf("notification of %s, session %v, by the %v, %v", printable(n.ServerID), n.SessionID, n.Initiator, n.UIMode)
}
