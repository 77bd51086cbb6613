package sms_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/sms"
)

func TestEncodeText(t *testing.T) {
	for _, v := range []struct {
		text   string
		prefer []sms.Coding
		coding sms.Coding
		want   string
	}{
		{"hi @{", nil, sms.GSM7, "686920001b28"},
		{"hi @{", []sms.Coding{sms.ASCII}, sms.ASCII, "686920407b"},
		{"é", []sms.Coding{sms.ASCII, sms.Latin1}, sms.Latin1, "e9"},
		{"é", []sms.Coding{sms.ASCII}, sms.GSM7, "05"},
		{"é", []sms.Coding{sms.UCS2}, sms.UCS2, "00e9"},
		{"ë", nil, sms.UCS2, "00eb"},
		{"€", []sms.Coding{sms.Latin1}, sms.GSM7, "1b65"},
		{"ж", []sms.Coding{sms.ASCII, sms.Latin1, sms.GSM7, sms.Octets}, sms.UCS2, "0436"},
		{"😀", nil, sms.UCS2, "d83dde00"},
		{"\ufffd", nil, sms.UCS2, "fffd"},
		{"", nil, sms.GSM7, ""},
	} {
		c, b, err := sms.EncodeText(v.text, v.prefer...)
		if err != nil || c != v.coding || hex.EncodeToString(b) != v.want {
			t.Errorf("%q, %v: %v %x, %v, want %v %s", v.text, v.prefer, c, b, err, v.coding, v.want)
		}
	}
	if c, b, err := sms.EncodeText("a\xff", sms.UCS2); !errors.Is(err, sms.ErrText) {
		t.Errorf("no UTF-8: %v %x, %v", c, b, err)
	}
}

func TestAppendTextRefuses(t *testing.T) {
	for _, v := range []struct {
		coding sms.Coding
		text   string
	}{
		{sms.Octets, "a"}, {sms.GSM7, "aж"}, {sms.ASCII, "aé"}, {sms.Latin1, "a€"}, {sms.UCS2, "a\xff"},
		{sms.ASCII, "a\xff"}, {sms.Latin1, "a\xff"}, {sms.GSM7, "a\xff"}, {9, "a"},
	} {
		if b, err := sms.AppendText([]byte("before"), v.coding, v.text); !errors.Is(err, sms.ErrText) || string(b) != "before" {
			t.Errorf("%v %q: %q, %v", v.coding, v.text, b, err)
		}
	}
}

func TestDecodeTextRefuses(t *testing.T) {
	for _, v := range []struct {
		coding sms.Coding
		octets string
		want   error
	}{
		{sms.Octets, "61", sms.ErrCoding}, {9, "61", sms.ErrCoding},
		{sms.GSM7, "80", sms.ErrPayload}, {sms.ASCII, "6180", sms.ErrPayload}, {sms.UCS2, "0061ff", sms.ErrPayload},
	} {
		if s, err := sms.DecodeText(v.coding, unhex(t, v.octets)); !errors.Is(err, v.want) {
			t.Errorf("%v %s: %q, %v", v.coding, v.octets, s, err)
		}
	}
	if s, err := sms.DecodeText(sms.UCS2, unhex(t, "d83d0061")); err != nil || s != "\ufffda" {
		t.Errorf("half a pair: %q, %v", s, err)
	}
}

// Text comes back as it was, in whatever coding it went.
func TestTextProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), text(), rapid.StringMatching(`[ -~é]*`)).Draw(t, "text")
		if !utf8.ValidString(s) {
			return
		}
		prefer := rapid.SliceOfN(rapid.SampledFrom([]sms.Coding{sms.Octets, sms.GSM7, sms.UCS2, sms.ASCII, sms.Latin1}), 0, 3).Draw(t, "prefer")
		c, b, err := sms.EncodeText(s, prefer...)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := sms.DecodeText(c, b); err != nil || back != s {
			t.Fatalf("%q in %v is %x, is %q, %v", s, c, b, back, err)
		}
	})
}

func TestNames(t *testing.T) {
	s := fmt.Sprint(sms.Octets, sms.GSM7, sms.UCS2, sms.ASCII, sms.Latin1, sms.Coding(9), sms.UDH8, sms.UDH16, sms.SAR, sms.Payload, sms.WDP, sms.Way(9))
	if s != "octets GSM 7 bit UCS2 ASCII Latin-1 coding 9 UDH8 UDH16 SAR payload WDP way 9" {
		t.Error(s)
	}
}
