package dissect

import (
	"errors"
	"fmt"
	"strings"

	"github.com/otagate/otagate/internal/sms/tpdu"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
)

// Options are what the octets do not tell. The zero value is ANSI.
type Options struct {
	Variant sccp.Variant // of sccp, and of what m3ua carries

	// Operation is what a RETURN RESULT answers, 0 when not known.
	Operation ansi41.Operation
	// Component of ansi41-set; Invoke when 0.
	Component ansi41.Component

	// Direction of sms-tpdu; told by the octets when 0.
	Direction tpdu.Direction
}

// Result is a decoded message, or as much of it as could be decoded.
type Result struct {
	Trace wire.Trace

	err  error
	form form
}

// form is the JSON of one layer.
type form func() ([]byte, error)

// Decode decodes one whole message. The result is never nil; after an error it
// has the fields up to the fault. An error in the octets is a *wire.Error.
func Decode(proto string, b []byte, opt Options) (*Result, error) {
	r := new(Result)
	p, err := find(proto)
	if err != nil {
		r.err = err
		return r, err
	}
	d := dissection{opt: opt, trace: &r.Trace}
	c := wire.NewCursorAt(proto, b, 0, d.trace)
	if r.form, r.err = p.read(&d, &c); r.err != nil && p.carrier {
		d.conceal()
	}
	return r, r.err
}

// JSON is the message for Encode. It fails with the error of Decode.
func (r *Result) JSON() ([]byte, error) {
	if r.err != nil {
		return nil, r.err
	}
	return r.form()
}

// Protocols are the names that Decode and Encode know.
func Protocols() []string {
	names := make([]string, len(protocols))
	for i := range protocols {
		names[i] = protocols[i].name
	}
	return names
}

// ErrProtocol is the error for a name that is none of [Protocols].
var ErrProtocol = errors.New("no protocol")

func find(proto string) (*protocol, error) {
	for i := range protocols {
		if protocols[i].name == proto {
			return &protocols[i], nil
		}
	}
	return nil, fmt.Errorf("%w %q: want one of %s", ErrProtocol, proto, strings.Join(Protocols(), ", "))
}
