package sessions_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/otagate/otagate/sessions"
)

func TestParseMDN(t *testing.T) {
	for in, want := range map[string]sessions.MDN{
		"1": 1, "5551234567": 5551234567, "999999999999999": 999999999999999,
	} {
		got, err := sessions.ParseMDN(in)
		if err != nil || got != want || got.String() != in || !got.Key().Valid() {
			t.Errorf("%s: %v %v", in, got, err)
		}
	}
	for _, in := range []string{"", "0", "0123", "1000000000000000", "555 123", "+15551234", "555123456x", "٣"} {
		if got, err := sessions.ParseMDN(in); err == nil {
			t.Errorf("%q is %v", in, got)
		} else if len(in) > 3 && strings.Contains(err.Error(), in) {
			t.Errorf("the error prints the number: %v", err)
		}
	}
}

func TestParseTRN(t *testing.T) {
	for in, want := range map[string]sessions.TRN{"0000000001": 1, "9999999999": 9999999999} {
		got, err := sessions.ParseTRN(in)
		if err != nil || got != want || got.String() != in || !got.Key().Valid() {
			t.Errorf("%s: %v %v", in, got, err)
		}
	}
	for _, in := range []string{"", "123456789", "12345678901", "123456789x"} {
		if got, err := sessions.ParseTRN(in); err == nil {
			t.Errorf("%q is %v", in, got)
		}
	}
}

func TestMasked(t *testing.T) {
	for n, want := range map[sessions.MDN]string{
		5551234567: "555***4567", 15551234567: "155****4567", 123456789: "*******89", 1234: "***4", 7: "*",
	} {
		if got := n.Masked(); got != want {
			t.Errorf("%s is masked as %s, want %s", n, got, want)
		}
	}
}

func TestKey(t *testing.T) {
	m, tr := sessions.MDNKey(5551234567), sessions.TRNKey(1234567)
	for got, want := range map[string]string{
		m.String(): "mdn 5551234567", m.Masked(): "mdn 555***4567",
		tr.String(): "trn 0001234567", tr.Masked(): "trn 000***4567",
		sessions.RefusalKey(77).String(): "record 77",
		sessions.MessageKey(78).String(): "message 78",
		sessions.Key{}.String():          "key kind 0 0",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if n, ok := m.MDN(); !ok || n != 5551234567 {
		t.Errorf("%v %v", n, ok)
	}
	if n, ok := tr.TRN(); !ok || n != 1234567 {
		t.Errorf("%v %v", n, ok)
	}
	if _, ok := m.TRN(); ok {
		t.Error("an MDN is no TRN")
	}
	msg := sessions.MessageKey(0xFFFF_FFFF_FFFF_FFFF)
	_, isMDN := msg.MDN()
	_, isTRN := msg.TRN()
	if isMDN || isTRN || !msg.Valid() {
		t.Errorf("%v: MDN %v, TRN %v, valid %v", msg, isMDN, isTRN, msg.Valid())
	}
	for _, k := range []sessions.Key{{}, {Kind: 9, Number: 1}, {Kind: sessions.KeyMDN}, sessions.MDNKey(1e15), sessions.TRNKey(1e10), sessions.MessageKey(0)} {
		if k.Valid() {
			t.Errorf("%v is valid", k)
		}
	}
}

func TestID(t *testing.T) {
	for id, want := range map[sessions.ID]string{1: "0000000000000001", 0xFEDC_BA98_7654_3210: "fedcba9876543210"} {
		if id.String() != want {
			t.Errorf("%s, want %s", id, want)
		}
		if got, err := sessions.ParseID(want); err != nil || got != id {
			t.Errorf("%s: %v %v", want, got, err)
		}
	}
	for _, in := range []string{"", "1", "0000000000000000", "000000000000000g", "00000000000000001", "+00000000000001"} {
		if got, err := sessions.ParseID(in); err == nil {
			t.Errorf("%q is %s", in, got)
		}
	}
}

func TestCorrKind(t *testing.T) {
	seen := make(map[string]bool)
	for k := sessions.CorrTRN; k <= sessions.CorrCallback; k++ {
		if s := k.String(); seen[s] || strings.Contains(s, "kind") {
			t.Errorf("%d is %q", k, s)
		}
		seen[k.String()] = true
	}
	if got := fmt.Sprint(sessions.CorrKind(99)); got != "correlation kind 99" {
		t.Error(got)
	}
}
