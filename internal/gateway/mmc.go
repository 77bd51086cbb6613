package gateway

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/iota"
)

// exchange is one document and how the report about it is read.
type exchange struct {
	req  uint16
	kind otasp.EffectKind
	doc  *iota.Message
}

// asked are the objects that a session begins with: who the handset is.
var asked = [...]iota.Object{
	iota.ObjectMDN, iota.ObjectMSID, iota.ObjectOEM, iota.ObjectModel, iota.ObjectSoftware, iota.ObjectPSAVersion,
}

const (
	forwardCID = "otasp" // the part with the forward message
	chunkCID   = "prl"
)

// composeMMC turns a request of the machine into a document. The status-uri is
// the server's.
func composeMMC(s *otasp.Session, e *otasp.Effect) *exchange {
	d := &iota.Document{MMCID: iota.MMCID(s.Handset.Profile.MMCID)}
	m := &iota.Message{Document: d}
	switch e.Kind {
	case otasp.OpenMMC:
		method(d, iota.Method{Name: iota.NameOpen, ReportStatus: true})
		for _, o := range asked {
			method(d, iota.Method{Name: iota.NameRead, Object: o, ReportStatus: true})
		}
	case otasp.Relay:
		part(m, d, forwardCID, iota.ObjectIS683, e.Message, 0, 0)
		method(d, iota.Method{Name: iota.NameRead, Object: iota.ObjectIS683Result, ReportStatus: true})
	case otasp.WriteObjects:
		for _, o := range e.Objects {
			method(d, iota.Method{Name: iota.NameWrite, Object: iota.Object(o.Name), Value: o.Value, EmptyValue: o.Value == "", ReportStatus: true})
		}
	case otasp.WritePRL:
		part(m, d, chunkCID, iota.ObjectPRL, e.Message, len(e.Message), int(e.Offset))
	case otasp.CommitMMC:
		method(d, iota.Method{Name: iota.NameCommit, ReportStatus: true})
	case otasp.Disconnect:
		method(d, iota.Method{Name: iota.NameDisconnect})
	default:
		return nil
	}
	return &exchange{req: e.Req, kind: e.Kind, doc: m}
}

// method adds a method, numbered from 1.
func method(d *iota.Document, m iota.Method) {
	m.ID = strconv.Itoa(len(d.Methods) + 1)
	d.Methods = append(d.Methods, m)
}

// part adds a write of octets.
func part(m *iota.Message, d *iota.Document, cid string, o iota.Object, octets []byte, size, offset int) {
	method(d, iota.Method{Name: iota.NameWrite, Object: o, ValueRef: iota.ValueRef{CID: cid}, Size: uint32(size), Offset: uint32(offset), ReportStatus: true})
	m.Parts = append(m.Parts, iota.Part{CID: cid, Octets: octets})
}

// readReport is what a report means to the machine. The report fits the document.
func (x *exchange) readReport(m *iota.Message) otasp.Event {
	r := m.Report
	ev := otasp.Event{Req: x.req}
	if r.Status == iota.StatusError && x.kind != otasp.CommitMMC {
		return broken(x.req, "the handset gave up: "+failures(r))
	}
	switch x.kind {
	case otasp.OpenMMC:
		ev.Kind, ev.Profile = otasp.Opened, profileOf(r)
	case otasp.Relay:
		return x.reverse(m)
	case otasp.WriteObjects:
		ev.Kind, ev.Rejected = otasp.MMCDone, x.rejected(r)
	default:
		if bad := failures(r); bad != "" {
			ev.Kind, ev.Failure = otasp.Failed, otasp.Failure{Class: otasp.PeerRefused, Detail: bad}
			break
		}
		ev.Kind = otasp.MMCDone
	}
	return ev
}

func broken(req uint16, why string) otasp.Event {
	return otasp.Event{Kind: otasp.Failed, Req: req, Failure: otasp.Failure{Class: otasp.HandsetGone, Detail: why}}
}

// reverse finds the OTASP message that answers the one that was written.
func (x *exchange) reverse(m *iota.Message) otasp.Event {
	if octets, ok := reverseOf(m); ok {
		return otasp.Event{Kind: otasp.Reverse, Req: x.req, Message: octets}
	}
	why := failures(m.Report)
	if why == "" {
		why = "the report has no answer of the handset"
	}
	return otasp.Event{Kind: otasp.Failed, Req: x.req, Failure: otasp.Failure{Class: otasp.PeerRefused, Detail: why}}
}

// rejected are the objects that the handset did not take.
func (x *exchange) rejected(r *iota.Report) (all []otasp.Rejection) {
	for i := range x.doc.Document.Methods {
		w := &x.doc.Document.Methods[i]
		why := "not reported"
		if d := r.Detail(w.ID); d != nil {
			why = string(d.Result)
		}
		if why != string(iota.ResultOK) {
			all = append(all, otasp.Rejection{Object: string(w.Object), Why: fmt.Sprintf("%.40s", why)})
		}
	}
	return all
}

func profileOf(r *iota.Report) *otasp.Profile {
	p := &otasp.Profile{MMCID: string(r.MMCID)}
	for i := range r.Details {
		d := &r.Details[i]
		if d.Result != iota.ResultOK {
			continue
		}
		switch d.Object {
		case iota.ObjectMDN:
			p.MDN = d.Value
		case iota.ObjectMSID:
			p.MSID = d.Value
		case iota.ObjectOEM:
			p.Make = d.Value
		case iota.ObjectModel:
			p.Model = d.Value
		case iota.ObjectSoftware:
			p.Software = d.Value
		case iota.ObjectPSAVersion:
			p.Agent = d.Value
		}
	}
	return p
}

// failures names what a report says has failed, with no value in it.
func failures(r *iota.Report) string {
	var all []string
	for i := range r.Details {
		if d := &r.Details[i]; d.Result != iota.ResultOK {
			all = append(all, fmt.Sprintf("%s %.40s: %.40s", d.Name, d.Object, d.Result))
		}
	}
	if len(all) == 0 && r.Status == iota.StatusError {
		return "no reason given"
	}
	return strings.Join(all, ", ")
}
