package gateway

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/otasp"
)

// callOf draws a call as far as it is the gateway's own; the machine's state
// has its tests in its package.
func callOf(t *rapid.T) call {
	text := rapid.StringN(0, 40, 60)
	addr := func(name string) address {
		return address{TON: rapid.Uint8().Draw(t, name), NPI: rapid.Uint8().Draw(t, name), Addr: text.Draw(t, name)}
	}
	c := call{
		id: rapid.Uint64().Draw(t, "id"), began: time.UnixMilli(rapid.Int64Range(0, 1<<42).Draw(t, "began")),
		origin: origin{
			Account: text.Draw(t, "account"), Source: addr("source"), Destination: addr("destination"),
			Corr: text.Draw(t, "corr"), Receipt: rapid.Uint8().Draw(t, "receipt"),
		},
	}
	c.otasp.Trigger = otasp.Trigger{TRN: "2222220000", MSC: text.Draw(t, "msc"), ActivationMIN: "6191230000", Rand: rapid.Uint32().Draw(t, "rand")}
	c.otasp, _ = c.otasp.Step(otasp.Event{Kind: otasp.Start, At: c.began, Trigger: &c.otasp.Trigger}, nil)
	return c
}

func TestCallStateRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := callOf(t)
		b, err := want.append([]byte("before"))
		if err != nil {
			t.Fatal(err)
		}
		b = bytes.TrimPrefix(b, []byte("before"))
		var got call
		if err := got.decode(b); err != nil {
			t.Fatal(err)
		}
		again, err := got.append(nil)
		if err != nil || !bytes.Equal(b, again) {
			t.Fatalf("%v\n%x\n%x", err, b, again)
		}
		for i := range b {
			b[i] = 0xee // what is read must not borrow
		}
		if got.id != want.id || !got.began.Equal(want.began) {
			t.Errorf("%d %v, want %d %v", got.id, got.began, want.id, want.began)
		}
		if d := cmp.Diff(want.origin, got.origin); d != "" {
			t.Error(d)
		}
		if got.otasp.Phase != want.otasp.Phase || got.otasp.Trigger.MSC != want.otasp.Trigger.MSC {
			t.Errorf("%+v", got.otasp)
		}
	})
}

// TestCallStateLong: an address longer than a stored string may be is cut and
// does not shift what follows.
func TestCallStateLong(t *testing.T) {
	c := call{id: 1, origin: origin{Account: "ivr", Corr: string(bytes.Repeat([]byte("x"), 300)), Receipt: 2}}
	b, err := c.append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var got call
	if err := got.decode(b); err != nil {
		t.Fatal(err)
	}
	if len(got.origin.Corr) != 255 || got.origin.Receipt != 2 || got.origin.Account != "ivr" {
		t.Errorf("%+v", got.origin)
	}
}

func TestCallStateTruncated(t *testing.T) {
	c := call{id: 1, origin: origin{Account: "ivr"}}
	b, err := c.append(nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := range b {
		if err := new(call).decode(b[:n]); err == nil {
			t.Errorf("cut to %d of %d octets: no error", n, len(b))
		}
	}
}

// FuzzCallState: whatever is in the store, reading it does not panic, and what
// it accepts it writes again.
func FuzzCallState(f *testing.F) {
	c := *sessionCall()
	f.Add([]byte{})
	for _, seed := range []call{{}, c} {
		b, err := seed.append(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	c.otasp.HasOrder = true
	b, err := c.append(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var c call
		if err := c.decode(b); err != nil {
			return
		}
		if _, err := c.append(nil); err != nil {
			t.Fatalf("read %x and cannot write it: %v", b, err)
		}
	})
}
