package omacp_test

import (
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/wappush/omacp"
)

const (
	vectors = "../../testdata/cp"
	proto   = "cp"
)

func decode(b []byte) (testvec.Message, error) {
	d := new(omacp.Document)
	if err := d.Decode(b); err != nil {
		return nil, err
	}
	return d, nil
}

func TestVectors(t *testing.T) { testvec.Codec(t, vectors, proto, decode) }

func FuzzDecode(f *testing.F) { testvec.Fuzz(f, vectors, proto, decode) }
