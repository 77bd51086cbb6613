package sim_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testvec"
)

// cutters make segments the way of each bearer; number counts from 0.
func cutters() map[string]func(ref uint16, number, total int, octets []byte) sim.ShortMessage {
	const from = "2280"
	ports := []byte{5, 4, 0x0f, 0xa0, 0x23, 0xf0}
	gsm := func(concatenation []byte, octets []byte, portsFirst bool) sim.ShortMessage {
		h := append(bytes.Clone(concatenation), ports...)
		if portsFirst {
			h = append(bytes.Clone(ports), concatenation...)
		}
		return sim.ShortMessage{From: from, UDHI: true, Octets: append(append([]byte{byte(len(h))}, h...), octets...)}
	}
	return map[string]func(uint16, int, int, []byte) sim.ShortMessage{
		"8 bits": func(ref uint16, number, total int, octets []byte) sim.ShortMessage {
			return gsm([]byte{0, 3, byte(ref), byte(total), byte(number + 1)}, octets, false)
		},
		"16 bits": func(ref uint16, number, total int, octets []byte) sim.ShortMessage {
			return gsm([]byte{8, 4, byte(ref >> 8), byte(ref), byte(total), byte(number + 1)}, octets, true)
		},
		"SAR": func(ref uint16, number, total int, octets []byte) sim.ShortMessage {
			return sim.ShortMessage{From: from, Ports: &sim.Ports{Source: 9200, Destination: 4000}, SAR: &sim.SAR{Reference: ref, Total: uint8(total), Number: uint8(number + 1)}, Octets: octets}
		},
		"IS-637": func(ref uint16, number, total int, octets []byte) sim.ShortMessage {
			u := []byte{0, byte(total), byte(number)}
			if number == 0 {
				u = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(u, 9200), 4000)
			}
			return sim.ShortMessage{From: from, Teleservice: 4100, Octets: wapBearer(ref, append(u, octets...))}
		},
	}
}

// TestReassembly: segments in any order, some of them more than once, are
// exactly one datagram. While one is missing they are none, and in the end one
// that was dropped.
func TestReassembly(t *testing.T) {
	for name, cut := range cutters() {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { reassemble(t, cut) })
		})
	}
}

func reassemble(t *rapid.T, cut func(uint16, int, int, []byte) sim.ShortMessage) {
	now := time.Now()
	a := sim.NewAgent(sim.AgentConfig{Timeout: time.Minute, Now: func() time.Time { return now }})
	total := rapid.IntRange(1, 12).Draw(t, "total")
	ref := rapid.Uint16().Draw(t, "reference")
	var whole []byte
	var all []sim.ShortMessage
	for i := range total {
		octets := rapid.SliceOfN(rapid.Byte(), 1, 60).Draw(t, "octets")
		whole = append(whole, octets...)
		all = append(all, cut(ref, i, total, octets))
	}
	order := rapid.Permutation(all).Draw(t, "order")
	last := order[total-1] // is missing at first
	order = order[:total-1]
	if total > 1 {
		order = append(order, rapid.SliceOfN(rapid.SampledFrom(order), 0, 5).Draw(t, "again")...)
	}
	for _, m := range order {
		a.Receive(m)
	}
	if n := a.Counts(); n.Datagrams != 0 || n.Duplicates != len(order)-(total-1) || n.Malformed != 0 {
		t.Fatalf("without one segment: %+v", n)
	}
	if rapid.Bool().Draw(t, "lost") {
		now = now.Add(time.Minute)
		if n := a.Counts(); n.Datagrams != 0 || n.Incomplete != min(total-1, 1) {
			t.Fatalf("%+v", n)
		}
		return
	}
	a.Receive(last)
	for _, m := range append(order, last) {
		a.Receive(m)
	}
	u := a.Unknown()
	if len(u) != 1 || !bytes.Equal(u[0].Octets, whole) || u[0].Ports != (sim.Ports{Source: 9200, Destination: 4000}) || u[0].From != "2280" {
		t.Fatalf("%+v, want %x", u, whole)
	}
	if n := a.Counts(); n.Datagrams != 1 || n.Duplicates+1 != n.Messages-(total-1) || n.Incomplete != 0 {
		t.Fatalf("%+v", n)
	}
}

// FuzzAgent: no short message and no push is too strange.
func FuzzAgent(f *testing.F) {
	for _, dir := range []string{"wsp", "dm", "cp", "wbxml", "udh", "is637-bearer"} {
		vs, err := testvec.Load("../../testdata/" + dir)
		if err != nil {
			f.Fatal(err)
		}
		for _, v := range vs {
			for teleservice := range []uint16{0, 1, 2, 3, 4} {
				f.Add(uint16(teleservice), v.Octets)
			}
		}
	}
	f.Fuzz(func(t *testing.T, way uint16, b []byte) {
		a := sim.NewAgent(sim.AgentConfig{IMSI: "310150123456789", PINs: []string{"1", "2"}, Unsigned: true, DM: map[string]sim.DMAccount{"": {}}})
		m := sim.ShortMessage{Octets: b, DataCoding: uint8(way >> 8)}
		switch way % 5 {
		case 0:
			m.Ports = &sim.Ports{Destination: 2948}
		case 1:
			m.UDHI = true
		case 2:
			m.Teleservice = 4100
		case 3:
			m.Teleservice = 4101
		case 4:
			m.Teleservice = 65002
		}
		for range 2 {
			a.Receive(m)
		}
		n := a.Counts()
		sum := len(a.Texts()) + len(a.Indications()) + len(a.Opened()) + len(a.Cached()) + len(a.Settings()) + len(a.DMSessions()) + len(a.Unknown())
		if sum > 2 || n.Messages != 2 || n.Datagrams > 2 {
			t.Errorf("%d things of %+v", sum, n)
		}
	})
}
