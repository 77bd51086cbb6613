package pap

import (
	"strconv"
	"strings"
	"time"

	"github.com/otagate/otagate/wappush/xmldoc"
)

// reader reads the attributes of one element and keeps the first fault.
type reader struct {
	e   *xmldoc.Element
	err error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = r.e.Errorf(format, args...)
	}
}

// text is an attribute, empty when there is none.
func (r *reader) text(name string) string {
	s, _ := r.e.Attr(name)
	return s
}

// need is an attribute that must be there, with something in it.
func (r *reader) need(name string) string {
	s := r.text(name)
	if s == "" {
		r.fail("no %s", name)
	}
	return s
}

// timeForms are how times come. The standard has the first, in UTC; some send
// another zone, leave it to be guessed or have no seconds.
var timeForms = [...]string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z"}

// time is zero when there is none.
func (r *reader) time(name string) time.Time {
	s := strings.TrimSpace(r.text(name))
	if s == "" {
		return time.Time{}
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC()
		}
	}
	r.fail("%s: want a time like 2006-01-02T15:04:05Z", name)
	return time.Time{}
}

func (r *reader) code() Code {
	n, err := strconv.ParseUint(strings.TrimSpace(r.need("code")), 10, 16)
	if c := Code(n); err == nil && c >= minCode && c <= maxCode {
		return c
	}
	r.fail("code: want a number of four digits")
	return 0
}

func (r *reader) flag(name string) bool {
	switch s := strings.TrimSpace(r.text(name)); {
	case strings.EqualFold(s, "true"):
		return true
	case s != "" && !strings.EqualFold(s, "false"):
		r.fail("%s: want true or false", name)
	}
	return false
}

// enum is a word of a list; without the attribute it is the first.
func (r *reader) enum(name string, list []string) uint8 {
	s := strings.TrimSpace(r.text(name))
	if s == "" {
		return 0
	}
	n, ok := find(list, s)
	if !ok {
		r.fail("%s: want one of %s", name, strings.TrimLeft(strings.Join(list, ", "), ", "))
	}
	return n
}

func (r *reader) state() MessageState {
	r.need("message-state")
	return MessageState(r.enum("message-state", states[:]))
}

// children calls f for each element inside; those that f does not know it passes
// over.
func (r *reader) children(f func(c *xmldoc.Element)) {
	err := r.e.Children(func(c *xmldoc.Element) error {
		f(c)
		return r.err
	})
	if r.err == nil {
		r.err = err
	}
}

// take keeps the fault of a reader of an element inside.
func (r *reader) take(inner *reader) {
	if r.err == nil {
		r.err = inner.err
	}
}

func (r *reader) address(c *xmldoc.Element) Address {
	inner := reader{e: c}
	a := Address(inner.need("address-value"))
	r.take(&inner)
	return a
}

// addresses reads the addresses and the quality of service among the elements
// inside; qos may be nil.
func (r *reader) addresses(qos **QualityOfService) (all []Address) {
	r.children(func(c *xmldoc.Element) {
		switch {
		case c.Name == "address":
			all = append(all, r.address(c))
		case c.Name == "quality-of-service" && qos != nil:
			inner := reader{e: c}
			*qos = new(QualityOfService)
			(*qos).read(&inner)
			r.take(&inner)
		}
	})
	return all
}

// one is the only address of an element.
func (r *reader) one(qos **QualityOfService) Address {
	all := r.addresses(qos)
	if len(all) != 1 {
		r.fail("%d addresses; want one", len(all))
		return ""
	}
	return all[0]
}
