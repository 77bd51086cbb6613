package sim

import (
	"bytes"
	"crypto/sha256"
	"time"

	"github.com/otagate/otagate/wappush/wbxml"
	"github.com/otagate/otagate/wappush/wsp"
)

// pushPort takes connectionless pushes that are not secured.
const pushPort = 2948

// datagramKey tells whether a datagram was there.
type datagramKey struct {
	from  string
	ports Ports
	sum   [sha256.Size]byte
}

// datagram takes a complete datagram, or a text.
func (a *Agent) datagram(d *datagram, now time.Time) {
	if d.text || d.ports == nil {
		a.counts.Datagrams++
		a.texts = append(a.texts, Text{d.from, string(d.octets)})
		return
	}
	for k, at := range a.seen {
		if now.Sub(at) >= a.cfg.Remember {
			delete(a.seen, k)
		}
	}
	k := datagramKey{d.from, *d.ports, sha256.Sum256(d.octets)}
	if _, again := a.seen[k]; again {
		a.counts.Duplicates++
		return
	}
	a.seen[k] = now
	a.counts.Datagrams++
	if d.ports.Destination != pushPort {
		a.keep(d, "")
		return
	}
	if a.cfg.Observe != nil {
		a.cfg.Observe(Sight{At: now, From: d.from, To: "handset", Proto: "wsp", Octets: bytes.Clone(d.octets)})
	}
	a.push(d)
}

func (a *Agent) keep(d *datagram, contentType string) {
	a.unknown = append(a.unknown, Unknown{d.from, *d.ports, contentType, d.octets})
}

// push does what a push asks.
func (a *Agent) push(d *datagram) {
	var p wsp.Push
	if err := p.Decode(d.octets); err != nil {
		a.counts.Malformed++
		return
	}
	app, _ := p.ApplicationID()
	media, _ := p.ContentType.Media()
	var err error
	switch {
	case p.Type != wsp.TypePush: // a confirmed one has no session here
		a.keep(d, p.ContentType.String())
	case media == wsp.SIC:
		err = a.serviceIndication(p.Body)
	case media == wsp.SLC:
		err = a.serviceLoading(p.Body, app)
	case media == wsp.ConnectivityWBXML:
		err = a.provision(&p)
	case media == wsp.Notification && app == wsp.AppSyncMLDM: // port, type and application together
		err = a.notification(p.Body)
	default:
		a.keep(d, p.ContentType.String())
	}
	if err != nil {
		a.counts.Malformed++
	}
}

// serviceLoading opens a URL, or loads it for later.
func (a *Agent) serviceLoading(body []byte, app wsp.ApplicationID) error {
	var d wbxml.Document
	if err := d.Decode(body, wbxml.SL); err != nil {
		return err
	}
	href := attr(d.Root, "href")
	if d.Root.Name != "sl" || href == "" {
		return errNoContent
	}
	if attr(d.Root, "action") == "cache" {
		a.cached = append(a.cached, href)
		return nil
	}
	a.opened = append(a.opened, opening{href, app}) // the default is execute-low
	return nil
}

// attr is an attribute as text, "" when there is none.
func attr(e *wbxml.Element, name string) string {
	if x := e.Attr(name); x != nil {
		return x.Value
	}
	return ""
}
