package sim

import (
	"errors"
	"slices"
	"time"

	"github.com/otagate/otagate/wappush/wbxml"
)

// Indication is a Service Indication that is there for the user.
type Indication struct {
	ID               string // si-id, or else the href
	Href, Text       string
	Action           string    // signal-none, -low, -medium or -high
	Created, Expires time.Time // zero when not said
}

var (
	errNoContent = errors.New("not the document that the content type says")
	errDate      = errors.New("no date-time")
)

// Indications is what is there and has not expired, in order of arrival.
func (a *Agent) Indications() []Indication {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.cfg.Now()
	a.indications = slices.DeleteFunc(a.indications, func(i Indication) bool { return i.expired(now) })
	return slices.Clone(a.indications)
}

func (i *Indication) expired(now time.Time) bool { return !i.Expires.IsZero() && !i.Expires.After(now) }

// serviceIndication stores an SI, in the place of one of the same identity, or
// deletes that.
func (a *Agent) serviceIndication(body []byte) error {
	var d wbxml.Document
	if err := d.Decode(body, wbxml.SI); err != nil {
		return err
	}
	in, hasID, err := indicationOf(&d)
	if err != nil {
		return err
	}
	if in.expired(a.cfg.Now()) && in.Action != "delete" {
		a.counts.Discarded++
		return nil
	}
	at := slices.IndexFunc(a.indications, func(o Indication) bool { return o.ID == in.ID && in.ID != "" })
	if at >= 0 {
		if o := &a.indications[at]; !in.Created.IsZero() && in.Created.Before(o.Created) {
			a.counts.Discarded++
			return nil
		}
		a.indications = slices.Delete(a.indications, at, at+1)
	}
	switch {
	case in.Action != "delete":
		a.indications = append(a.indications, in)
	case !hasID:
		return errNoContent // it does not say what is to be deleted
	}
	return nil
}

// indicationOf is what the document says; hasID is false when href has to do.
func indicationOf(d *wbxml.Document) (in Indication, hasID bool, err error) {
	if d.Root.Name != "si" {
		return in, false, errNoContent
	}
	for i := range d.Root.Content {
		e := d.Root.Content[i].Element
		if e == nil || e.Name != "indication" {
			continue
		}
		in = Indication{ID: attr(e, "si-id"), Href: attr(e, "href"), Text: e.Text(), Action: attr(e, "action")}
		if hasID = in.ID != ""; !hasID {
			in.ID = in.Href
		}
		if in.Action == "" {
			in.Action = "signal-medium"
		}
		if in.Created, err = dateOf(e, "created"); err != nil {
			return in, hasID, err
		}
		in.Expires, err = dateOf(e, "si-expires")
		return in, hasID, err
	}
	return in, false, errNoContent
}

// dateOf reads a date-time, whose zeros at the end are left out: YYYY MM DD hh
// mm ss in packed decimal.
func dateOf(e *wbxml.Element, name string) (time.Time, error) {
	a := e.Attr(name)
	if a == nil {
		return time.Time{}, nil
	}
	var digits [14]byte
	for i := range digits {
		digits[i] = '0'
	}
	if len(a.Opaque) == 0 || len(a.Opaque) > 7 {
		return time.Time{}, errDate
	}
	for i, o := range a.Opaque {
		digits[2*i], digits[2*i+1] = '0'+(o>>4), '0'+(o&0x0f)
	}
	return time.Parse("20060102150405", string(digits[:]))
}
