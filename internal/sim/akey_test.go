package sim

import (
	"bytes"
	"math/big"
	"testing"

	"github.com/otagate/otagate/otasp/is683"
)

// TestTinyExchange is the arithmetic of a published example: P 23, G 2,
// exponents 6 and 15.
func TestTinyExchange(t *testing.T) {
	side := func(x int64) *exchange { return &exchange{p: big.NewInt(23), g: big.NewInt(2), x: big.NewInt(x)} }
	bs, ms := side(6), side(15)
	if a, b := bs.public(), ms.public(); !bytes.Equal(a, []byte{18}) || !bytes.Equal(b, []byte{16}) {
		t.Fatalf("public values %d and %d, want 18 and 16", a, b)
	}
	if !bs.agree([]byte{16}) || !ms.agree([]byte{18}) {
		t.Fatal("not agreed")
	}
	if want := [8]byte{7: 4}; bs.key != want || ms.key != want {
		t.Errorf("%x and %x, want the secret 4", bs.key, ms.key)
	}
}

func TestModulus(t *testing.T) {
	p, ok := new(big.Int).SetString(modulus768, 16)
	if !ok || p.BitLen() != 768 || !p.ProbablyPrime(20) {
		t.Fatal("no prime of 768 bits")
	}
	if q := new(big.Int).Rsh(p, 1); !q.ProbablyPrime(20) {
		t.Error("not a safe prime")
	}
}

// TestExchange: two sides with their own secrets agree; one that hears another
// value does not.
func TestExchange(t *testing.T) {
	p, _ := new(big.Int).SetString(modulus768, 16)
	var ac, ms, stranger exchange
	for _, e := range []*exchange{&ac, &ms, &stranger} {
		if code := e.begin(p.Bytes(), []byte{2}); code != is683.Accepted {
			t.Fatal(code)
		}
		if len(e.public()) != 96 {
			t.Errorf("a public value of %d octets", len(e.public()))
		}
	}
	if !ac.agree(ms.public()) || !ms.agree(ac.public()) || !stranger.agree(ac.public()) {
		t.Fatal("not agreed")
	}
	if ac.key != ms.key {
		t.Errorf("%x and %x", ac.key, ms.key)
	}
	if stranger.key == ac.key {
		t.Error("a stranger has the key")
	}
	before := ms.public()
	if ms.begin(p.Bytes(), []byte{2}); !bytes.Equal(before, ms.public()) {
		t.Error("the same values again began a new exchange")
	}
	if ms.begin([]byte{23}, []byte{2}); bytes.Equal(before, ms.public()) {
		t.Error("other values began no new exchange")
	}
}

func TestExchangeRefuses(t *testing.T) {
	for name, v := range map[string][2][]byte{
		"no modulus": {nil, {2}}, "modulus 1": {{1}, {2}}, "no generator": {{23}, nil}, "generator 0": {{23}, {0}}, "generator too large": {{23}, {23}},
	} {
		if code := new(exchange).begin(v[0], v[1]); code != is683.InvalidParameter {
			t.Errorf("%s: %s", name, code)
		}
	}
	e := exchange{p: big.NewInt(23), g: big.NewInt(2), x: big.NewInt(6)}
	for _, v := range [][]byte{nil, {0}, {23}, {0xff, 0xff}} {
		if e.agree(v) {
			t.Errorf("agreed on %x", v)
		}
	}
	if new(exchange).agree([]byte{5}) {
		t.Error("agreed before it began")
	}
}
