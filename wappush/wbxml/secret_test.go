package wbxml_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/wbxml"
)

// TestParmSecrets: the value of a secret is neither in the fields nor in the
// lines, wherever its name stands.
func TestParmSecrets(t *testing.T) {
	const secret = "62757269656e" // burien
	for name, c := range map[string]struct {
		hex  string
		open bool
	}{
		"a password":         {"87 0E 06 03" + secret + "00 01", false},
		"before its name":    {"87 06 03" + secret + "00 0E 01", false},
		"the second name":    {"87 07 0E 06 03" + secret + "00 01", false},
		"a vendor's":         {"87 05 034B455900 06 03" + secret + "00 01", false},
		"a name of octets":   {"87 05 C303505744 06 03" + secret + "00 01", false},
		"no name":            {"87 06 03" + secret + "00 01", false},
		"anything else":      {"87 07 06 03" + secret + "00 01", true},
		"of another element": {"86 06 03" + secret + "00 01", true},
	} {
		b, err := hex.DecodeString(strings.ReplaceAll("030B6A0045"+c.hex+"01", " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		var tr wire.Trace
		cur := wire.NewCursorAt("wbxml", b, 0, &tr)
		d, err := wbxml.Read(&cur)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		lines := ""
		for _, l := range d.Lines() {
			lines += l.Text
		}
		text := tr.Text(false)
		if strings.Contains(lines, "burien") != c.open || strings.Contains(text, "burien") != c.open {
			t.Errorf("%s: want to see it %t\n%s\n%s", name, c.open, lines, text)
		}
	}
}
