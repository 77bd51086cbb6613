package tcap

import (
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// Screen judges packages that are not INVOKEs; those are the Handler's. It is
// called with the lock of the Endpoint held: it must neither block nor come
// back. Without one every node may end a transaction whose id it knows.
type Screen interface {
	// MayAnswer tells whether a package from there may belong to a transaction
	// that was opened towards asked.
	MayAnswer(asked sccp.Address, from Origin) bool

	// Stray is told of a package that belongs to no transaction that is open
	// with its sender, or that cannot be read. It tells whether that is answered
	// as T1.114 wants. What comes late, for one of our last million of ids, is
	// not among them.
	Stray(from Origin) bool
}

// Origin is where a package came from: the node that MTP names, and the calling
// address, which is what the sender says of itself.
type Origin struct {
	PointCode mtp.PointCode
	Calling   sccp.Address
}

func origin(u *sccp.Unitdata) Origin { return Origin{u.Peer, u.Calling} }

// belongs tells whether a package is from the other end of tx.
func (e *Endpoint) belongs(tx *transaction, u *sccp.Unitdata) bool {
	if tx.incoming {
		return u.Calling == tx.key.calling && u.Peer == tx.way.unitdata.Peer
	}
	return e.cfg.Screen == nil || e.cfg.Screen.MayAnswer(tx.asked, origin(u))
}

// openWith is the open transaction that a package may belong to, or nil.
func (e *Endpoint) openWith(id ansi.TransactionID, u *sccp.Unitdata) *transaction {
	tx := e.open[id]
	if tx != nil && !e.belongs(tx, u) {
		e.count(ForeignAnswer)
		return nil
	}
	return tx
}

// stray tells whether a package that belongs nowhere is answered.
func (e *Endpoint) stray(u *sccp.Unitdata) bool {
	return e.cfg.Screen == nil || e.cfg.Screen.Stray(origin(u))
}

// returned tells whether a message that came back is one that went to where tx
// was sent. Translation of a global title changes the address on the way.
func (tx *transaction) returned(n *sccp.Notice) bool {
	a, b := tx.asked, n.Calling
	return !a.RouteOnSSN || !a.HasPointCode || !b.HasPointCode || a.PointCode == b.PointCode
}
