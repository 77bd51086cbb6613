//go:build interop

package tshark_test

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/wappush/wsp"
)

var wspTable = &table{
	columns: []column{
		{"TID", "wsp.TID", number},
		{"PDU type", "wsp.pdu_type", number},
		{"HeadersLen", "wsp.headers_length", number},
		{"content type", "wsp.header.content_type", text},
		{"parameter", "wsp.parameter.type", number},
		{"charset", "wsp.parameter.charset", text},
		{"SEC", "wsp.parameter.sec", number},
		{"MAC", "wsp.parameter.mac", text},
		{"parameter in text", "wsp.untype.text", text},
		{"header", "wsp.header.name_value", number},
		{"Content-Length", "wsp.header.content_length", text},
		{"Content-Location", "wsp.header.content_location", text},
		{"Date", "wsp.header.date", text},
		{"Expires", "wsp.header.expires", text},
		{"Host", "wsp.header.host", text},
		{"X-Wap-Application-Id", "wsp.header.x_wap_application_id", text},
		{"X-Wap-Content-URI", "wsp.header.content_uri", text},
		{"X-Wap-Initiator-URI", "wsp.header.initiator_uri", text},
		{"Push-Flag, authenticated", "wsp.header.push_flag.authenticated", number},
		{"Push-Flag, trusted", "wsp.header.push_flag.trusted", number},
		{"Push-Flag, last", "wsp.header.push_flag.last", number},
		{"X-Wap-Tod", "wsp.header.x_wap_tod", text},
		{"Encoding-Version", "wsp.header.encoding_version", text},
		{"header name", "wsp.header.name_string", text},
		{"header value", "wsp.header_text_value", text},
		{"data", "media.type", octets},
	},
	ignored: map[string]string{
		"wsp.headers": "heading", "wsp.header.push_flag": "the bits in words",
	},
}

// charsets are some with the names that Wireshark has for them.
var charsets = []struct {
	mib  uint32
	name string
}{
	{wsp.CharsetUSASCII, "US-ASCII"}, {wsp.CharsetISO88591, "ISO-8859-1"}, {wsp.CharsetUTF8, "UTF-8"}, {wsp.CharsetUCS2, "ISO-10646-UCS-2"},
}

var mediaTypes = []wsp.MediaType{
	wsp.SI, wsp.SIC, wsp.SL, wsp.SLC, wsp.CO, wsp.COC, wsp.ConnectivityXML, wsp.ConnectivityWBXML, wsp.MMSMessage, wsp.DMWBXML, wsp.DMXML,
	wsp.Notification, wsp.DSNotification, wsp.DMNotification, wsp.PhonecomMMCWBXML, wsp.IOTAMMCWBXML, wsp.IOTAMMCXML,
	wsp.SyncMLXML, wsp.SyncMLWBXML, wsp.EMNXML, wsp.EMNWBXML, wsp.ROAPTrigger,
}

// applications are without that of LwM2M, for which another dissector takes the
// body.
var applications = []wsp.ApplicationID{
	wsp.AppAny, wsp.AppPushSIA, wsp.AppWMLUA, wsp.AppWTAUA, wsp.AppMMSUA, wsp.AppSyncML, wsp.AppLocUA, wsp.AppSyncMLDM, wsp.AppDRMUA, wsp.AppEMNUA, wsp.AppWVUA,
	wsp.AppULPUA, wsp.AppDLOTAUA, wsp.AppJavaAMS, wsp.AppBCastUA, wsp.AppDPEUA, wsp.AppCPMUA, wsp.AppEVVMUA,
	wsp.AppMotorolaOTAProv, wsp.AppOpenwaveIOTA, wsp.AppNECOTAProv, wsp.AppVodafoneOTAProv,
}

// initiator draws pushes and notes what they mean.
type initiator struct {
	*sample
	t *rapid.T
}

// words draws text that begins like text, in ASCII.
func (g initiator) words(name string) string {
	return rapid.StringMatching(`[A-Za-z][0-9A-Za-z:/._-]{0,40}`).Draw(g.t, name)
}

func (g initiator) contentType() (c wsp.ContentType) {
	g.add("header", anything) // Wireshark shows the first octet as if it were the number of a header
	if rapid.IntRange(0, 3).Draw(g.t, "named") == 0 {
		c.Text = []byte("application/x-" + g.words("type"))
	} else {
		c.Type = rapid.SampledFrom(mediaTypes).Draw(g.t, "media type")
	}
	if c.Text == nil && (c.Type == wsp.DSNotification || c.Type == wsp.DMNotification || c.Type > wsp.IOTAMMCXML) {
		g.addWrong("content type", c.String(), fmt.Sprintf("<Unknown media type identifier 0x%X>", uint32(c.Type)), unknownMedia)
	} else {
		g.add("content type", c.String())
	}
	if rapid.Bool().Draw(g.t, "charset") {
		x := rapid.SampledFrom(charsets).Draw(g.t, "charset")
		c.Parameters = append(c.Parameters, wsp.CharsetParameter(x.mib))
		g.number("parameter", uint64(wsp.ParameterCharset))
		g.add("charset", x.name)
	}
	if rapid.Bool().Draw(g.t, "secured") {
		method := rapid.ByteRange(0, 3).Draw(g.t, "SEC")
		mac := rapid.StringMatching(`[0-9A-F]{40}`).Draw(g.t, "MAC")
		c.Parameters = append(c.Parameters, wsp.SECParameter(method), wsp.MACParameter([]byte(mac)))
		g.number("parameter", uint64(wsp.ParameterSEC))
		g.number("SEC", uint64(method))
		g.number("parameter", uint64(wsp.ParameterMAC))
		g.add("MAC", mac)
	}
	if rapid.IntRange(0, 3).Draw(g.t, "other") == 0 {
		v := g.words("value")
		c.Parameters = append(c.Parameters, wsp.Parameter{Name: []byte(g.words("name")), Value: wsp.String(v)})
		g.add("parameter in text", v)
	}
	return c
}

// day is a time as Wireshark writes it.
const day = "Jan _2, 2006 15:04:05"

func (g initiator) date(h *wsp.Header, fraction string) {
	at := time.Unix(rapid.Int64Range(1, 1<<31-1).Draw(g.t, "date"), 0).UTC()
	h.Value = wsp.Date(at)
	g.add(h.Code.String(), at.Format(day)+fraction+" UTC")
}

func (g initiator) application() wsp.Header {
	id := rapid.SampledFrom(applications).Draw(g.t, "application")
	switch {
	case rapid.IntRange(0, 3).Draw(g.t, "as text") == 0:
		g.add("X-Wap-Application-Id", id.String())
		return wsp.Header{Code: wsp.HeaderApplicationID, Value: wsp.String(id.String())}
	case id > 0x7f:
		g.addWrong("X-Wap-Application-Id", id.String(), wsp.AppWMLUA.String(), longApplication)
	case id > wsp.AppWVUA:
		g.addWrong("X-Wap-Application-Id", id.String(), fmt.Sprintf("<Unknown WAP application identifier 0x%X>", uint32(id)), unknownApplication)
	default:
		g.add("X-Wap-Application-Id", id.String())
	}
	return wsp.ApplicationHeader(id)
}

func (g initiator) header() (h wsp.Header) {
	h.Code = rapid.SampledFrom([]wsp.HeaderCode{
		wsp.HeaderContentLength, wsp.HeaderContentLocation, wsp.HeaderDate, wsp.HeaderExpires, wsp.HeaderHost, wsp.HeaderApplicationID,
		wsp.HeaderContentURI, wsp.HeaderInitiatorURI, wsp.HeaderPushFlag, wsp.HeaderTod, wsp.HeaderEncodingVersion, 0,
	}).Draw(g.t, "header")
	if h.Code == 0 {
		h.Name = []byte(g.words("name"))
		v := g.words("value")
		h.Value = wsp.String(v)
		g.add("header name", string(h.Name))
		g.add("header value", v)
		return h
	}
	g.number("header", uint64(h.Code))
	switch h.Code {
	case wsp.HeaderContentLength:
		n := rapid.OneOf(rapid.Uint32Range(0, 200), rapid.Uint32Range(0, 1<<24)).Draw(g.t, "length")
		h.Value = wsp.Integer(n)
		g.add(h.Code.String(), strconv.FormatUint(uint64(n), 10))
	case wsp.HeaderDate, wsp.HeaderExpires:
		g.date(&h, "")
	case wsp.HeaderTod:
		g.date(&h, ".000000000")
	case wsp.HeaderApplicationID:
		return g.application()
	case wsp.HeaderPushFlag:
		f := wsp.PushFlag(rapid.ByteRange(0, 7).Draw(g.t, "flags"))
		g.number("Push-Flag, authenticated", uint64(f&1))
		g.number("Push-Flag, trusted", uint64(f>>1&1))
		g.number("Push-Flag, last", uint64(f>>2))
		return wsp.PushFlagHeader(f)
	case wsp.HeaderEncodingVersion:
		major, minor := rapid.ByteRange(1, 7).Draw(g.t, "major"), rapid.ByteRange(0, 14).Draw(g.t, "minor")
		g.add(h.Code.String(), fmt.Sprintf("%d.%d", major, minor))
		return wsp.EncodingVersionHeader(major, minor)
	default:
		v := g.words("text")
		h.Value = wsp.String(v)
		g.add(h.Code.String(), v)
	}
	return h
}

func drawPush(t *rapid.T) *sample {
	g := initiator{&sample{table: wspTable}, t}
	p := &wsp.Push{
		TID:         rapid.Byte().Draw(t, "TID"),
		Type:        rapid.SampledFrom([]wsp.PDUType{wsp.TypePush, wsp.TypeConfirmedPush}).Draw(t, "type"),
		ContentType: g.contentType(),
	}
	for range rapid.IntRange(0, 6).Draw(t, "headers") {
		p.Headers = append(p.Headers, g.header())
	}
	head, err := p.Append(nil)
	if err != nil {
		panic(hex.EncodeToString(head) + ": " + err.Error())
	}
	p.Body = rapid.SliceOfN(rapid.Byte(), 1, 60).Draw(t, "body")
	b, err := p.Append(nil)
	if err != nil {
		panic(err)
	}
	g.number("TID", uint64(p.TID))
	g.number("PDU type", uint64(p.Type))
	lengthOctets := 1
	if head[2] >= 0x80 {
		lengthOctets = 2
	}
	g.number("HeadersLen", uint64(len(head)-2-lengthOctets))
	g.octets("data", p.Body)
	g.kind, g.message = p.ContentType.String(), p
	g.packet = packet{at: pushPort, octets: b}
	return g.sample
}

// pushPort is the dissector of a datagram to the port of connectionless pushes.
var pushPort = tableEntry("udp.port", 2948)

// wspOptions leave the body to nobody.
var wspOptions = disable("wbxml", "xml", "media", "mmse", "http", "multipart", "wmlc")

func TestWSP(t *testing.T) { wspBatch().run(t) }

func wspBatch() *batch {
	return &batch{
		name: "WSP, connectionless push", against: "wsp", protocols: []string{"wsp", "media"},
		table: wspTable, draw: drawPush, options: wspOptions,
	}
}
