package is683_test

import (
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/otasp/is683"
)

const (
	forwardVectors = "../../testdata/is683-fwd"
	reverseVectors = "../../testdata/is683-rev"
	protoForward   = "is683-fwd"
	protoReverse   = "is683-rev"
)

func decodeForward(b []byte) (testvec.Message, error) { return is683.DecodeForward(b) }

func decodeReverse(b []byte) (testvec.Message, error) { return is683.DecodeReverse(b) }

func TestForwardVectors(t *testing.T) { testvec.Codec(t, forwardVectors, protoForward, decodeForward) }

func TestReverseVectors(t *testing.T) { testvec.Codec(t, reverseVectors, protoReverse, decodeReverse) }

func FuzzForward(f *testing.F) { testvec.Fuzz(f, forwardVectors, protoForward, decodeForward) }

func FuzzReverse(f *testing.F) { testvec.Fuzz(f, reverseVectors, protoReverse, decodeReverse) }
