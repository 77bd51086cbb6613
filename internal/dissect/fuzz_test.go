package dissect_test

import (
	"bytes"
	"testing"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/internal/testvec"
)

// FuzzDecode wants that nothing panics, that a message which decodes has a
// JSON form, and that encoding is stable from there on.
func FuzzDecode(f *testing.F) {
	names := dissect.Protocols()
	for _, file := range vectorFiles(f) {
		vs, err := testvec.LoadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for i := range vs {
			for n, name := range names {
				if name == vs[i].Proto && len(vs[i].Octets) < 500 {
					f.Add(n, vs[i].Octets)
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, n int, b []byte) {
		if n < 0 || n >= len(names) {
			return
		}
		proto := names[n]
		r, err := dissect.Decode(proto, b, dissect.Options{})
		for _, field := range r.Trace.Fields {
			if field.Off < 0 || field.Off+field.Len > len(b) || field.Depth < 0 {
				t.Errorf("field outside of the message: %+v", field)
			}
		}
		_ = dissect.Gist(proto, b)
		if err != nil {
			return
		}
		j, err := r.JSON()
		if err != nil {
			t.Fatalf("JSON: %v", err)
		}
		once, err := dissect.Encode(proto, j)
		if err != nil {
			t.Fatalf("encode: %v\n%s", err, j)
		}
		again, err := dissect.Decode(proto, once, dissect.Options{})
		if err != nil {
			t.Fatalf("%x gave %x, which does not decode: %v", b, once, err)
		}
		j, err = again.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := dissect.Encode(proto, j); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("not stable: %x, then %x (%v)", once, twice, err)
		}
	})
}
