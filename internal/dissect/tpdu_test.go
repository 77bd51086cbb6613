package dissect_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/internal/sms/tpdu"
)

// Octets that read as both are another message in the other direction.
func TestDirection(t *testing.T) {
	b := octets(t, "0004912143"+"0004"+"42211281816400"+"73"+strings.Repeat("00", 115))
	for d, want := range map[tpdu.Direction]string{
		tpdu.Either:           "SMS-DELIVER from +1234, 8 bit, 115 octets",
		tpdu.MobileTerminated: "SMS-DELIVER from +1234, 8 bit, 115 octets",
		tpdu.MobileOriginated: "SMS-DELIVER-REPORT acknowledged, 7 bit, 145 septets",
	} {
		g := dissect.Gister{Options: dissect.Options{Direction: d}}
		if got := g.Gist("sms-tpdu", b); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
		r := decode(t, "sms-tpdu", b, g.Options)
		name, _, _ := strings.Cut(want, " ")
		if field(t, r, name).Off != 0 {
			t.Errorf("%v: no %s", d, name)
		}
		j, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := dissect.Encode("sms-tpdu", j); err != nil || !bytes.Equal(again, b) {
			t.Errorf("%v: %x, %v by way of %s", d, again, err, j)
		}
	}
}

// Text is shown to who decodes, not in a gist; numbers are masked there.
func TestTPDUGist(t *testing.T) {
	b := octets(t, "040b912143658709f10000422112818164000ac8329bfd065ddf7236")
	text := decode(t, "sms-tpdu", b, dissect.Options{}).Trace.Text(false)
	if !strings.Contains(text, "Hello Worl") || !strings.Contains(text, "+12345678901") {
		t.Errorf("the text shows no text or no number:\n%s", text)
	}
	for reveal, want := range map[bool]string{
		false: "SMS-DELIVER from +12*****8901, 7 bit, 10 septets",
		true:  "SMS-DELIVER from +12345678901, 7 bit, 10 septets",
	} {
		if got := (dissect.Gister{Reveal: reveal}).Gist("sms-tpdu", b); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
