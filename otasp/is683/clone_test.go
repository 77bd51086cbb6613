package is683_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/otasp/is683"
)

// Clone's result survives the buffer it was decoded from, for every message
// that has a Clone; a message without one must not look into the buffer.
func TestCloneOwnsItsOctets(t *testing.T) {
	for dir, decode := range map[string]func([]byte) (is683.Message, error){
		forwardVectors: is683.DecodeForward, reverseVectors: is683.DecodeReverse,
	} {
		vs, err := testvec.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range vs {
			want, err := decode(v.Octets)
			if err != nil {
				continue // the codec test says whether that is right
			}
			poisoned := append([]byte(nil), v.Octets...)
			m, err := decode(poisoned)
			if err != nil {
				t.Fatal(err)
			}
			kept := m
			if clone := reflect.ValueOf(m).MethodByName("Clone"); clone.IsValid() {
				kept = clone.Call(nil)[0].Interface().(is683.Message)
			}
			for i := range poisoned {
				poisoned[i] = 0xdb
			}
			if d := cmp.Diff(want, kept); d != "" {
				t.Errorf("%s (-want +kept):\n%s", v.Name, d)
			}
		}
	}
}
