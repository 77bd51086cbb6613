//go:build interop

package tshark_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/sms/udh"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// layers are Wireshark's protocols that the stories use, and more those that only
// stories of messages do.
var (
	layers = []string{"smpp", "m3ua", "sccp", "ansi_tcap", "ansi_map", "ansi_683"}
	more   = []string{"ansi_637_tele", "gsm_sms_ud", "wsp", "wbxml", "http"}
)

// lacking are the layers that a story does not reach.
var lacking = map[string][]string{
	"no-order":    {"sccp", "ansi_tcap", "ansi_map", "ansi_683"},
	"unknown-trn": {"ansi_683"},
}

// iotaLayers are those of a handset that is called back. Wireshark does not know
// what is in its documents.
var iotaLayers = []string{"smpp", "m3ua", "sccp", "ansi_tcap", "ansi_map", "ansi_637_tele", "http"}

// reached are the layers of a story of messages. Wireshark does not put the
// segments of IS-637 together, so that what they carry is not shown.
var reached = map[string][]string{
	"push-sl":               {"smpp", "m3ua", "sccp", "ansi_tcap", "ansi_map", "ansi_637_tele"},
	"push-cp-userpin":       {"smpp", "m3ua", "gsm_sms_ud", "wsp", "wbxml"},
	"push-cp-wrong-pin":     {"smpp", "m3ua", "sccp", "ansi_tcap", "ansi_map", "ansi_637_tele"},
	"push-postponed":        {"smpp", "m3ua", "sccp", "ansi_tcap", "ansi_map", "ansi_637_tele"},
	"iota-prl":              iotaLayers,
	"iota-ivr":              iotaLayers,
	"iota-split":            iotaLayers,
	"iota-settings":         iotaLayers,
	"iota-replayed-url":     iotaLayers,
	"iota-expired":          iotaLayers,
	"iota-one-button":       {"smpp", "m3ua", "http"},
	"iota-fails-then-otapa": {"smpp", "m3ua", "sccp", "ansi_tcap", "ansi_map", "ansi_637_tele", "ansi_683"},
	"push-relay":            {"smpp", "m3ua", "gsm_sms_ud", "wsp", "wbxml", "http"},
	"relay":                 {"smpp", "m3ua"},
}

// reaches tells whether the story has something of the layer.
func reaches(story, layer string) bool {
	if r := reached[story]; r != nil {
		return slices.Contains(r, layer)
	}
	return slices.Contains(layers, layer) && !slices.Contains(lacking[story], layer)
}

// TestDemo has tshark read the capture of every story of the demo: it must see
// as many messages of each layer as we do, and none that is wrong.
func TestDemo(t *testing.T) {
	needTshark(t)
	dir := t.TempDir()
	binary := filepath.Join(dir, "otagate")
	run(t, "go", "build", "-o", binary, "github.com/otagate/otagate/cmd/otagate")
	stories := strings.Fields(run(t, binary, "demo", "--list", "--names"))
	if len(stories) == 0 {
		t.Fatal("demo --list names no story")
	}
	t.Run("stories", func(t *testing.T) {
		for _, story := range stories {
			t.Run(story, func(t *testing.T) {
				t.Parallel()
				file := filepath.Join(dir, story+".pcap")
				run(t, binary, "demo", "--quiet", "--scenario", story, "--pcap", file)
				judgeStory(t, story, file)
			})
		}
	})
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	var stderr strings.Builder
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", filepath.Base(name), strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}

func judgeStory(t *testing.T, story, file string) {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ours := countLayers(t, b)
	theirs := map[string]int{}
	r := row{rank: rankDemo, what: "demo, " + story}
	for i, p := range tshark(t, file, "-o", "mtp3.standard:ANSI") {
		for _, proto := range p.children {
			theirs[proto.name]++
		}
		for _, c := range complaints(p) {
			if f := storyFault(c); f != nil {
				f.meet()
				r.known++
			} else {
				r.unknown++
				t.Errorf("frame %d: %s", i+1, c)
			}
		}
	}
	var counts []string
	for _, l := range slices.Concat(layers, more) {
		r.cases += ours[l]
		r.fields += ours[l]
		if ours[l] > 0 || reached[story] == nil && slices.Contains(layers, l) {
			counts = append(counts, fmt.Sprintf("%d %s", ours[l], l))
		}
		if ours[l] != theirs[l] || (ours[l] > 0) != reaches(story, l) {
			r.unknown++
			t.Errorf("%s: %d messages, tshark shows %d", l, ours[l], theirs[l])
		}
	}
	r.against = strings.Join(counts, ", ")
	r.agreed = r.cases - r.known - r.unknown
	result.add(r)
}

// storyFault is the known fault behind a complaint.
func storyFault(complaint string) *fault {
	for _, f := range demoFaults {
		if strings.HasPrefix(complaint, f.field) {
			return f
		}
	}
	return nil
}

// census counts the messages of a capture by our own decoders.
type census struct {
	t      *testing.T
	count  map[string]int
	stream map[[2]uint16][]byte
	otasp  map[ansi.TransactionID]bool // queries that carry IS-683
	parts  map[[2]uint8]map[uint8]bool // of messages of several parts, by reference and their number
}

// countLayers reads a capture of Ethernet and IPv4 in which each SCTP packet
// has one DATA chunk.
func countLayers(t *testing.T, file []byte) map[string]int {
	t.Helper()
	c := census{t: t, count: map[string]int{}, stream: map[[2]uint16][]byte{}, otasp: map[ansi.TransactionID]bool{}, parts: map[[2]uint8]map[uint8]bool{}}
	const fileHeader, packetHeader, ethernet, ip = 24, 16, 14, 20
	for b := file[fileHeader:]; len(b) > 0; {
		n := int(binary.LittleEndian.Uint32(b[8:]))
		frame := b[packetHeader : packetHeader+n]
		b = b[packetHeader+n:]
		body := frame[ethernet+ip:]
		switch proto := frame[ethernet+9]; proto {
		case 6:
			c.tcp([2]uint16{binary.BigEndian.Uint16(body), binary.BigEndian.Uint16(body[2:])}, body[4*(body[12]>>4):])
		case 132:
			c.m3ua(body[28 : 12+int(binary.BigEndian.Uint16(body[14:]))])
		default:
			t.Fatalf("IP protocol %d", proto)
		}
	}
	for path, s := range c.stream {
		if httpPort(path[0]) || httpPort(path[1]) {
			c.http(bufio.NewReader(bytes.NewReader(s)), httpPort(path[0]))
		}
	}
	return c.count
}

func httpPort(n uint16) bool { return n == 80 || n == 8080 || n == 8088 }

func (c *census) tcp(path [2]uint16, payload []byte) {
	s := append(c.stream[path], payload...)
	if httpPort(path[0]) || httpPort(path[1]) {
		c.stream[path] = s // looked at when all of it is there
		return
	}
	for len(s) >= smpp.HeaderLen && len(s) >= int(binary.BigEndian.Uint32(s)) {
		n := binary.BigEndian.Uint32(s)
		pdu, err := smpp.DecodePDU(s[:n])
		if err != nil {
			c.t.Error(err)
		}
		c.count["smpp"]++
		if m, is := pdu.Body.(*smpp.SubmitSM); is && m.ESMClass&0x40 != 0 {
			c.headed(m.ShortMessage)
		}
		s = s[n:]
	}
	c.stream[path] = s
}

// headed is a short message with a user data header. The one that completes a
// push shows it.
func (c *census) headed(b []byte) {
	var h udh.Header
	cursor := wire.NewCursor("udh", b)
	if h.Read(&cursor); cursor.Err() != nil {
		c.t.Error(cursor.Err())
		return
	}
	c.count["gsm_sms_ud"]++
	k, ok := h.Concatenation()
	if !ok {
		c.t.Error("a push of one short message: Wireshark may show it in another way")
		return
	}
	key := [2]uint8{uint8(k.Reference), k.Total}
	if c.parts[key] == nil {
		c.parts[key] = map[uint8]bool{}
	}
	complete := len(c.parts[key]) == int(k.Total)
	c.parts[key][k.Number] = true
	if !complete && len(c.parts[key]) == int(k.Total) {
		c.count["wsp"]++
		c.count["wbxml"]++
	}
}

// http counts the requests or answers of one direction.
func (c *census) http(in *bufio.Reader, answers bool) {
	for {
		if _, err := in.Peek(1); err != nil {
			return
		}
		var body io.ReadCloser
		if answers {
			r, err := http.ReadResponse(in, nil)
			if err != nil {
				c.t.Error(err)
				return
			}
			body = r.Body
		} else {
			r, err := http.ReadRequest(in)
			if err != nil {
				c.t.Error(err)
				return
			}
			body = r.Body
		}
		if _, err := io.Copy(io.Discard, body); err != nil {
			c.t.Error(err)
		}
		c.count["http"]++
	}
}

func (c *census) m3ua(b []byte) {
	m, err := m3ua.Decode(b)
	if err != nil {
		c.t.Error(err)
		return
	}
	c.count["m3ua"]++
	if d, ok := m.(*m3ua.Data); ok && d.SI == mtp.ServiceSCCP {
		c.sccp(d.UserData)
	}
}

func (c *census) sccp(b []byte) {
	cursor := wire.NewCursor("sccp", b)
	m, err := sccp.Read(&cursor, sccp.ANSI)
	if err != nil {
		c.t.Error(err)
		return
	}
	c.count["sccp"]++
	c.tcap(m.Payload())
}

func (c *census) tcap(b []byte) {
	var p ansi.Package
	if err := p.Decode(b); err != nil {
		c.t.Error(err)
		return
	}
	c.count["ansi_tcap"]++
	for i := range p.Components {
		k := &p.Components[i]
		c.count["ansi_map"]++
		switch {
		case k.Type.IsInvoke() && k.Operation == ansi.PrivateOperation(uint8(ansi41.SMSDeliveryPointToPoint)):
			var m ansi41.SMDPPInvoke
			if err := m.Decode(k.Parameters); err != nil {
				c.t.Error(err)
			}
			if m.ServiceIndicator.V == ansi41.ServiceCDMAOTASP || m.ServiceIndicator.V == ansi41.ServiceCDMAOTAPA {
				c.otasp[p.Originating] = true
				c.bearer(m.SMSBearerData)
			} else if m.SMSTeleserviceIdentifier.Given {
				c.teleservice(m.SMSBearerData)
			}
		case k.Type == ansi.ReturnResultLast && c.otasp[p.Responding]:
			var m ansi41.SMDPPResult
			if err := m.Decode(k.Parameters); err != nil {
				c.t.Error(err)
			}
			c.bearer(m.SMSBearerData.V)
		}
	}
}

func (c *census) teleservice(b []byte) {
	var m is637.Bearer
	if err := m.Decode(b); err != nil {
		c.t.Error(err)
	}
	c.count["ansi_637_tele"]++
}

func (c *census) bearer(b []byte) {
	if len(b) > 0 {
		c.count["ansi_683"]++
	}
}
