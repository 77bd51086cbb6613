package wbxml_test

import (
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/wappush/wbxml"
)

const vectors = "../../testdata/wbxml"

func decode(b []byte) (testvec.Message, error) {
	d := new(wbxml.Document)
	return d, d.Decode(b, nil)
}

func TestVectors(t *testing.T) { testvec.Codec(t, vectors, "wbxml", decode) }

func FuzzDocument(f *testing.F) { testvec.Fuzz(f, vectors, "wbxml", decode) }
