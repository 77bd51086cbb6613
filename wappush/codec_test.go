package wappush_test

import (
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/wappush"
)

const (
	siVectors = "../testdata/si"
	slVectors = "../testdata/sl"
)

func decodeSI(b []byte) (testvec.Message, error) {
	s := new(wappush.ServiceIndication)
	return s, s.Decode(b)
}

func decodeSL(b []byte) (testvec.Message, error) {
	s := new(wappush.ServiceLoading)
	return s, s.Decode(b)
}

func TestSIVectors(t *testing.T) { testvec.Codec(t, siVectors, "si", decodeSI) }

func TestSLVectors(t *testing.T) { testvec.Codec(t, slVectors, "sl", decodeSL) }

func FuzzSI(f *testing.F) { testvec.Fuzz(f, siVectors, "si", decodeSI) }

func FuzzSL(f *testing.F) { testvec.Fuzz(f, slVectors, "sl", decodeSL) }
