//go:build interop

package tshark_test

import (
	"bytes"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pushLinks are the ways of pushConfig, the one through the MSC last.
var pushLinks = []string{"udh8", "udh16", "sar", "payload", "ss7"}

// pushesSeen is what Wireshark has to show of the messages of pushTriggers:
// content type, SEC, and the document, written by shownDocument.
var pushesSeen = []string{
	"application/vnd.wap.sic  <si <indication href=http://push.example.org/mail> New mail",
	"application/vnd.wap.slc  <sl href=" + page,
	"application/vnd.wap.connectivity-wbxml SEC 1 <wap-provisioningdoc <characteristic type=NAPDEF>" +
		" <parm name=NAPID value=acme <parm name=NAME value=Acme <parm name=BEARER value=GSM-GPRS" +
		" <parm name=NAP-ADDRESS value=internet.example.org <parm name=NAP-ADDRTYPE value=APN" +
		" <characteristic type=APPLICATION> <parm name=APPID value=w2 <parm name=TO-NAPID value=acme",
}

// valueOnPage1 is met in the last document.
var valueOnPage1 = &fault{batch: "pushes", field: "wbxml.known_attrstart",
	reason: "does not have the attribute start 06 (value) of code page 1 of client provisioning, which libwbxml has"}

// TestPushes has tshark read what the gateway sends for messages to handsets:
// Service Indication, Service Loading and settings, in segments of every kind.
// It has to put them together itself, down to the words of the document.
func TestPushes(t *testing.T) {
	needTshark(t)
	file, submits, smdpps := pushLab(t)
	frames := tshark(t, file, "-o", "mtp3.standard:ANSI", "-o", "gsm_sms_ud.port_number_udh_means_wsp:TRUE")
	wellFormed(t, frames)
	if n := count(frames, "smpp.command_id", "0x00000004"); n != submits {
		t.Errorf("tshark shows %d submit_sm, %d were sent", n, submits)
	}
	segments := wapSegments(frames)
	if len(segments) != smdpps {
		t.Errorf("tshark shows %d segments of IS-637, %d were sent", len(segments), smdpps)
	}
	seen := shownPushes(frames)
	// Wireshark shows the segments of IS-637 as octets. They are put together here,
	// and are for the same dissector as the datagrams of UDP.
	again := filepath.Join(t.TempDir(), "wdp.pcap")
	writeCapture(t, again, datagrams(t, segments))
	frames = tshark(t, again)
	wellFormed(t, frames)
	seen = append(seen, shownPushes(frames)...)
	comparePushes(t, seen)
}

// comparePushes wants each message once by each link.
func comparePushes(t *testing.T, seen []string) {
	t.Helper()
	if len(seen) != len(pushLinks)*len(pushesSeen) {
		t.Fatalf("tshark shows %d pushes, want %d:\n%s", len(seen), len(pushLinks)*len(pushesSeen), strings.Join(seen, "\n"))
	}
	for _, link := range pushLinks {
		r := row{rank: rankDemo, what: "pushes, " + link, against: "smpp, gsm_sms_ud, wsp, wbxml", cases: len(pushesSeen)}
		if link == pushLinks[len(pushLinks)-1] {
			r.against = "m3ua, ansi_map, ansi_637; wsp, wbxml"
		}
		for _, want := range pushesSeen {
			got := seen[0]
			seen = seen[1:]
			r.fields += len(strings.Fields(want))
			page0, page1, _ := strings.Cut(got, "type=APPLICATION")
			switch {
			case got == want:
				r.agreed++
			case page0+"type=APPLICATION"+strings.ReplaceAll(page1, undefined, "value=") == want:
				valueOnPage1.meet()
				r.known++
			default:
				r.unknown++
				t.Errorf("%s:\n%s\nwant\n%s", link, got, want)
			}
		}
		result.add(r)
	}
}

func wellFormed(t *testing.T, frames []*node) {
	t.Helper()
	for i, p := range frames {
		for _, c := range complaints(p) {
			t.Errorf("frame %d: %s", i+1, c)
		}
	}
}

// fields are those of a name, in order.
func fields(p *node, name string) (all []*node) {
	p.walk(func(n *node) bool {
		if n.name == name {
			all = append(all, n)
		}
		return true
	})
	return all
}

// count is how often a field has a value.
func count(frames []*node, name, show string) (n int) {
	for _, p := range frames {
		for _, f := range fields(p, name) {
			if f.show == show {
				n++
			}
		}
	}
	return n
}

// shownPushes are the pushes that Wireshark shows, in order.
func shownPushes(frames []*node) (all []string) {
	for _, p := range frames {
		for _, proto := range p.children {
			switch proto.name {
			case "wsp":
				s := ""
				for _, f := range fields(proto, "wsp.header.content_type") {
					s, _, _ = strings.Cut(f.show, ";")
				}
				s += " "
				for _, f := range fields(proto, "wsp.parameter.sec") {
					s += "SEC " + strings.TrimPrefix(f.show, "0x0")
				}
				all = append(all, s)
			case "wbxml":
				all[len(all)-1] += shownDocument(proto)
			}
		}
	}
	return all
}

// undefined is what Wireshark shows for an attribute start that it does not know.
const undefined = "(Requested token not defined for this content type)"

// shownDocument is a document as Wireshark reads it: tags, the beginnings of
// attributes, and behind them their values and the text.
func shownDocument(proto *node) string {
	var b strings.Builder
	proto.walk(func(n *node) bool {
		word := strings.ReplaceAll(n.show, "'", "")
		switch n.name {
		case "wbxml.known_tag":
			b.WriteString(" <" + word)
		case "wbxml.known_attrstart":
			b.WriteString(" " + word)
		case "wbxml.known_attrvalue":
			b.WriteString(word)
		case "wbxml.str_i":
			if strings.Contains(n.showname, "| Tag ") {
				b.WriteByte(' ')
			}
			b.WriteString(word)
		case "wbxml.end_attribute_list":
			b.WriteByte('>')
		}
		return true
	})
	return b.String()
}

// wapSegments are the user data of all messages of the teleservice WAP.
func wapSegments(frames []*node) (all [][]byte) {
	for _, p := range frames {
		for _, proto := range p.children {
			if proto.name != "ansi_637_tele" || !strings.Contains(proto.showname, "(4100)") {
				continue
			}
			for _, f := range fields(proto, "ansi_637_tele.user_data.text") {
				b, err := hex.DecodeString(f.value)
				if err != nil {
					b = nil // datagrams says that it is no segment
				}
				all = append(all, b)
			}
		}
	}
	return all
}

// wapPorts are source and destination of a push.
var wapPorts = []byte{0x23, 0xf0, 0x0b, 0x84}

// datagrams puts segments together that come in order: MSG_TYPE (0 is WDP),
// TOTAL_SEGMENTS, SEGMENT_NUMBER from 0, in the first one the ports, data.
func datagrams(t *testing.T, segments [][]byte) (all []packet) {
	t.Helper()
	var next, total byte
	var whole []byte
	for _, s := range segments {
		if len(s) < 3 || s[0] != 0 || s[2] != next || next > 0 && s[1] != total {
			t.Fatalf("%x is not segment %d of a datagram", s, next)
		}
		total = s[1]
		data := s[3:]
		if next == 0 {
			if !bytes.HasPrefix(data, wapPorts) {
				t.Fatalf("%x has not the ports of a push", s)
			}
			data = data[len(wapPorts):]
		}
		whole = append(whole, data...)
		if next++; next == total {
			all = append(all, packet{at: pushPort, octets: slices.Clone(whole)})
			next, whole = 0, whole[:0]
		}
	}
	if next != 0 {
		t.Fatalf("the last datagram ends with segment %d of %d", next, total)
	}
	return all
}
