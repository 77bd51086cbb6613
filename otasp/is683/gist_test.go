package is683_test

import (
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/otasp/is683"
)

func TestGist(t *testing.T) {
	for _, c := range []struct{ hex, want string }{
		{"> 0102020d03471b78062390ee0240affffc0106a5551234567000", "Download Request: CDMA NAM, MDN"},
		{"< 010200000204", "Download Response: CDMA/Analog NAM accepted, CDMA NAM invalid parameter"},
		{"> 000101", "Configuration Request: MDN"},
		{"< 000101021a00008005", "Configuration Response: MDN"},
		{"< 0001040007", "Configuration Response: eHRPD IMSI BLOCK_ID not supported"},
		{"< 0901000b", "Validation Response: Verify SPC invalid SPC"},
		{"> 09010003123456", "Validation Request: Verify SPC"},
		{"> 05", "Commit Request"},
		{"< 0501", "Commit Response: unknown reason"},
		{"> 06", "Protocol Capability Request"},
		{"> 060403000102", "Protocol Capability Request: extended"},
		{"< 06010242020002020300", "Protocol Capability Response: NAM download 2, system selection 3"},
		{"< 100301024201020100", "Extended Protocol Capability Response: system selection 1"},
		{"> 07010102c8", "SSPR Configuration Request: PRL segment, 200 octets at 258"},
		{"> 0702", "SSPR Configuration Request: extended PRL dimensions"},
		{"< 07002300", "SSPR Configuration Response: PRL dimensions PRL format mismatch"},
		{"> 08010701010203aabbcc00", "SSPR Download Request: extended PRL, 3 octets at 258, last"},
		{"> 08000000", "SSPR Download Request: PRL"},
		{"< 0800000400c8", "SSPR Download Response: PRL, 200 octets at 1024, accepted"},
		{"> 020201170102", "MS Key Request: A_KEY_P_REV 2"},
		{"< 0200", "MS Key Response: accepted"},
		{"> 030401020304", "Key Generation Request"},
		{"< 030003aabbcc", "Key Generation Response: accepted"},
		{"> 0a80", "OTAPA Request: start"},
		{"> 0a00", "OTAPA Request: stop"},
		{"< 0a000111223344", "OTAPA Response: accepted, NAM locked"},
		{"> 0b00", "PUZL Configuration Request: PUZL dimensions"},
		{"< 0b000700", "PUZL Configuration Response: PUZL dimensions BLOCK_ID not supported"},
		{"< 0c01011100", "PUZL Download Response: update user zone no entries in PUZL"},
		{"> 0d03000105", "3GPD Configuration Request: operation capability, operation mode, MobileIP user profile"},
		{"< 0d010101400000", "3GPD Configuration Response: operation mode"},
		{"> 0e0100014000", "3GPD Download Request: operation mode"},
		{"< 0e010312", "3GPD Download Response: block 3 operation mode mismatch"},
		{"> 0f00", "Secure Mode Request: stop"},
		{"< 0f80", "Secure Mode Response: manufacturer's result 128"},
		{"< 11010002aabb0000", "MMD Configuration Response: MMD application parameters"},
		{"< 120100ff", "MMD Download Response: MMD application parameters reserved result 255"},
		{"> 1301123480", "System Tag Configuration Request: group tag dimensions, 128 octets at 4660"},
		{"> 1300", "System Tag Configuration Request: home tag"},
		{"< 13000700", "System Tag Configuration Response: home tag BLOCK_ID not supported"},
		{"> 14000700453178425453", "System Tag Download Request: home tag"},
		{"< 140100000020", "System Tag Download Response: group tag list, 32 octets at 0, accepted"},
		{"< 140000", "System Tag Download Response: home tag accepted"},
		{"> 15e000", "Service Key Generation Request: IMS root key, BCMCS root key, WLAN root key"},
		{"> 150000", "Service Key Generation Request: none"},
		{"< 1500", "Service Key Generation Response: accepted"},
		{"> 16020001", "MMS Configuration Request: MMS URI, MMS URI capability"},
	} {
		decode := is683.DecodeForward
		if c.hex[0] == '<' {
			decode = is683.DecodeReverse
		}
		m, err := decode(unhex(t, c.hex[2:]))
		if err != nil {
			t.Errorf("%s: %v", c.hex, err)
			continue
		}
		if got := is683.Gist(m); got != c.want {
			t.Errorf("%s: %q, want %q", c.hex, got, c.want)
		}
	}
}

// Every message has a gist that begins with its name, and none shows more
// than names and places.
func TestGistOfVectors(t *testing.T) {
	for dir, decode := range map[string]func([]byte) (is683.Message, error){
		forwardVectors: is683.DecodeForward, reverseVectors: is683.DecodeReverse,
	} {
		vs, err := testvec.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range vs {
			m, err := decode(v.Octets)
			if err != nil {
				continue // the codec test says whether that is right
			}
			g := is683.Gist(m)
			if !strings.HasPrefix(g, is683.Name(m)) || strings.ContainsRune(g, '\n') {
				t.Errorf("%s: %q", v.Name, g)
			}
			for _, secret := range []string{"123456", "5551234567", "310005551234567"} {
				if strings.Contains(g, secret) {
					t.Errorf("%s: %q shows %s", v.Name, g, secret)
				}
			}
		}
	}
}

func TestDirectionOf(t *testing.T) {
	if d := is683.DirectionOf(&is683.CommitRequest{}); d != is683.Forward || d.String() != "forward" {
		t.Errorf("request is %v", d)
	}
	if d := is683.DirectionOf(&is683.CommitResponse{}); d != is683.Reverse || d.String() != "reverse" {
		t.Errorf("response is %v", d)
	}
}
