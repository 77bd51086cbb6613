//go:build interop

package tshark_test

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"testing"
)

// batches are those of all encoders, with the least per cent of wrong bits that
// must be noticed. Wireshark shows no name of an SCCP parameter that it does not
// know, no spare bits, no status of an SMPP request, no data of an SMS-COMMAND, and is content with a BER
// length that goes beyond the packet; the octets of TCAP around ANSI-41 are the
// business of the batch of TCAP. Reserved bits and padding of IS-637 have a name
// that says nothing of their place, and are not compared.
func batches() map[*batch]int {
	return map[*batch]int{m3uaBatch(): 99, sccpANSI(): 96, sccpITU(): 94, tcapBatch(): 91, ansi41Batch(): 86, is683Forward(): 99, is683Reverse(): 99, smppBatch(): 91, is637Batch(): 90, tpduBatch(): 91, wspBatch(): 95}
}

// TestOverlooked judges the judge: one bit of each message is wrong, and it has
// to notice.
func TestOverlooked(t *testing.T) {
	needTshark(t)
	for b, least := range batches() {
		t.Run(b.name, func(t *testing.T) {
			const n = 1000
			random := rand.New(rand.NewPCG(uint64(*seed), 0))
			samples := b.generate(n)
			before := b.dissect(t, samples)
			places := make([]int, n)
			for i, s := range samples {
				s.packet.octets = bytes.Clone(s.packet.octets)
				places[i] = random.IntN(len(s.packet.octets))
				s.packet.octets[places[i]] ^= 1 << random.IntN(8)
			}
			after := b.dissect(t, samples)
			overlooked := 0
			for i, s := range samples {
				x, _ := b.compare(s, before[i])
				y, _ := b.compare(s, after[i])
				if reflect.DeepEqual(x, y) {
					overlooked++
					t.Logf("overlooked: octet %d of message %d, %s\n%x", places[i], i, s.kind, s.packet.octets)
				}
			}
			if noticed := 100 * (n - overlooked) / n; noticed < least {
				t.Errorf("%d of %d wrong bits are overlooked, at most %d %% may be", overlooked, n, 100-least)
			}
			result.add(row{rank: rankWrong, what: "one wrong bit in a message, " + b.name, against: "noticed; the rest Wireshark does not show", cases: n, fields: n, agreed: n - overlooked, known: overlooked})
		})
	}
}
