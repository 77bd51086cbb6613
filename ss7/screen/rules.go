package screen

import (
	"slices"
	"strconv"
	"strings"

	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// Refusal is how an operation is refused.
type Refusal uint8

// The refusals.
const (
	Discard Refusal = iota // no answer
	Reject                 // REJECT, unrecognized operation code
	Error                  // RETURN ERROR, OperationNotSupported
)

// Reason says why an operation is refused.
type Reason uint8

// The reasons.
const (
	Allowed        Reason = iota
	Stranger              // no peer has this point code and calling address
	WrongSSN              // the peer may not call from this subsystem
	WrongOperation        // the peer may not invoke this operation
	TooFast               // it may, but not so often
)

func (r Reason) String() string {
	names := [...]string{"allowed", "stranger", "wrong subsystem", "wrong operation", "too fast"}
	if int(r) < len(names) {
		return names[r]
	}
	return "reason " + strconv.Itoa(int(r))
}

// Peer is a node, or several of a kind, and what it may do. Of PointCodes and
// GTPrefixes each that is not empty must hold.
type Peer struct {
	Name string

	// PointCodes are those of the node. Without GTPrefixes a point code in the
	// calling address must be among them too; with them it is behind the node
	// that translates, and says nothing.
	PointCodes []mtp.PointCode
	GTPrefixes []string           // of the calling global title
	SSNs       []sccp.SSN         // it calls from; empty is any
	Operations []ansi41.Operation // it may invoke

	Refusal Refusal
	Rate    float64 // INVOKEs a second, refused ones too; 0 is no limit
	Burst   int     // at least 1
}

// Route is a way by which we ask, and who may answer there.
type Route struct {
	// Asked is the called address of what we send. If it routes on a subsystem
	// number, its point code may answer.
	Asked sccp.Address

	// PointCodes may answer too. A title needs them: who answers it is known to
	// the network only.
	PointCodes []mtp.PointCode
	Anybody    bool // may answer, whatever its address
}

// Rules is who may do what. Strangers is what happens to the nodes that no peer
// names; of it Refusal, Rate and Burst count.
type Rules struct {
	Peers     []Peer // the first that fits is taken
	Strangers Peer
	Routes    []Route
}

// find is the peer that an origin is, or nil.
func (r *Rules) find(from tcap.Origin) *Peer {
	for i := range r.Peers {
		if r.Peers[i].is(from) {
			return &r.Peers[i]
		}
	}
	return nil
}

func (p *Peer) is(from tcap.Origin) bool {
	a := &from.Calling
	switch {
	case len(p.PointCodes) == 0 && len(p.GTPrefixes) == 0:
		return false // a peer that nothing tells from others is nobody
	case len(p.PointCodes) > 0 && !slices.Contains(p.PointCodes, from.PointCode):
		return false
	case len(p.GTPrefixes) > 0:
		return slices.ContainsFunc(p.GTPrefixes, func(prefix string) bool {
			return a.GlobalTitle.Digits != "" && strings.HasPrefix(a.GlobalTitle.Digits, prefix)
		})
	}
	return !a.HasPointCode || slices.Contains(p.PointCodes, a.PointCode)
}

// Judge decides about an INVOKE. The peer is Strangers when none fits.
func (r *Rules) Judge(from tcap.Origin, op ansi.Operation) (*Peer, Reason) {
	p := r.find(from)
	switch {
	case p == nil:
		return &r.Strangers, Stranger
	case len(p.SSNs) > 0 && !(from.Calling.HasSSN && slices.Contains(p.SSNs, from.Calling.SSN)):
		return p, WrongSSN
	case !slices.ContainsFunc(p.Operations, func(o ansi41.Operation) bool { return op == ansi.PrivateOperation(uint8(o)) }):
		return p, WrongOperation
	}
	return p, Allowed
}

// MayAnswer decides about an answer to what was sent to asked. Both the point
// code that MTP names and the one that the calling address names, if it names
// one, must be of a node that may.
func (r *Rules) MayAnswer(asked sccp.Address, from tcap.Origin) bool {
	may := func(pc mtp.PointCode) bool {
		return asked.RouteOnSSN && asked.HasPointCode && pc == asked.PointCode ||
			slices.ContainsFunc(r.Routes, func(x Route) bool {
				return x.Asked == asked && (x.Anybody || slices.Contains(x.PointCodes, pc))
			})
	}
	a := &from.Calling
	return may(from.PointCode) && (!a.HasPointCode || may(a.PointCode))
}
