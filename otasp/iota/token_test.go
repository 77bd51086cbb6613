package iota_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/otasp/iota"
)

func token(t testing.TB, octets ...byte) iota.Token {
	t.Helper()
	k, err := iota.NewToken(octets)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestToken(t *testing.T) {
	k := token(t, 0, 1, 2, 3, 4, 5, 6, 255)
	const text = "aaaqeayeaudp6" // by base32 of another program, in lower case
	if k.Text() != text {
		t.Errorf("text %s", k.Text())
	}
	u, err := k.URL("https://prov.acme.example/iota/")
	if err != nil || u != "https://prov.acme.example/iota/"+text {
		t.Errorf("%s, %v", u, err)
	}
	for _, base := range []string{"https://prov.acme.example/iota", "https://prov.acme.example/iota/"} {
		if got, err := iota.ParseTokenURL(base, u); err != nil || !got.Equal(k) {
			t.Errorf("under %s: %v", base, err)
		}
	}
	if got, err := iota.ParseToken(strings.ToUpper(text)); err != nil || !got.Equal(k) {
		t.Errorf("upper case: %v", err)
	}
	if k.Equal(token(t, 0, 1, 2, 3, 4, 5, 6, 254)) || k.Equal(token(t, 0, 1, 2, 3, 4, 5, 6, 255, 0)) || k.Equal(iota.Token{}) {
		t.Error("equal to another")
	}
	var none iota.Token
	if _, err := none.URL("https://a/"); err == nil || !none.IsZero() || none.Equal(iota.Token{}) || k.IsZero() {
		t.Error("no token is one")
	}
}

func TestTokenRefused(t *testing.T) {
	for _, n := range []int{0, 7, 33} {
		if _, err := iota.NewToken(make([]byte, n)); err == nil {
			t.Errorf("a token of %d octets", n)
		}
	}
	for _, text := range []string{
		"", "aaaqeayeaudp", "aaaqeayeaudp7", "aaaqeayeaudp6===", "aaaqeayeaud\n6", "aaaqeayeaudp6aa/", "AAAQEAYEAUD18", strings.Repeat("a", 53),
		"aaaqeayeaudp6\n",
	} {
		if _, err := iota.ParseToken(text); err == nil || strings.Contains(err.Error(), "aaaq") {
			t.Errorf("%q: %v", text, err)
		}
	}
	k := token(t, 0, 1, 2, 3, 4, 5, 6, 255)
	for _, base := range []string{"", "prov.acme.example", "ftp://a/", "https://a/?b", "https://a/#b", "https://u:p@a/", "https:///b"} {
		if u, err := k.URL(base); err == nil || u != "" {
			t.Errorf("%q: %s", base, u)
		}
		if _, err := iota.ParseTokenURL(base, base+k.Text()); err == nil {
			t.Errorf("%q is a base", base)
		}
	}
	for _, u := range []string{"https://b/aaaqeayeaudp6", "https://a/aaaqeayeaudp6/", "https://a/aaaqeayeaudp6?x", "https://a/x/aaaqeayeaudp6", "aaaqeayeaudp6"} {
		if _, err := iota.ParseTokenURL("https://a", u); err == nil {
			t.Errorf("%s is under https://a", u)
		}
	}
}

// TestTokenMasked: no verb, and no encoder, shows a token.
func TestTokenMasked(t *testing.T) {
	k := token(t, []byte("verysecret")...)
	j, err := json.Marshal(map[string]any{"a": k, "b": &k})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{
		fmt.Sprintf("%v %+v %#v %s %q %x %d", k, k, k, k, k, k, k), fmt.Sprint(&k, []iota.Token{k}, struct{ T iota.Token }{k}), k.String(), string(j),
	} {
		for _, shown := range []string{"very", k.Text(), "76657279", "118"} {
			if strings.Contains(s, shown) {
				t.Errorf("%q shows %q", s, shown)
			}
		}
		if !strings.Contains(s, "******") {
			t.Errorf("%q", s)
		}
	}
}

func TestTokenRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		octets := rapid.SliceOfN(rapid.Byte(), iota.MinToken, iota.MaxToken).Draw(t, "octets")
		other := rapid.SliceOfN(rapid.Byte(), iota.MinToken, iota.MaxToken).Draw(t, "other")
		k, _ := iota.NewToken(octets)
		got, err := iota.ParseToken(k.Text())
		if err != nil || !got.Equal(k) {
			t.Fatalf("%x: %v", octets, err)
		}
		o, _ := iota.NewToken(other)
		if k.Equal(o) != bytes.Equal(octets, other) {
			t.Fatalf("%x and %x", octets, other)
		}
	})
}

func FuzzParseToken(f *testing.F) {
	f.Add("aaaqeayeaudp6")
	f.Fuzz(func(t *testing.T, s string) {
		if k, err := iota.ParseToken(s); err == nil && k.Text() != strings.ToLower(s) {
			t.Fatalf("%q is %q", s, k.Text())
		}
	})
}
