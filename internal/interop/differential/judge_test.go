package differential

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/otagate/otagate/internal/wire"
)

// field is one value of a message; fields are all of them, each name once.
type field struct{ name, value string }

type fields []field

func (f *fields) add(name, format string, args ...any) {
	*f = append(*f, field{name, fmt.Sprintf(format, args...)})
}

// absent is the value of a field that is not there.
const absent = "absent"

func (f fields) get(name string) string {
	for _, x := range f {
		if x.name == name {
			return x.value
		}
	}
	return absent
}

// reader decodes one whole message; again encodes what it has read.
type reader func(b []byte) (f fields, again func() ([]byte, error), err error)

// peer is another implementation of a protocol.
type peer struct {
	name, module string
	ours, their  reader
	rows         []*row

	draw       func(s source) (octets []byte, meant fields) // a message of our encoder
	writes     func(s source) (octets []byte, meant fields) // a message of the peer's
	drawOctets func(s source) []byte                        // what is to be broken
	lengthAt   int                                          // where the length of a message stands, or noLength
	vectors    string                                       // our own, to start fuzzing from
	least      int                                          // per cent of wrong bits that are noticed
}

// stage is the way on which a difference was found.
type stage string

const (
	reads  stage = "reads"  // the peer decodes octets
	again  stage = "again"  // what it has read it encodes again
	writes stage = "writes" // it encodes from values
)

// kind is how we and the peer differ.
type kind string

const (
	theyRefuse kind = "we take, they refuse"
	weRefuse   kind = "they take, we refuse"
	theyFail   kind = "they panic or never end"
	value      kind = "a field differs"
)

// difference is one thing that we and a peer do not see alike.
type difference struct {
	stage  stage
	kind   kind
	octets []byte
	meant  fields // what our side is of the octets; empty when we refuse
	field  string // of kind value
	ours   string
	theirs string
	err    error // of the side that refuses
}

func (d *difference) String() string {
	switch d.kind {
	case value:
		return fmt.Sprintf("%s, %s: %s is %s, theirs %s", d.stage, d.kind, d.field, d.ours, d.theirs)
	}
	return fmt.Sprintf("%s, %s: %v", d.stage, d.kind, d.err)
}

// refused is our error when it is one of the field and kind.
func (d *difference) refused(is error, names ...string) bool {
	var e *wire.Error
	return d.kind == weRefuse && errors.As(d.err, &e) && errors.Is(e, is) && (len(names) == 0 || slices.Contains(names, e.Field))
}

// row is one class of disagreements, settled.
type row struct {
	what    string
	example string // octets that show it, in hexadecimal
	meant   fields // of octets that only the peer writes
	favour  string // ours, theirs, neither
	reason  string // with the section of the standard
	is      func(d *difference) bool
	met     int
}

func (p *peer) explain(d *difference) *row {
	for _, r := range p.rows {
		if r.is(d) {
			return r
		}
	}
	return nil
}

// errFailed is what a peer's panic or endless loop becomes.
var errFailed = errors.New("the peer failed")

// patience is how long a peer may take for one message.
const patience = 20 * time.Second

// contained runs a piece of the peer's code.
func contained(f func() error) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- fmt.Errorf("%w: panic: %v", errFailed, r)
			}
		}()
		done <- f()
	}()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case err := <-done:
		return err
	case <-late.C:
		return fmt.Errorf("%w: no end after %v", errFailed, patience)
	}
}

// judge holds what the peer reads from b, and encodes again, against what was
// meant; with meant nil, against what we read.
func (p *peer) judge(b []byte, meant fields) (ds []*difference, compared int) {
	var ourErr error
	if meant == nil {
		meant, _, ourErr = p.ours(b)
	}
	var theirs fields
	var encode func() ([]byte, error)
	theirErr := contained(func() (err error) {
		theirs, encode, err = p.their(bytes.Clone(b))
		return err
	})
	d := difference{stage: reads, octets: b, meant: meant}
	switch {
	case errors.Is(theirErr, errFailed):
		d.kind, d.err = theyFail, theirErr
		return []*difference{&d}, 1
	case ourErr != nil && theirErr != nil:
		return nil, 1
	case ourErr != nil:
		d.kind, d.err, d.meant = weRefuse, ourErr, nil
		return []*difference{&d}, 1
	case theirErr != nil:
		d.kind, d.err = theyRefuse, theirErr
		return []*difference{&d}, 1
	}
	ds, compared = compare(d, theirs)
	var c []byte
	if err := contained(func() (err error) { c, err = encode(); return err }); err != nil {
		d.stage, d.kind, d.err = again, theyRefuse, err
		if errors.Is(err, errFailed) {
			d.kind = theyFail
		}
		return append(ds, &d), compared + 1
	}
	more, n := p.weRead(again, c, meant)
	return append(ds, more...), compared + n
}

// weRead holds what we read from octets of the peer against what was meant.
func (p *peer) weRead(s stage, b []byte, meant fields) ([]*difference, int) {
	d := difference{stage: s, octets: b, meant: meant}
	f, _, err := p.ours(b)
	if err != nil {
		d.kind, d.err = weRefuse, err
		return []*difference{&d}, 1
	}
	return compare(d, f)
}

// compare finds the fields that differ from what was meant.
func compare(d difference, got fields) (ds []*difference, compared int) {
	names := make([]string, 0, len(d.meant)+len(got))
	for _, f := range slices.Concat(d.meant, got) {
		if !slices.Contains(names, f.name) {
			names = append(names, f.name)
		}
	}
	for _, name := range names {
		if ours, theirs := d.meant.get(name), got.get(name); ours != theirs {
			x := d
			x.kind, x.field, x.ours, x.theirs = value, name, ours, theirs
			ds = append(ds, &x)
		}
	}
	return ds, len(names)
}

// unexplained are the differences that no row explains, for people; the rows
// that explain the others are counted.
func (p *peer) unexplained(ds []*difference) string {
	var sb strings.Builder
	for _, d := range ds {
		if r := p.explain(d); r != nil {
			r.met++
			continue
		}
		fmt.Fprintf(&sb, "\t%v\n\t%x\n", d, d.octets)
	}
	return sb.String()
}
