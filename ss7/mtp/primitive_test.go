package mtp_test

import (
	"testing"

	"github.com/otagate/otagate/ss7/mtp"
)

// TestNumbers: these go over the wire as they are.
func TestNumbers(t *testing.T) {
	tests := []struct {
		name      string
		got, want uint8
	}{
		{"SCCP", mtp.ServiceSCCP, 3},
		{"international network", mtp.International, 0},
		{"national network", mtp.National, 2},
		{"reserved for national use", mtp.NationalSpare, 3},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s is %d, want %d", tt.name, tt.got, tt.want)
		}
	}
}
