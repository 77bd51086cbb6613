package smpp

// The operations that a Handler may take beside submit_sm, each by an
// interface of its own. One whose interface it does not have is answered with
// ESME_RINVCMDID. As with SubmitSM, the methods are called on the goroutine that
// reads the bind and must not block for long; p borrows the read buffer; and r
// is to be answered exactly once, from any goroutine.

// DataSMHandler is a Handler that takes data_sm.
type DataSMHandler interface {
	DataSM(b *BoundPeer, p *DataSM, r *Reply)
}

// SubmitMultiHandler is a Handler that takes submit_multi, which has one
// destination at least.
type SubmitMultiHandler interface {
	SubmitMulti(b *BoundPeer, p *SubmitMulti, r *MultiReply)
}

// QuerySMHandler is a Handler that takes query_sm.
type QuerySMHandler interface {
	QuerySM(b *BoundPeer, p *QuerySM, r *QueryReply)
}

// CancelSMHandler is a Handler that takes cancel_sm. The response has no
// message_id.
type CancelSMHandler interface {
	CancelSM(b *BoundPeer, p *CancelSM, r *Reply)
}

// ReplaceSMHandler is a Handler that takes replace_sm. The response has no
// message_id.
type ReplaceSMHandler interface {
	ReplaceSM(b *BoundPeer, p *ReplaceSM, r *Reply)
}

// operations are the interfaces that a Handler has; nil those it has not.
type operations struct {
	data    DataSMHandler
	multi   SubmitMultiHandler
	query   QuerySMHandler
	cancel  CancelSMHandler
	replace ReplaceSMHandler
}

func operationsOf(h Handler) (o operations) {
	o.data, _ = h.(DataSMHandler)
	o.multi, _ = h.(SubmitMultiHandler)
	o.query, _ = h.(QuerySMHandler)
	o.cancel, _ = h.(CancelSMHandler)
	o.replace, _ = h.(ReplaceSMHandler)
	return o
}

// hand hands a request to the interface for it; false when there is none.
func (o *operations) hand(b *BoundPeer, body Body, r *Reply) bool {
	switch p := body.(type) {
	case *DataSM:
		if o.data != nil {
			o.data.DataSM(b, p, r)
			return true
		}
	case *SubmitMulti:
		if o.multi != nil {
			o.multi.SubmitMulti(b, p, (*MultiReply)(r))
			return true
		}
	case *QuerySM:
		if o.query != nil {
			o.query.QuerySM(b, p, (*QueryReply)(r))
			return true
		}
	case *CancelSM:
		if o.cancel != nil {
			o.cancel.CancelSM(b, p, r)
			return true
		}
	case *ReplaceSM:
		if o.replace != nil {
			o.replace.ReplaceSM(b, p, r)
			return true
		}
	}
	return false
}
