//go:build interop

package stp

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/otagate/otagate/ss7/m3ua"
)

// capture is what tcpdump sees of SCTP on the loopback interface.
type capture struct {
	t    *testing.T
	file string
	p    *process
}

func startCapture(t *testing.T) *capture {
	t.Helper()
	c := &capture{t: t, file: shared(t.Name() + ".pcap")}
	c.p = startProcess(t, exec.Command("tcpdump", "--immediate-mode", "-s", "2048", "-B", "16384", "-Z", "root", "-U", "-i", "lo", "-w", c.file, "sctp"))
	eventually(t, "tcpdump listens", func() bool { return strings.Contains(c.p.err.String(), "listening on") })
	return c
}

// end stops the capture when all is in it: tcpdump writes more slowly than the
// kernel hands it packets, and would drop the rest.
func (c *capture) end() {
	c.t.Helper()
	var size int64
	grew := time.Now()
	eventually(c.t, "the capture is written", func() bool {
		info, err := os.Stat(c.file)
		if err == nil && info.Size() != size {
			size, grew = info.Size(), time.Now()
		}
		return time.Since(grew) > time.Second
	})
	if err := c.p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		c.t.Fatal(err)
	}
	if err := c.p.cmd.Wait(); err != nil {
		c.t.Fatal(err)
	}
	c.p.cmd = nil
}

// decode runs tshark over the capture and returns the lines it prints.
func (c *capture) decode(args ...string) []string {
	c.t.Helper()
	out, err := exec.Command("tshark", append([]string{"-o", "mtp3.standard:ANSI", "-r", c.file}, args...)...).Output()
	if err != nil {
		c.t.Fatalf("tshark: %v", err)
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == '\n' })
}

// knownFault is what tshark 4.0 says of each OTASPREQ without a random variable
// of the base station: its grammar has the parameter as mandatory, N.S0011 has
// it as optional.
const knownFault = "BER Error: Missing field in SET class:CONTEXT(2) tag:41 expected"

// wellFormed fails the test for every frame that tshark cannot make sense of.
func (c *capture) wellFormed() {
	c.t.Helper()
	for _, line := range c.decode("-Y", "_ws.malformed", "-T", "fields", "-e", "_ws.col.Info", "-e", "_ws.expert.message") {
		if info, what, _ := strings.Cut(line, "\t"); !strings.Contains(info, "OTASP Request Invoke") || what != knownFault {
			c.t.Errorf("tshark calls this malformed: %s", line)
		}
	}
}

// chunk is one SCTP DATA chunk with an M3UA message.
type chunk struct {
	srcPort, stream, ppid int
	typ                   m3ua.Type
	sls                   int // of DATA
}

// chunks are those of the whole capture; a packet may hold several.
func (c *capture) chunks() (all []chunk) {
	c.t.Helper()
	lines := c.decode("-Y", "m3ua", "-T", "fields", "-E", "occurrence=a", "-e", "sctp.srcport", "-e", "sctp.data_sid",
		"-e", "sctp.data_payload_proto_id", "-e", "m3ua.message_class", "-e", "m3ua.message_type", "-e", "m3ua.protocol_data_sls")
	for _, line := range lines {
		f := strings.Split(line, "\t")
		if len(f) != 6 {
			c.t.Fatalf("tshark says %q", line)
		}
		var numbers [6][]int
		for i := range f {
			numbers[i] = c.numbers(f[i])
		}
		sls := numbers[5]
		for i := range numbers[1] {
			k := chunk{srcPort: numbers[0][0], stream: numbers[1][i], ppid: numbers[2][i], typ: m3ua.Type(numbers[3][i]<<8 | numbers[4][i]), sls: -1}
			if k.typ == m3ua.TypeData {
				k.sls, sls = sls[0], sls[1:]
			}
			all = append(all, k)
		}
	}
	return all
}

func (c *capture) numbers(list string) (all []int) {
	for _, text := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' }) {
		n, err := strconv.ParseInt(text, 0, 64)
		if err != nil {
			c.t.Fatal(err)
		}
		all = append(all, int(n))
	}
	return all
}

// TestWire looks at what was on the wire: RFC 4666 §1.4.7, §1.4.8.
func TestWire(t *testing.T) {
	const n = 160
	cases := show(t, "the capture, decoded by tshark: payload protocol identifier 3; management on stream 0, DATA never; one SLS always on the same stream, and the SLSs spread over several; nothing malformed")
	startSTP(t, "static.cfg")
	c := startCapture(t)
	a := startASP(t, config("a", at(2911), 101)).active()
	b := startASP(t, config("b", at(2912), 102)).active()
	a.reaches(pcB)
	b.reaches(pcA)
	b.send(pcB, pcA, 0, n)
	a.send(pcA, pcB, 0, n)
	b.arrived(pcA, pcB, 0, n)
	a.arrived(pcB, pcA, 0, n)
	a.stop()
	b.stop()
	c.end()
	c.wellFormed()
	streams, used := map[string]int{}, map[int]bool{}
	for _, k := range c.chunks() {
		if k.srcPort != 2911 && k.srcPort != 2912 {
			continue // osmo-stp's
		}
		*cases++
		switch {
		case k.ppid != 3:
			t.Errorf("%v with payload protocol identifier %d", k.typ, k.ppid)
		case (k.typ == m3ua.TypeData) == (k.stream == 0):
			t.Errorf("%v on stream %d", k.typ, k.stream)
		case k.typ == m3ua.TypeData:
			of := fmt.Sprint(k.srcPort, k.sls)
			if s, some := streams[of]; some && s != k.stream {
				t.Errorf("SLS %d on streams %d and %d", k.sls, s, k.stream)
			}
			streams[of], used[k.stream] = k.stream, true
		}
	}
	if *cases < 2*n {
		t.Errorf("%d messages seen", *cases)
	}
	if len(used) < 2 {
		t.Errorf("streams used: %v", used)
	}
}
