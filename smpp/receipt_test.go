package smpp_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/smpp"
)

func TestReceiptText(t *testing.T) {
	r := smpp.Receipt{ID: "0123456789", Sub: 1, Dlvrd: 1, Stat: smpp.MessageDelivered, Text: "the first twenty octets and no more",
		SubmitDate: time.Date(2026, 11, 25, 12, 0, 59, 0, time.UTC), DoneDate: time.Date(2026, 11, 25, 12, 1, 0, 0, time.UTC)}
	got, err := r.Append(nil)
	want := "id:0123456789 sub:001 dlvrd:001 submit date:2611251200 done date:2611251201 stat:DELIVRD err:000 text:the first twenty oct"
	if err != nil || string(got) != want {
		t.Fatalf("got  %s (%v)\nwant %s", got, err, want)
	}
	for _, bad := range []smpp.Receipt{
		{}, {ID: "a b"}, {ID: "1", Sub: 1000}, {ID: "1", Dlvrd: -1}, {ID: "1", Stat: 77}, {ID: "1", Err: "1234"},
	} {
		if got, err := bad.Append(nil); err == nil {
			t.Errorf("%+v became %s", bad, got)
		}
	}
}

func TestParseReceiptVariants(t *testing.T) {
	noon := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]smpp.Receipt{
		"id:7 sub:001 dlvrd:000 submit date:2611251200 done date:2611251200 stat:UNDELIV err:01f text:": {
			ID: "7", Sub: 1, SubmitDate: noon, DoneDate: noon, Stat: smpp.MessageUndeliverable, Err: "01f"},
		"id:4ae4b3ac-1d5c-4a0e-9a36-3c2a4e1f6c55 submit date:261125120000 done date:20261125120000 stat:delivrd Text:hello id:9": {
			ID: "4ae4b3ac-1d5c-4a0e-9a36-3c2a4e1f6c55", SubmitDate: noon, DoneDate: noon, Stat: smpp.MessageDelivered, Text: "hello id:9"},
		"stat:EXPIRED  vendor:x7  id:00024 ": {ID: "00024", Stat: smpp.MessageExpired},
		"\x00i\x00d\x00:\x007\x00 \x00s\x00t\x00a\x00t\x00:\x00D\x00E\x00L\x00I\x00V\x00R\x00D\x00 \x00t\x00e\x00x\x00t\x00:\x04\x1f\x00!": {
			ID: "7", Stat: smpp.MessageDelivered, Text: "П!"}, // in UCS2
		"id:1 stat:WHATEVER done date:soon": {ID: "1", Stat: smpp.MessageUnknown},
		"id:1 stat:Delivered text:text:":    {ID: "1", Stat: smpp.MessageDelivered, Text: "text:"},
	} {
		got, err := smpp.ParseReceipt([]byte(text), nil)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q:\n%s", text, d)
		}
	}
	for _, text := range []string{"", "hello world", "\x00i", "\x00i\x00d\x00:", "\x00\x00", "sub:001 text:id:5"} {
		_, err := smpp.ParseReceipt([]byte(text), nil)
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != "id" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestReceiptOfManyFields: a field costs what it is long, not what comes after
// it, so that a peer cannot make a receipt of its size squared.
func TestReceiptOfManyFields(t *testing.T) {
	allocs := func(fields int) float64 {
		text := append(bytes.Repeat([]byte("x:1 "), fields), "id:7"...)
		return testing.AllocsPerRun(10, func() {
			if r, err := smpp.ParseReceipt(text, nil); err != nil || r.ID != "7" {
				t.Fatal(r, err)
			}
		})
	}
	if few, many := allocs(10), allocs(10000); few != many {
		t.Errorf("10 fields take %v allocations, 10000 take %v", few, many)
	}
}

// TestReceiptKeysAreASCII: a letter that Unicode folds to one of ASCII is not
// that letter.
func TestReceiptKeysAreASCII(t *testing.T) {
	for _, key := range []string{"\u017ftat", "\u017fta", "\u017fub", "\u017fu"} {
		r, err := smpp.ParseReceipt([]byte("ID:1 Stat:EXPIRED sUB:2 "+key+":DELIVRD"), nil)
		if want := (smpp.Receipt{ID: "1", Sub: 2, Stat: smpp.MessageExpired}); err != nil || r != want {
			t.Errorf("%s: %+v, %v", key, r, err)
		}
	}
}

func TestReceiptRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minute := func(name string) time.Time {
			return time.Unix(60*rapid.Int64Range(16e6, 50e6).Draw(t, name), 0).UTC()
		}
		r := smpp.Receipt{
			ID:  rapid.StringMatching(`[0-9A-Za-z-]{1,64}`).Draw(t, "id"),
			Sub: rapid.IntRange(0, 999).Draw(t, "sub"), Dlvrd: rapid.IntRange(0, 999).Draw(t, "dlvrd"),
			SubmitDate: minute("submit date"), DoneDate: minute("done date"),
			Stat: smpp.MessageState(rapid.IntRange(0, 9).Draw(t, "stat")), Err: rapid.StringMatching(`[0-9A-F]{3}`).Draw(t, "err"),
			Text: string(rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "text")),
		}
		b, err := r.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := smpp.ParseReceipt(b, nil)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(r, got); d != "" {
			t.Fatalf("%s\n%s", b, d)
		}
	})
}

func FuzzParseReceipt(f *testing.F) {
	f.Add([]byte("id:7 sub:001 dlvrd:000 submit date:2611251200 done date:2611251200 stat:UNDELIV err:01f text:x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := smpp.ParseReceipt(b, nil); err == nil && r.ID == "" {
			t.Fatal("a receipt without id")
		}
	})
}

func TestReceiptTLVs(t *testing.T) {
	want := &smpp.NetworkError{NetworkType: 2, Code: 0x1234}
	tl := smpp.AppendReceiptTLVs(nil, "m1", smpp.MessageRejected, want)
	id, state, network, ok := smpp.ReceiptTLVs(tl)
	if !ok || id != "m1" || state != smpp.MessageRejected || *network != *want {
		t.Errorf("%q %s %+v %v", id, state, network, ok)
	}
	if v, _ := tl.Find(smpp.TagReceiptedMessageID); string(v) != "m1\x00" {
		t.Errorf("receipted_message_id %q", v)
	}
	if _, _, _, ok := smpp.ReceiptTLVs(nil); ok {
		t.Error("found in nothing")
	}
}

// TestPassword checks the hash that a command line makes against a bind, and
// that two hashes of a password differ.
func TestPassword(t *testing.T) {
	a, err := smpp.HashPassword("secret")
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := smpp.HashPassword("secret"); a == b {
		t.Error("the salt is always the same")
	}
	v, err := smpp.NewVerifier(a)
	if err != nil {
		t.Fatal(err)
	}
	if !v.Matches([]byte("secret")) || v.Matches([]byte("Secret")) || v.Matches(nil) {
		t.Error("the hash matches another password, or not its own")
	}
	if _, err := smpp.NewVerifier("secret"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("no hash: %v", err)
	}
	for _, bad := range []string{"", "a\x00b", string(make([]byte, 256))} {
		if _, err := smpp.HashPassword(bad); err == nil {
			t.Errorf("%q was hashed", bad)
		}
	}
}
