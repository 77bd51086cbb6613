package smpp

import "testing"

// quiet is an application that takes everything.
type quiet struct{ taken int }

func (*quiet) authenticate(*conn, *Bind) Status         { return StatusOK }
func (*quiet) bound(*conn)                              {}
func (*quiet) allow(_ int, full bool) bool              { return !full }
func (*quiet) outbind(*conn, *Outbind) Status           { return StatusOK }
func (q *quiet) deliver(_ *conn, _ *SubmitSM, r *Reply) { q.taken++; r.Respond(StatusOK, "m1") }
func (q *quiet) operation(_ *conn, _ Body, r *Reply) bool {
	q.taken++
	r.Respond(StatusOK, "m1")
	return true
}

// onTheWay is a bound connection without goroutines.
func onTheWay(t testing.TB, version uint8) (*script, *quiet) {
	s, q := newScript(RoleServer), new(quiet)
	bind, err := AppendPDU(nil, Header{Sequence: 1}, &Bind{Kind: CommandBindTransceiver, SystemID: []byte("esme"), InterfaceVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	s.handle(bind)
	s.conn.app = q
	return s, q
}

// TestNoAllocsOnTheWay: a message and its answer pass through a connection
// without an allocation, in either direction.
func TestNoAllocsOnTheWay(t *testing.T) {
	s, q := onTheWay(t, 0x34)
	message := SubmitSM{SourceAddr: []byte("2280"), DestinationAddr: []byte("12025550123"), ShortMessage: make([]byte, 140),
		TLVs: TLVs{{Tag: TagUserMessageReference, Value: []byte{0, 1}}}}
	done := statusDone(func(Status, error) { q.taken++ })
	resp := appendHeader(nil, Header{CommandID: CommandDeliverSMResp})
	data, err := AppendPDU(nil, Header{Sequence: 3}, &DataSM{TLVs: message.TLVs})
	if err != nil {
		t.Fatal(err)
	}
	submit, err := AppendPDU(nil, Header{Sequence: 2}, &message)
	if err != nil {
		t.Fatal(err)
	}
	deliver := (*DeliverSM)(&message)
	for name, way := range map[string]func(){
		"submit_sm and its response": func() { s.handle(submit) },
		"data_sm and its response":   func() { s.handle(data) },
		"deliver_sm and its response": func() {
			if err := s.enqueue(deliver, done, false); err != nil {
				t.Fatal(err)
			}
			seq := s.win.seq
			resp[12], resp[13], resp[14], resp[15] = byte(seq>>24), byte(seq>>16), byte(seq>>8), byte(seq)
			s.handle(resp)
		},
	} {
		before := q.taken
		n := testing.AllocsPerRun(200, func() { way(); s.out = s.out[:0] })
		if n != 0 || q.taken-before < 200 {
			t.Errorf("%s: %v allocations, %d came through", name, n, q.taken-before)
		}
	}
}

func BenchmarkOnTheWay(b *testing.B) {
	s, q := onTheWay(b, 0x34)
	submit, err := AppendPDU(nil, Header{Sequence: 2}, &SubmitSM{SourceAddr: []byte("2280"), DestinationAddr: []byte("12025550123"), ShortMessage: make([]byte, 140)})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.handle(submit)
		s.out = s.out[:0]
	}
	if q.taken == 0 {
		b.Error("nothing came through")
	}
}
