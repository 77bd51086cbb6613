package sim_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/tcap"
)

// headedSubmit is a submit_sm with a user data header.
func headedSubmit(t *testing.T, userData string) *smpp.SubmitSM {
	p := submit("")
	p.ESMClass, p.DataCoding, p.ShortMessage = 0x40, 4, unhex(t, userData)
	return p
}

// TestSettingsThroughTheAir: however the two short messages of a document come,
// the handset has it once.
func TestSettingsThroughTheAir(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := newStation(t, sim.SMSCConfig{Air: sim.Air{Duplicate: 0.4, Reorder: 0.4, Seed: seed}})
			a := sim.NewAgent(sim.AgentConfig{PINs: []string{"1234"}})
			s.smsc.SwitchOn("12025550123", a)
			e := s.bind()
			e.submit(headedSubmit(t, userData1))
			e.submit(headedSubmit(t, userData2))
			for range 2 {
				if r, _ := e.receipt(); r.Stat != smpp.MessageDelivered {
					t.Errorf("%+v", r)
				}
			}
			all := func() bool { return len(a.Settings()) == 1 && a.Counts().Messages == len(s.smsc.HandOvers()) }
			if err := s.smsc.Wait(s.ctx, all); err != nil {
				t.Fatalf("%v: %+v", err, a.Counts())
			}
			if n := a.Counts(); n.Datagrams != 1 || n.Duplicates != n.Messages-2 || n.MACFailures != 0 {
				t.Errorf("%+v", n)
			}
		})
	}
}

// TestPayloadToAgent: the other style, with the segmentation left to the SMSC.
func TestPayloadToAgent(t *testing.T) {
	s := newStation(t, sim.SMSCConfig{SegmentSize: 9, Air: sim.Air{Reorder: 0.5, Duplicate: 0.2, Seed: 3}})
	var seen []sim.Sight
	a := sim.NewAgent(sim.AgentConfig{Observe: func(x sim.Sight) { seen = append(seen, x) }})
	s.smsc.SwitchOn("12025550123", a)
	e := s.bind()
	p := submit("")
	p.ServiceType = []byte("WAP")
	p.TLVs = smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: unhex(t, pushSL)}}.AppendU16(smpp.TagDestinationPort, 2948).AppendU16(smpp.TagSourcePort, 9200)
	e.submit(p)
	if err := a.Wait(s.ctx, func() bool { return slices.Equal(a.Opened(), []string{"http://m.acme.example/"}) }); err != nil {
		t.Fatalf("%+v", a.Counts())
	}
	if len(seen) != 1 || seen[0].Proto != "wsp" || string(seen[0].Octets) != string(unhex(t, pushSL)) {
		t.Errorf("%+v", seen)
	}
}

// TestSARToAgent: segments by TLVs, the third style.
func TestSARToAgent(t *testing.T) {
	s := newStation(t, sim.SMSCConfig{})
	a := sim.NewAgent(sim.AgentConfig{})
	s.smsc.SwitchOn("12025550123", a)
	e := s.bind()
	push := unhex(t, pushSL)
	for i, part := range []string{string(push[20:]), string(push[:20])} {
		p := submit(part)
		p.TLVs = p.TLVs.AppendU16(smpp.TagDestinationPort, 2948).AppendU16(smpp.TagSourcePort, 9200).
			AppendU16(smpp.TagSARMsgRefNum, 7).AppendU8(smpp.TagSARTotalSegments, 2).AppendU8(smpp.TagSARSegmentSeqnum, uint8(2-i))
		e.submit(p)
	}
	if err := a.Wait(s.ctx, func() bool { return len(a.Opened()) == 1 }); err != nil {
		t.Fatalf("%+v", a.Counts())
	}
}

// TestSMDPPToAgent: a datagram in bearer data, by way of the MSC, that knocks
// for each segment until it is answered well.
func TestSMDPPToAgent(t *testing.T) {
	b := newBench(t, &sim.Script{Rules: []sim.Rule{
		{Step: "SMDPP 4100", Nth: 1, Do: sim.Refuse, Code: uint32(ansi41.CauseSMSDeliveryPostponed)},
		{Step: "SMDPP 4100", Nth: 3, Do: sim.LoseAnswer},
	}})
	a := sim.NewAgent(sim.AgentConfig{})
	b.net.Subscribe(sim.Subscriber{MIN: subscriberMIN, Phone: a})
	push := unhex(t, pushIOTA)
	for i, u := range []string{"\x00\x02\x00\x23\xf0\x0b\x84" + string(push[:20]), "\x00\x02\x01" + string(push[20:])} {
		for try := 1; ; try++ {
			o := b.ask(b.msc, b.cfg.MSC, shortMessage(t, 4100, string(wapBearer(0x77, []byte(u)))))
			var r ansi41.SMDPPResult
			if err := r.Decode(o.Parameters); err != nil {
				t.Fatal(err)
			}
			if o.Kind == tcap.OutcomeResult && !r.SMSCauseCode.OK {
				if try != 2 {
					t.Errorf("segment %d: %d tries", i, try)
				}
				break
			}
			if try == 3 {
				t.Fatalf("%s %+v", o.Kind, r)
			}
		}
	}
	want{sim.Counts{Messages: 3, Duplicates: 1, Datagrams: 1}, []string{"https://prov.acme.example/nip?s=42"}}.check(t, a)
}

// TestSwitchedOffAndOn: a centre that is switched off keeps what it has not
// reported, whether it was due or not.
func TestSwitchedOffAndOn(t *testing.T) {
	s := sim.NewSMSC(sim.SMSCConfig{
		Server:       smpp.ServerConfig{Accounts: []smpp.Account{{SystemID: "esme", PasswordHash: secretHash}}},
		ReceiptDelay: time.Hour, Log: zerolog.Nop(),
	})
	s.SwitchOn("12025550123", &inbox{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	during := func(do func(*esme)) {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		on, off := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() { ended <- s.Serve(on, ln) }()
		e := (&station{t: t, address: ln.Addr().String(), ctx: ctx}).bind()
		do(e)
		off()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		<-e.Done()
	}
	during(func(e *esme) { e.submit(submit("x")) })
	if r := s.Receipts(); len(r) != 1 || r[0].Sent != 0 {
		t.Fatalf("%+v", r)
	}
	during(func(e *esme) {
		if r, _ := e.receipt(); r.Stat != smpp.MessageDelivered {
			t.Errorf("%+v", r)
		}
		if err := s.Wait(ctx, func() bool { return s.Receipts()[0].Done }); err != nil {
			t.Error(err)
		}
	})
}

// TestSMSCObserved: what passes over the socket is seen, and who it is from.
func TestSMSCObserved(t *testing.T) {
	seen := make(chan string, 100)
	s := newStation(t, sim.SMSCConfig{Observe: func(x sim.Sight) { seen <- fmt.Sprintf("%s %s to %s %x", x.Proto, x.From, x.To, x.Octets[4:8]) }})
	e := s.bind()
	e.submit(submit("x"))
	e.receipt()
	var got []string
	for len(got) < 6 {
		select {
		case x := <-seen:
			got = append(got, x)
		case <-s.ctx.Done():
			t.Fatalf("%q", got)
		}
	}
	for _, want := range []string{"smpp otagate to SMSC 00000004", "smpp SMSC to otagate 80000004", "smpp SMSC to otagate 00000005", "smpp otagate to SMSC 80000005"} {
		if !slices.ContainsFunc(got, func(x string) bool { return strings.HasPrefix(x, want) }) {
			t.Errorf("%q was not seen, but %q", want, got)
		}
	}
}
