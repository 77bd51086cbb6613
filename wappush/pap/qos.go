package pap

// QualityOfService is quality-of-service: what a push asks for, and in reports
// what it got. The zero value is what its absence means.
type QualityOfService struct {
	Priority        Priority
	DeliveryMethod  DeliveryMethod
	Network         Network // empty: any
	NetworkRequired bool
	Bearer          Bearer // empty: any
	BearerRequired  bool
}

// ForSMS is whether a gateway that has short messages only, which no client
// confirms, can do this: CodeOK or the code to refuse it with. Which network it
// serves is for the gateway to know. q may be nil.
func (q *QualityOfService) ForSMS() Code {
	switch {
	case q == nil:
		return CodeOK
	case q.DeliveryMethod == DeliveryConfirmed:
		return CodeDeliveryMethodNotPossible
	case q.BearerRequired && q.Bearer != "" && !q.Bearer.Is(BearerAny) && !q.Bearer.Is(BearerSMS):
		return CodeBearerNotAvailable
	}
	return CodeOK
}

func (q *QualityOfService) read(r *reader) {
	q.Priority = Priority(r.enum("priority", priorities[:]))
	q.DeliveryMethod = DeliveryMethod(r.enum("delivery-method", deliveryMethods[:]))
	q.Network = Network(r.text("network"))
	q.NetworkRequired = r.flag("network-required")
	q.Bearer = Bearer(r.text("bearer"))
	q.BearerRequired = r.flag("bearer-required")
}

func (q *QualityOfService) write(w *writer) {
	w.open("quality-of-service")
	w.enum("priority", priorities[:], uint8(q.Priority))
	w.enum("delivery-method", deliveryMethods[:], uint8(q.DeliveryMethod))
	w.text("network", string(q.Network))
	w.flag("network-required", q.NetworkRequired)
	w.text("bearer", string(q.Bearer))
	w.flag("bearer-required", q.BearerRequired)
	w.empty()
}
