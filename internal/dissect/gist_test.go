package dissect_test

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/ss7/ansi41"
)

// TestGists prints the line of every vector.
func TestGists(t *testing.T) {
	var s strings.Builder
	for _, file := range vectorFiles(t) {
		vs, err := testvec.LoadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := range vs {
			v := &vs[i]
			if known(v.Proto) {
				g := dissect.Gister{Options: options(t, v.Args)}
				dir := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(file)), "../../testdata/")
				fmt.Fprintf(&s, "%s/%s\t%s\n", dir, v.Name, g.Gist(v.Proto, v.Octets))
			}
		}
	}
	const golden = "testdata/gists.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(s.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(s.String(), "\n")); d != "" {
		t.Errorf("the lines have changed; -update writes them:\n%s", d)
	}
}

// TestGist is what no vector shows.
func TestGist(t *testing.T) {
	for name, c := range map[string]struct{ proto, hex, want string }{
		"an error code of two octets is no ANSI-41 code": {"ansi41", "e413c70400000001e80beb09cf0100d4020181f200", "return error  private error 385"},
	} {
		b, err := hex.DecodeString(c.hex)
		if err != nil {
			t.Fatal(err)
		}
		if got := dissect.Gist(c.proto, b); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestGistOfIA5: a peer's digits may be any characters, which are no lines of ours.
func TestGistOfIA5(t *testing.T) {
	number := ansi41.E164("555\n0100", 0)
	number.Encoding = ansi41.EncodingIA5
	b := result(t, &ansi41.SMSREQResult{SMSAddress: ansi41.Some(number)})
	g := dissect.Gister{Options: dissect.Options{Operation: ansi41.SMSRequest}, Reveal: true}
	if got, want := g.Gist("ansi41", b), `smsreq result  SMS_Address "555\n0100"`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	g.Reveal = false
	if got, want := g.Gist("ansi41", b), `smsreq result  SMS_Address "55****100"`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
