package sccp_test

import (
	"testing"

	"github.com/otagate/otagate/ss7/sccp"
)

// TestMasked: a title may be a subscriber's number.
func TestMasked(t *testing.T) {
	for digits, want := range map[string]string{
		"16195551234": "GT 161***1234 (GTI 2, TT 9), SSN 6", "5551234": "GT *** (GTI 2, TT 9), SSN 6", "": "GT  (GTI 2, TT 9), SSN 6",
	} {
		a := sccp.Address{GlobalTitle: sccp.GlobalTitle{GTI: 2, TranslationType: 9, Digits: digits}, HasSSN: true, SSN: 6}
		if got := a.Masked(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if a.GlobalTitle.Digits != digits {
			t.Errorf("the address itself was changed: %s", a)
		}
	}
}
