package is637_test

import (
	"testing"

	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/testvec"
)

// The short way ends where the long one does, with the same words.
func TestDeliverLimits(t *testing.T) {
	for n := 250; n < 260; n++ {
		d, userData := is637.Deliver{ID: 1}, make([]byte, n)
		b := d.Bearer(userData)
		err := testvec.SameAppend(func(dst []byte) ([]byte, error) { return d.Append(dst, userData) }, b.Append)
		if err != nil {
			t.Errorf("%d octets: %v", n, err)
		}
	}
}
