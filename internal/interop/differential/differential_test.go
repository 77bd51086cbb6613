package differential

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/smpp"
)

var (
	gosmppPeer = &peer{name: "gosmpp", module: "github.com/linxGnu/gosmpp", ours: ourSMPP, their: theirGosmpp, rows: gosmppRows,
		draw: drawSMPP, writes: writesSMPP(gosmppWrites), drawOctets: source.drawOctets, lengthAt: 0, vectors: "../../../testdata/smpp", least: 99}
	goSMPPPeer = &peer{name: "go-smpp", module: "github.com/fiorix/go-smpp", ours: ourSMPP, their: theirGoSMPP, rows: goSMPPRows,
		draw: drawSMPP, writes: writesSMPP(goSMPPWrites), drawOctets: source.drawOctets, lengthAt: 0, vectors: "../../../testdata/smpp", least: 99}
	goM3UAPeer = &peer{name: "go-m3ua", module: "github.com/wmnsk/go-m3ua", ours: ourM3UA, their: theirGoM3UA, rows: goM3UARows,
		draw: drawM3UA, writes: goM3UAWrites, drawOctets: source.drawM3UAOctets, lengthAt: 4, vectors: "../../../testdata/m3ua", least: 90}
	goTCAPPeer = &peer{name: "go-tcap", module: "github.com/wmnsk/go-tcap", ours: ourBER, their: theirGoTCAP, rows: goTCAPRows,
		draw: drawBER, writes: goTCAPWrites, drawOctets: source.drawBEROctets, lengthAt: noLength, least: 99}
)

func peers() []*peer { return []*peer{goM3UAPeer, gosmppPeer, goSMPPPeer, goTCAPPeer} }

func drawSMPP(s source) (octets []byte, meant fields) {
	p := s.drawPDU()
	b, err := p.Append(nil)
	if err != nil {
		panic(err) // drawPDU draws what can be encoded
	}
	return b, smppFields(p)
}

// writesSMPP draws values for a peer's encoder until it can say them.
func writesSMPP(encode func(*smpp.PDU) ([]byte, bool)) func(s source) ([]byte, fields) {
	return func(s source) ([]byte, fields) {
		for {
			p := s.drawPDU()
			if b, ok := encode(p); ok {
				return b, smppFields(p)
			}
		}
	}
}

// octets are those of the example.
func (r *row) octets(t testing.TB) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(r.example, " ", ""))
	if err != nil {
		t.Fatalf("%s: %v", r.what, err)
	}
	return b
}

// TestExamples: the octets of each row show the disagreement that it describes.
func TestExamples(t *testing.T) {
	for _, p := range peers() {
		for _, r := range p.rows {
			ds, _ := p.judge(r.octets(t), nil)
			if r.meant != nil {
				ds, _ = p.weRead(writes, r.octets(t), r.meant)
			}
			if !slices.ContainsFunc(ds, func(d *difference) bool { return p.explain(d) == r }) {
				t.Errorf("%s, %s: the example does not show it: %v", p.name, r.what, ds)
			}
		}
	}
}

// TestTheyReadOurs: what we encode is what the peer reads, and what it encodes
// again we read.
func TestTheyReadOurs(t *testing.T) {
	run(t, "our messages: they read, and write again", 1, func(p *peer, i int) ([]*difference, int) {
		return p.judge(p.draw(drawn(*seed, i)))
	})
}

// TestWeReadTheirs: what the peer encodes is what we read.
func TestWeReadTheirs(t *testing.T) {
	run(t, "their messages: we read", 1, func(p *peer, i int) ([]*difference, int) {
		var b []byte
		var meant fields
		if err := contained(func() error { b, meant = p.writes(drawn(*seed+1<<32, i)); return nil }); err != nil {
			return []*difference{{stage: writes, kind: theyFail, err: err}}, 1
		}
		return p.weRead(writes, b, meant)
	})
}

// TestBroken: broken octets both take or both refuse, and both take for the same.
func TestBroken(t *testing.T) {
	run(t, "broken octets: the same verdict and values", 10, func(p *peer, i int) ([]*difference, int) {
		s := drawn(*seed+2<<32, i)
		return p.judge(s.mutate(p.drawOctets(s), p.lengthAt), nil)
	})
}

func run(t *testing.T, what string, times int, one func(p *peer, i int) ([]*difference, int)) {
	for _, p := range peers() {
		t.Run(p.name, func(t *testing.T) {
			b := batch{peer: p.name, what: what, cases: *number * times}
			for i := range b.cases {
				ds, n := one(p, i)
				b.compared += n
				switch text := p.unexplained(ds); {
				case len(ds) == 0:
					b.agreed++
				case text == "":
					b.explained++
				default:
					if b.wrong++; b.wrong <= *show {
						t.Errorf("message %d\n%s", i, text)
					}
				}
			}
			if b.wrong > 0 {
				t.Errorf("%d of %d (seed %d) disagree, and no row explains it", b.wrong, b.cases, *seed)
			}
			result = append(result, b)
		})
	}
}

// TestOverlooked judges the judge: one bit of each message is wrong, and what
// was meant is not. The peer refuses it or reads something else, or does not
// look at that bit: the share of those has to be small.
func TestOverlooked(t *testing.T) {
	for _, p := range peers() {
		t.Run(p.name, func(t *testing.T) {
			b := batch{peer: p.name, what: "one wrong bit in our messages: noticed, or not looked at by the peer"}
			for i := range *number {
				s := drawn(*seed+3<<32, i)
				octets, meant := p.draw(s)
				if before, _ := p.judge(octets, meant); len(before) > 0 {
					continue
				}
				octets[s.IntN(len(octets))] ^= 1 << s.IntN(8)
				after, n := p.judge(octets, meant)
				b.cases++
				b.compared += n
				if len(after) > 0 {
					b.agreed++
				} else {
					b.explained++
				}
			}
			if 100*b.agreed < p.least*b.cases || b.cases == 0 {
				t.Errorf("%d of %d wrong bits are noticed; at least %d %% have to be", b.agreed, b.cases, p.least)
			}
			result = append(result, b)
		})
	}
}
