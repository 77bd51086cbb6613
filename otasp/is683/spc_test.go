package is683_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/otagate/otagate/otasp/is683"
)

func TestParseSPC(t *testing.T) {
	for _, c := range []struct {
		digits string
		order  is683.NibbleOrder
		want   is683.SPC
	}{
		{"123456", is683.HighFirst, is683.SPC{0x12, 0x34, 0x56}},
		{"123456", is683.LowFirst, is683.SPC{0x21, 0x43, 0x65}},
		{"000000", is683.HighFirst, is683.SPC{}},
		{"000000", is683.LowFirst, is683.SPC{}},
	} {
		got, err := is683.ParseSPC(c.digits, c.order)
		if err != nil || got != c.want {
			t.Errorf("ParseSPC(%s, %d): wrong octets, %v", c.digits, c.order, err)
		}
		if got.Default() != (c.digits == "000000") {
			t.Errorf("%s: Default = %t", c.digits, got.Default())
		}
	}
	for _, bad := range []string{"", "12345", "1234567", "12345a", "-12345"} {
		if _, err := is683.ParseSPC(bad, is683.HighFirst); err == nil {
			t.Errorf("ParseSPC(%q): no error", bad)
		}
	}
}

func TestSPCNeverPrintsItself(t *testing.T) {
	s := is683.SPC{0x12, 0x34, 0x56}
	j, err := json.Marshal(map[string]any{"spc": s, "at": &s})
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{s.String(), string(j), fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %x %d %s", s, s, s, s, &s, struct{ C is683.SPC }{s})} {
		if strings.ContainsAny(out, "123456789") || !strings.Contains(out, "******") {
			t.Errorf("printed %s", out)
		}
	}
}

// TestMessagesHideSecrets: a message that carries a code, a key or a shared
// secret may be printed.
func TestMessagesHideSecrets(t *testing.T) {
	secret := []byte{0x12, 0x34, 0x56}
	blocks := []is683.Block{{ID: 0, Data: secret}}
	for _, m := range []any{
		&is683.ValidationRequest{Blocks: blocks}, &is683.ThreeGPDDownloadRequest{Blocks: blocks}, &is683.DownloadRequest{Blocks: blocks},
		&is683.ConfigurationResponse{Blocks: []is683.ConfiguredBlock{{ID: 0, Data: secret}}},
		&is683.KeyGenerationRequest{BSResult: secret}, &is683.KeyGenerationResponse{MSResult: secret},
		[]is683.LayoutValue{{Items: [][]is683.LayoutValue{{{Octets: secret}}}}},
	} {
		text := fmt.Sprintf("%v %+v %#v %s %x", m, m, m, m, m)
		for _, shown := range []string{"123456", "18 52 86", "0x12, 0x34", "\x124V"} {
			if strings.Contains(text, shown) {
				t.Errorf("%T prints as %s", m, text)
			}
		}
		if !strings.Contains(text, "3 octets") {
			t.Errorf("%T prints as %s", m, text)
		}
	}
}
