package differential

import (
	"testing"

	"github.com/otagate/otagate/internal/testvec"
)

// FuzzDifferentialSMPP looks for octets that we and gosmpp or go-smpp do not
// see alike, and that no row explains.
func FuzzDifferentialSMPP(f *testing.F) { fuzz(f, "smpp", gosmppPeer, goSMPPPeer) }

// FuzzDifferentialM3UA is the same with go-m3ua.
func FuzzDifferentialM3UA(f *testing.F) { fuzz(f, "m3ua", goM3UAPeer) }

// fuzz begins with our vectors, the good and the bad, and with the examples of
// the rows.
func fuzz(f *testing.F, proto string, peers ...*peer) {
	vs, err := testvec.LoadProto(peers[0].vectors, proto)
	if err != nil {
		f.Fatal(err)
	}
	for _, v := range vs {
		f.Add(v.Octets)
	}
	for _, p := range peers {
		for _, r := range p.rows {
			if b := r.octets(f); len(b) < 2000 {
				f.Add(b)
			}
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, p := range peers {
			ds, _ := p.judge(b, nil)
			for _, d := range ds {
				if p.explain(d) == nil {
					t.Errorf("%s: %v\n\t%x", p.name, d, d.octets)
				}
			}
		}
	})
}
