package ansi41_test

import (
	"strings"
	"testing"

	"github.com/otagate/otagate/ss7/ansi41"
)

// TestErrorsHideNumbers: what is no number may still be somebody's, and errors
// go into logs and records.
func TestErrorsHideNumbers(t *testing.T) {
	const wrong = "55512345678901234567"
	parse := map[string]func(string) error{
		"MIN":  func(s string) error { _, err := ansi41.ParseMIN(s); return err },
		"TRN":  func(s string) error { _, err := ansi41.ParseTRN(s); return err },
		"ESN":  func(s string) error { _, err := ansi41.ParseESN(s); return err },
		"MEID": func(s string) error { _, err := ansi41.ParseMEID(s); return err },
		"IMSI": func(s string) error { _, err := ansi41.ParseIMSI(s); return err },
	}
	for name, f := range parse {
		if err := f(wrong); err == nil || strings.Contains(err.Error(), "555") || !strings.Contains(err.Error(), name+" of 20 characters") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, v := range map[string]interface{ UnmarshalText([]byte) error }{"MIN": new(ansi41.MIN), "TRN": new(ansi41.TRN), "IMSI": new(ansi41.IMSI)} {
		if err := v.UnmarshalText([]byte(wrong)); err == nil || strings.Contains(err.Error(), "555") {
			t.Errorf("%s as JSON: %v", name, err)
		}
	}
}
