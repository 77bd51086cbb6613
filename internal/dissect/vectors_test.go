package dissect_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/internal/sms/tpdu"
	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
)

var update = flag.Bool("update", false, "write the decoded section of every vector")

// options are the args of a vector: variant, component, operation, direction, in any order.
func options(t *testing.T, args []string) dissect.Options {
	t.Helper()
	var opt dissect.Options
	for _, a := range args {
		switch a {
		case "--variant", "--operation", "--direction":
			// The value says enough.
		case "mo", "mt":
			opt.Direction, _ = tpdu.ParseDirection(a)
		case "ansi", "itu":
			opt.Variant, _ = sccp.ParseVariant(a)
		case "invoke":
			opt.Component = ansi41.Invoke
		case "result":
			opt.Component = ansi41.ReturnResult
		default:
			op, ok := ansi41.ParseOperation(a)
			if !ok {
				t.Fatalf("args: %q is nothing that this test knows", a)
			}
			opt.Operation = op
		}
	}
	return opt
}

// vectorFiles are the vector files of every protocol of the table.
func vectorFiles(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"../../testdata/*/*.hex", "../../testdata/*/*/*.hex"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	if len(files) == 0 {
		t.Fatal("no vectors")
	}
	return files
}

func known(proto string) bool {
	for _, p := range dissect.Protocols() {
		if p == proto {
			return true
		}
	}
	return false
}

func TestVectors(t *testing.T) {
	seen := map[string]int{}
	for _, file := range vectorFiles(t) {
		vs, err := testvec.LoadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(vs))
		for i := range vs {
			if !known(vs[i].Proto) {
				texts[i] = vs[i].Decoded
				continue
			}
			seen[vs[i].Proto]++
			t.Run(vs[i].Proto+"/"+vs[i].Name, func(t *testing.T) { texts[i] = check(t, &vs[i]) })
		}
		if *update {
			write(t, file, texts)
		}
	}
	for _, p := range dissect.Protocols() {
		if seen[p] == 0 {
			t.Errorf("no vector of %s", p)
		}
	}
}

// check decodes one vector and returns what otagate decode prints for it.
func check(t *testing.T, v *testvec.Vector) string {
	r, err := dissect.Decode(v.Proto, v.Octets, options(t, v.Args))
	text := r.Trace.Text(false)
	if err != nil {
		text += "error: " + err.Error() + "\n"
	}
	if !*update {
		if d := cmp.Diff(v.Decoded, text); d != "" {
			t.Errorf("the text has changed; -update writes it:\n%s", d)
		}
	}
	if v.Fault != "" {
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != v.Fault {
			t.Errorf("want an error in %q, got %v", v.Fault, err)
		}
		return text
	}
	if err != nil {
		t.Errorf("decode: %v", err)
		return text
	}
	j, err := r.JSON()
	if err != nil {
		t.Fatalf("JSON: %v", err)
	}
	b, err := dissect.Encode(v.Proto, j)
	if err != nil {
		t.Fatalf("encode: %v\n%s", err, j)
	}
	if !bytes.Equal(b, v.Canonical) {
		t.Errorf("through JSON:\n got %x\nwant %x\n%s", b, v.Canonical, j)
	}
	return text
}

// write puts the texts into the decoded sections of a vector file.
func write(t *testing.T, file string, texts []string) {
	t.Helper()
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out, head strings.Builder
	n, inText := 0, false
	finish := func() {
		out.WriteString(strings.TrimRight(head.String(), "\n") + "\n")
		if texts[n] != "" {
			out.WriteString("\n-- decoded --\n" + texts[n])
		}
		head.Reset()
		n, inText = n+1, false
	}
	for line := range strings.Lines(string(old)) {
		switch {
		case strings.HasPrefix(line, "==="):
			finish()
			out.WriteString(line)
		case line == "-- decoded --\n":
			inText = true
		case !inText:
			head.WriteString(line)
		}
	}
	finish()
	if out.String() == string(old) {
		return
	}
	if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
