package ansi41_test

import (
	"testing"

	"github.com/otagate/otagate/ss7/ansi41"
)

func TestMIN(t *testing.T) {
	for s, octets := range map[string][5]byte{
		"6191234000": {0x16, 0x19, 0x32, 0x04, 0x00},
		"0000006213": {0x00, 0x00, 0x00, 0x26, 0x31},
	} {
		m, err := ansi41.ParseMIN(s)
		if err != nil || m != ansi41.MIN(octets) || m.String() != s {
			t.Errorf("%s: got %x, %s, %v", s, m, m, err)
		}
		n, err := ansi41.ParseTRN(s)
		if err != nil || n != ansi41.TRN(octets) || n.String() != s {
			t.Errorf("%s: got %x, %s, %v", s, n, n, err)
		}
	}
	for _, s := range []string{"", "619123400", "61912340000", "619123400a", "+191234000"} {
		if m, err := ansi41.ParseMIN(s); err == nil {
			t.Errorf("ParseMIN(%q) = %s", s, m)
		}
		if n, err := ansi41.ParseTRN(s); err == nil {
			t.Errorf("ParseTRN(%q) = %s", s, n)
		}
	}
	if (ansi41.MIN{0xf0}).Decimal() || !(ansi41.MIN{0x99}).Decimal() {
		t.Error("Decimal is wrong")
	}
}

func TestIMSI(t *testing.T) {
	m, err := ansi41.ParseIMSI("310055512345670")
	want := ansi41.IMSI{0x13, 0x00, 0x55, 0x15, 0x32, 0x54, 0x76, 0xf0}
	if err != nil || m != want || m.String() != "310055512345670" {
		t.Errorf("got %x, %s, %v", m, m, err)
	}
	if m, err := ansi41.ParseIMSI("31005551234567"); err != nil || m.String() != "31005551234567" {
		t.Errorf("fourteen digits: got %x, %s, %v", m, m, err)
	}
	for _, s := range []string{"", "3100555123456701", "31005551234567a"} {
		if m, err := ansi41.ParseIMSI(s); err == nil {
			t.Errorf("ParseIMSI(%q) = %s", s, m)
		}
	}
}

func TestMEID(t *testing.T) {
	for s, pseudo := range map[string]string{
		"AF0123450ABCDE": "8016B128", // published
		"A1000000001234": "80706892",
	} {
		m, err := ansi41.ParseMEID(s)
		if err != nil || m.String() != s || m.PseudoESN().String() != pseudo {
			t.Errorf("%s: got %s, pseudo-ESN %s, %v", s, m, m.PseudoESN(), err)
		}
	}
	for _, s := range []string{"", "AF0123450ABC", "AF0123450ABCDEF", "AF0123450ABCDG"} {
		if m, err := ansi41.ParseMEID(s); err == nil {
			t.Errorf("ParseMEID(%q) = %s", s, m)
		}
	}
}

func TestESN(t *testing.T) {
	e, err := ansi41.ParseESN("FE3A2FE5")
	if err != nil || e != 0xfe3a2fe5 || e.String() != "FE3A2FE5" || e.Decimal() != "25403813349" {
		t.Errorf("got %s, %s, %v", e, e.Decimal(), err)
	}
	if s := ansi41.ESN(0x00000001).String(); s != "00000001" {
		t.Errorf("got %s", s)
	}
	for _, s := range []string{"", "FE3A2FE", "0FE3A2FE5", "FE3A2FEG"} {
		if e, err := ansi41.ParseESN(s); err == nil {
			t.Errorf("ParseESN(%q) = %s", s, e)
		}
	}
}
