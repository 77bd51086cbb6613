package is683_test

import (
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/otasp/is683"
)

type decoder interface {
	Decode(b []byte) error
	Append(dst []byte) ([]byte, error)
}

// Messages decoded into a value that is used again, and encoded into a buffer
// that has room, cost no memory.
func TestNoAllocations(t *testing.T) {
	for h, m := range map[string]decoder{
		"0102020d03471b78062390ee0240affffc0106a5551234567000": new(is683.DownloadRequest),
		"010200000204":                         new(is683.DownloadResponse),
		"000201021a00030703471b78062390000000": new(is683.ConfigurationResponse),
		"0d020001c0000101400000":               new(is683.ThreeGPDConfigurationResponse),
		"06010242030002010202010160":           new(is683.ProtocolCapabilityResponse),
		"08010701010203aabbcc00":               new(is683.SSPRDownloadRequest),
		"0800000400c8":                         new(is683.SSPRDownloadResponse),
		"09010003123456":                       new(is683.ValidationRequest),
		"0a000111223344":                       new(is683.OTAPAResponse),
		"0f800102030405060708":                 new(is683.SecureModeRequest),
		"040448c848a2abcd":                     new(is683.ReAuthenticateResponse),
		"01010203aabbcc":                       new(is683.PRLSegment),
		"0fa00138123401400c":                   new(is683.PRLDimensions),
		"d55550":                               new(is683.SPASM),
	} {
		b, room := unhex(t, h), make([]byte, 0, 300)
		testvec.NoAllocs(t, h+" decoded", func() {
			if err := m.Decode(b); err != nil {
				t.Fatal(err)
			}
		})
		testvec.NoAllocs(t, h+" encoded", func() {
			if _, err := m.Append(room); err != nil {
				t.Fatal(err)
			}
		})
	}
}
