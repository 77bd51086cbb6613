package gsm7_test

import (
	"testing"

	"github.com/otagate/otagate/internal/sms/gsm7"
)

// FuzzText wants that any septets are a text, and the septets of that text a
// text equal to it.
func FuzzText(f *testing.F) {
	for _, s := range []string{"hello", "\x1b\x65\x1b", "\x00\x1b\x1b\x20"} {
		f.Add([]byte(s), byte(0), byte(0))
		f.Add([]byte(s), byte(3), byte(2))
	}
	f.Fuzz(func(t *testing.T, septets []byte, locking, single byte) {
		a := gsm7.Alphabet{Locking: gsm7.Language(locking), Single: gsm7.Language(single)}
		text, err := a.AppendText(nil, septets)
		if err != nil {
			return
		}
		canonical, err := a.Append(nil, string(text))
		if err != nil {
			t.Fatalf("%x is %q: %v", septets, text, err)
		}
		again, err := a.AppendText(nil, canonical)
		if err != nil || string(again) != string(text) {
			t.Fatalf("%q, then %q (%v)", text, again, err)
		}
		if n, ok := a.Len(string(text)); !ok || n != len(canonical) {
			t.Fatalf("%q: length %d, %t, of %d", text, n, ok, len(canonical))
		}
	})
}
