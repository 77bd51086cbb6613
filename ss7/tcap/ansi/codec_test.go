package ansi_test

import (
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

const vectors = "../../../testdata/tcap"

func decodePackage(b []byte) (testvec.Message, error) {
	c := wire.NewCursor("tcap", b)
	m, err := ansi.Read(&c)
	if err != nil {
		return nil, err
	}
	return m, nil
}

func decodeComponent(b []byte) (testvec.Message, error) {
	k := new(ansi.Component)
	if err := k.Decode(b); err != nil {
		return nil, err
	}
	return k, nil
}

func TestVectors(t *testing.T)          { testvec.Codec(t, vectors, "tcap", decodePackage) }
func TestComponentVectors(t *testing.T) { testvec.Codec(t, vectors, "tcap-component", decodeComponent) }
func FuzzPackage(f *testing.F)          { testvec.Fuzz(f, vectors, "tcap", decodePackage) }
func FuzzComponent(f *testing.F)        { testvec.Fuzz(f, vectors, "tcap-component", decodeComponent) }
