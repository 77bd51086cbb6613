package sccp_test

import (
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/sccp"
)

const (
	ansiVectors = "../../testdata/sccp"
	ituVectors  = "../../testdata/sccp/itu"
)

func decoder(v sccp.Variant) testvec.Decoder {
	return func(b []byte) (testvec.Message, error) {
		c := wire.NewCursor("sccp", b)
		m, err := sccp.Read(&c, v)
		if err != nil {
			return nil, err
		}
		return m, nil
	}
}

func TestVectorsANSI(t *testing.T) { testvec.Codec(t, ansiVectors, "sccp", decoder(sccp.ANSI)) }
func TestVectorsITU(t *testing.T)  { testvec.Codec(t, ituVectors, "sccp", decoder(sccp.ITU)) }

func FuzzReadANSI(f *testing.F) { testvec.Fuzz(f, ansiVectors, "sccp", decoder(sccp.ANSI)) }
func FuzzReadITU(f *testing.F)  { testvec.Fuzz(f, ituVectors, "sccp", decoder(sccp.ITU)) }
