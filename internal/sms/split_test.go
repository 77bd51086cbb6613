package sms_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/sms/gsm7"
	"github.com/otagate/otagate/internal/sms/udh"
	"github.com/otagate/otagate/internal/testvec"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func split(t testing.TB, m *sms.Message, way sms.Way, lim sms.Limits) sms.Plan {
	t.Helper()
	p, err := sms.Split(m, way, lim)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func userData(p *sms.Plan) (all []string) {
	for i := range p.Segments() {
		all = append(all, hex.EncodeToString(p.AppendUserData(nil, i)))
	}
	return all
}

// A push made from the rules and read by tshark: one short message with ports
// and without concatenation.
func TestSinglePush(t *testing.T) {
	const push = "260603b0af8203066a008509036d2e61636d652e6578616d706c652f000501"
	m := sms.Message{Payload: unhex(t, push), Source: 9200, Destination: 2948}
	for way, want := range map[sms.Way]string{
		sms.UDH8: "0605040b8423f0" + push, sms.UDH16: "0605040b8423f0" + push,
		sms.SAR: push, sms.Payload: push, sms.WDP: "00010023f00b84" + push,
	} {
		p := split(t, &m, way, sms.Limits{})
		if got := userData(&p); !slices.Equal(got, []string{want}) {
			t.Errorf("%v: %v", way, got)
		}
		if p.HasHeader() != (way == sms.UDH8 || way == sms.UDH16) {
			t.Errorf("%v: header %t", way, p.HasHeader())
		}
	}
}

// A client provisioning document as a push and as two short messages of GSM,
// both made from the rules and read by tshark.
func TestProvisioningPush(t *testing.T) {
	push := unhex(t, "01062f1f2db691819242423539434237343737344530323532454344363434363433344131323539"+
		"36323332443230343300030b6a00c54601c65501871106034e3100018707060341636d65204e6574"+
		"0001871006ab0187080603696e7465726e65742e61636d6500018709068901871401c65a01870c06"+
		"9a01870d0603750001870e06037000010101c60001550187360603773200018707060341636d6520"+
		"5765620001872206034e310001c65901873a0603687474703a2f2f6d2e61636d652e6578616d706c"+
		"652f000187070603486f6d650001871c01010101")
	m := sms.Message{Payload: push, Source: 9200, Destination: 2948, Reference: 0x5a}
	p := split(t, &m, sms.UDH8, sms.Limits{})
	want := []string{
		"0b00035a020105040b8423f0" + hex.EncodeToString(push[:128]),
		"0b00035a020205040b8423f0" + hex.EncodeToString(push[128:]),
	}
	if got := userData(&p); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	m.Reference = 0x125a
	p = split(t, &m, sms.UDH16, sms.Limits{})
	want = []string{
		"0c0804125a020105040b8423f0" + hex.EncodeToString(push[:127]),
		"0c0804125a020205040b8423f0" + hex.EncodeToString(push[127:]),
	}
	if got := userData(&p); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	p = split(t, &m, sms.SAR, sms.Limits{})
	if got := p.Segment(1); got.Total != 2 || got.Number != 2 || !bytes.Equal(got.Payload, push[127:]) {
		t.Errorf("SAR: %+v", got)
	}
}

// A push over the WAP teleservice, split at 40 octets: source port first,
// segments from 0 on.
func TestWDP(t *testing.T) {
	m := sms.Message{
		Payload: unhex(t, "270605b0af02801003066a00850b0370726f762e61636d652e6578616d706c652f"+"6d69703f733d3432000601"),
		Source:  9200, Destination: 2948,
	}
	p := split(t, &m, sms.WDP, sms.Limits{Octets: 40})
	want := []string{
		"00020023f00b84270605b0af02801003066a00850b0370726f762e61636d652e6578616d706c652f",
		"0002016d69703f733d3432000601",
	}
	if got := userData(&p); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if s := p.Segment(1); s.Number != 1 || s.Total != 2 {
		t.Errorf("%+v", s)
	}
	m.Payload = make([]byte, 113+117)
	if p := split(t, &m, sms.WDP, sms.Limits{}); p.Segments() != 2 {
		t.Errorf("%d octets in %d segments of 120", len(m.Payload), p.Segments())
	}
	m.Payload = make([]byte, 113+117+1)
	if p := split(t, &m, sms.WDP, sms.Limits{}); p.Segments() != 3 {
		t.Errorf("%d octets in %d segments of 120", len(m.Payload), p.Segments())
	}
}

// The sizes of the standard: the most that fits into one, and into each of two.
func TestSizes(t *testing.T) {
	for _, v := range []struct {
		coding   sms.Coding
		way      sms.Way
		ports    bool
		one, two int // octets of payload
	}{
		{sms.GSM7, sms.UDH8, false, 160, 2 * 153},
		{sms.GSM7, sms.UDH16, false, 160, 2 * 152},
		{sms.GSM7, sms.SAR, false, 160, 2 * 152},
		{sms.UCS2, sms.UDH8, false, 140, 2 * 134},
		{sms.UCS2, sms.UDH16, false, 140, 2 * 132},
		{sms.Octets, sms.UDH8, false, 140, 2 * 134},
		{sms.Octets, sms.UDH16, false, 140, 2 * 133},
		{sms.Octets, sms.UDH8, true, 133, 2 * 128},
		{sms.Octets, sms.UDH16, true, 133, 2 * 127},
		{sms.Octets, sms.SAR, true, 133, 2 * 127},
		{sms.GSM7, sms.UDH8, true, 152, 2 * 146},
		{sms.ASCII, sms.UDH8, false, 140, 2 * 134},
		{sms.Latin1, sms.UDH16, false, 140, 2 * 133},
		{sms.Octets, sms.WDP, true, 133, 133 + 137},
	} {
		m := sms.Message{Coding: v.coding}
		if v.ports {
			m.Source, m.Destination = 9200, 2948
		}
		step := 1
		if v.coding == sms.UCS2 {
			step = 2
		}
		for n, want := range map[int]int{v.one: 1, v.one + step: 2, v.two: 2, v.two + step: 3, 0: 1} {
			m.Payload = bytes.Repeat([]byte{'a'}, n)
			p := split(t, &m, v.way, sms.Limits{Octets: 140})
			if p.Segments() != want {
				t.Errorf("%v, %v, ports %t: %d octets in %d segments, want %d", v.coding, v.way, v.ports, n, p.Segments(), want)
			}
		}
	}
}

func TestTooLong(t *testing.T) {
	m := sms.Message{Payload: make([]byte, 6*134+1)}
	for _, way := range []sms.Way{sms.UDH8, sms.Payload} {
		_, err := sms.Split(&m, way, sms.Limits{Segments: 5})
		var long *sms.TooLongError
		if !errors.As(err, &long) || *long != (sms.TooLongError{Segments: 7, Limit: 5}) || err.Error() != "7 segments, at most 5" {
			t.Errorf("%v: %v", way, err)
		}
	}
	if p := split(t, &m, sms.UDH8, sms.Limits{Segments: 7}); p.Segments() != 7 {
		t.Errorf("%d segments", p.Segments())
	}
	if p := split(t, &m, sms.Payload, sms.Limits{}); p.Segments() != 1 {
		t.Errorf("payload: %d segments", p.Segments())
	}
	for _, limit := range []int{0, -1, 1000} { // a number of segments is one octet
		m.Payload = make([]byte, 255*134)
		if p := split(t, &m, sms.UDH8, sms.Limits{Segments: limit}); p.Segments() != 255 {
			t.Errorf("limit %d: %d segments", limit, p.Segments())
		}
		m.Payload = make([]byte, 255*134+1)
		if _, err := sms.Split(&m, sms.UDH8, sms.Limits{Segments: limit}); fmt.Sprint(err) != "256 segments, at most 255" {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
	m.Payload = make([]byte, 65536)
	if _, err := sms.Split(&m, sms.Payload, sms.Limits{}); fmt.Sprint(err) != "2 segments, at most 1" {
		t.Errorf("payload of 64 KiB: %v", err)
	}
}

func TestRefused(t *testing.T) {
	for _, v := range []struct {
		m    sms.Message
		way  sms.Way
		lim  sms.Limits
		want error
	}{
		{sms.Message{}, 5, sms.Limits{}, sms.ErrWay},
		{sms.Message{Coding: 5}, sms.UDH8, sms.Limits{}, sms.ErrCoding},
		{sms.Message{Coding: sms.UCS2}, sms.WDP, sms.Limits{}, sms.ErrCoding},
		{sms.Message{Coding: sms.UCS2, Payload: []byte{0}}, sms.UDH8, sms.Limits{}, sms.ErrPayload},
		{sms.Message{Coding: sms.GSM7, Payload: []byte{0x80}}, sms.UDH8, sms.Limits{}, sms.ErrPayload},
		{sms.Message{Coding: sms.ASCII, Payload: []byte{0x80}}, sms.UDH8, sms.Limits{}, sms.ErrPayload},
		{sms.Message{Payload: make([]byte, 50)}, sms.UDH8, sms.Limits{Octets: 6}, sms.ErrRoom},
		{sms.Message{Coding: sms.UCS2, Payload: make([]byte, 50)}, sms.UDH8, sms.Limits{Octets: 9}, sms.ErrRoom},
		{sms.Message{Payload: make([]byte, 50)}, sms.WDP, sms.Limits{Octets: 7}, sms.ErrRoom},
	} {
		if p, err := sms.Split(&v.m, v.way, v.lim); !errors.Is(err, v.want) {
			t.Errorf("%+v, %v: %+v, %v, want %v", v.m, v.way, p, err, v.want)
		}
	}
}

// text draws text with many characters that must not be parted.
func text() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "€", "{", "ж", "😀"}), 0, 300).Draw(t, "characters"), "")
	})
}

// Whatever the way, no segment is too long, none parts a character, and all
// together they are the message.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coding, payload, err := sms.EncodeText(text().Draw(t, "text"))
		if err != nil {
			t.Fatal(err)
		}
		m := sms.Message{Coding: coding, Payload: payload, Reference: rapid.Uint16().Draw(t, "reference")}
		if rapid.Bool().Draw(t, "octets") {
			m.Coding = sms.Octets
		}
		if rapid.Bool().Draw(t, "ports") {
			m.Source, m.Destination = rapid.Uint16Min(1).Draw(t, "source"), rapid.Uint16().Draw(t, "destination")
		}
		way := rapid.SampledFrom([]sms.Way{sms.UDH8, sms.UDH16, sms.SAR, sms.WDP}).Draw(t, "way")
		if way == sms.WDP {
			m.Coding = sms.Octets
		}
		lim := sms.Limits{Octets: rapid.IntRange(24, 140).Draw(t, "octets of a segment")}
		p, err := sms.Split(&m, way, lim)
		if err != nil {
			t.Fatal(err)
		}
		var whole []byte
		for i := range p.Segments() {
			whole = append(whole, checkSegment(t, &m, &p, way, lim, i)...)
		}
		if !bytes.Equal(whole, payload) {
			t.Fatalf("%x became %x", payload, whole)
		}
	})
}

func checkSegment(t *rapid.T, m *sms.Message, p *sms.Plan, way sms.Way, lim sms.Limits, i int) []byte {
	s := p.Segment(i)
	ud := p.AppendUserData([]byte("before"), i)[len("before"):]
	packed, length := p.AppendPacked(nil, i)
	room := lim.Octets
	if way == sms.SAR && (p.Segments() > 1 || m.Source != 0) {
		room -= 7 // at least
	}
	if len(packed) > room {
		t.Fatalf("segment %d has %d octets, limit %d", i, len(packed), room)
	}
	if !bytes.HasSuffix(ud, s.Payload) || s.Total != p.Segments() {
		t.Fatalf("segment %d: %x, user data %x", i, s, ud)
	}
	switch {
	case m.Coding == sms.UCS2:
		units := make([]uint16, len(s.Payload)/2)
		for k := range units {
			units[k] = uint16(s.Payload[2*k])<<8 | uint16(s.Payload[2*k+1])
		}
		if slices.Contains(utf16.Decode(units), '\ufffd') {
			t.Fatalf("segment %d parts surrogates: %x", i, s.Payload)
		}
	case m.Coding == sms.GSM7 && endsInEscape(s.Payload):
		t.Fatalf("segment %d parts an escape: %x", i, s.Payload)
	}
	if p.HasHeader() {
		checkHeader(t, m, p, ud[:len(ud)-len(s.Payload)], way, i)
	}
	if m.Coding == sms.GSM7 {
		header := len(ud) - len(s.Payload)
		fill := gsm7.Fill(header)
		got, err := gsm7.AppendUnpacked(nil, packed[header:], length-(8*header+fill)/7, fill)
		if err != nil || !bytes.Equal(got, s.Payload) {
			t.Fatalf("segment %d: packed %x, %d, is %x, %v", i, packed, length, got, err)
		}
	} else if length != len(packed) || !bytes.Equal(packed, ud) {
		t.Fatalf("segment %d: %x, %d, want %x", i, packed, length, ud)
	}
	return s.Payload
}

// endsInEscape reads characters from the front.
func endsInEscape(septets []byte) (escape bool) {
	for _, s := range septets {
		escape = s == 0x1b && !escape
	}
	return escape
}

func checkHeader(t *rapid.T, m *sms.Message, p *sms.Plan, header []byte, way sms.Way, i int) {
	var h udh.Header
	if err := h.Decode(header); err != nil {
		t.Fatalf("segment %d: header %x: %v", i, header, err)
	}
	want := udh.Concatenation{Reference: m.Reference, Total: uint8(p.Segments()), Number: uint8(i + 1), Wide: way == sms.UDH16}
	if way == sms.UDH8 {
		want.Reference &= 0xff
	}
	if c, ok := h.Concatenation(); ok != (p.Segments() > 1) || ok && c != want {
		t.Fatalf("segment %d: %+v, %t, want %+v", i, c, ok, want)
	}
	ports, ok := h.Ports()
	if ok != (m.Source != 0) || ok && (ports.Source != m.Source || ports.Destination != m.Destination) {
		t.Fatalf("segment %d: %+v, %t", i, ports, ok)
	}
}

// An escape pair or a surrogate pair over the border moves as a whole.
func TestBorder(t *testing.T) {
	for _, v := range []struct {
		text  string
		sizes []int // octets of payload
	}{
		{strings.Repeat("a", 152) + "€" + strings.Repeat("a", 10), []int{152, 12}},
		{strings.Repeat("a", 151) + "€" + strings.Repeat("a", 10), []int{153, 10}},
		{strings.Repeat("€", 81), []int{152, 10}},
		{strings.Repeat("ж", 66) + "😀" + strings.Repeat("ж", 10), []int{132, 24}},
		{strings.Repeat("ж", 65) + "😀" + strings.Repeat("ж", 10), []int{134, 20}},
	} {
		coding, payload, err := sms.EncodeText(v.text)
		if err != nil {
			t.Fatal(err)
		}
		p := split(t, &sms.Message{Coding: coding, Payload: payload}, sms.UDH8, sms.Limits{})
		var sizes []int
		for i := range p.Segments() {
			sizes = append(sizes, len(p.Segment(i).Payload))
		}
		if !slices.Equal(sizes, v.sizes) {
			t.Errorf("%.20s…: %v, want %v", v.text, sizes, v.sizes)
		}
	}
}

func TestNoSuchSegment(t *testing.T) {
	p := split(t, &sms.Message{}, sms.UDH8, sms.Limits{})
	for _, i := range []int{-1, 1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("segment %d of 1", i)
				}
			}()
			p.Segment(i)
		}()
	}
	if n := (&sms.Plan{}).Segments(); n != 0 {
		t.Errorf("the zero plan has %d segments", n)
	}
}

func TestNoAllocations(t *testing.T) {
	room := make([]byte, 0, 200)
	for _, m := range []sms.Message{
		{Payload: make([]byte, 1000), Source: 9200, Destination: 2948},
		{Coding: sms.GSM7, Payload: bytes.Repeat([]byte{0x1b, 0x65, 0x61}, 300)},
	} {
		for _, way := range []sms.Way{sms.UDH8, sms.UDH16, sms.SAR, sms.Payload, sms.WDP} {
			if way == sms.WDP && m.Coding != sms.Octets {
				continue
			}
			big := make([]byte, 0, 1200)
			testvec.NoAllocs(t, way.String(), func() {
				p, err := sms.Split(&m, way, sms.Limits{})
				if err != nil {
					t.Fatal(err)
				}
				for i := range p.Segments() {
					if p.AppendUserData(big, i); way != sms.Payload {
						p.AppendPacked(room, i)
					}
				}
			})
		}
	}
}
