//go:build interop

package tshark_test

import (
	"encoding/hex"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var (
	seed     = flag.Int("seed", defaultSeed, "seed of the generated messages")
	messages = flag.Int("messages", defaultMessages, "generated messages of every encoder")
	whole    = flag.Bool("whole", false, "print the whole dissection of what differs")
	show     = flag.Int("show", 5, "unknown differences to print of every encoder")
)

const (
	defaultSeed     = 1
	defaultMessages = 2000
)

// how tells how a value of ours is compared with one of Wireshark's.
type how int

const (
	number   how = iota // an unsigned number, printed decimal or hexadecimal
	octets              // hexadecimal digits of what is shown
	text                // what is shown, to the letter
	raw                 // the octets that the field was read from
	presence            // that it is there
	bits                // the bits of the octets it was read from; a point in the pattern is any bit
)

// column is one line of a table: a field of ours and Wireshark's name for it.
type column struct {
	ours, theirs string
	how          how
}

// table is a protocol's fields. ignored are fields of Wireshark's that say
// again what another field says, with what that is.
type table struct {
	columns []column
	ignored map[string]string
}

func (t *table) find(ours string) *column {
	for i := range t.columns {
		if t.columns[i].ours == ours {
			return &t.columns[i]
		}
	}
	panic("no column " + ours) // a mistake in the test
}

func (t *table) theirs(name string) *column {
	for i := range t.columns {
		if t.columns[i].theirs == name {
			return &t.columns[i]
		}
	}
	return nil
}

// value is one field as we meant it. wrong is what Wireshark shows instead,
// where the known fault says exactly that.
type value struct {
	column *column
	want   string
	wrong  string
	fault  *fault
}

// anything is what is not compared: it is there, and Wireshark reads it from
// where it is not.
const anything = "*"

// sample is one message and what we meant by it.
type sample struct {
	kind    string // for the reader
	message any    // for the table of known faults
	packet  packet
	before  []packet // what tshark has to see first to understand it
	values  []value
	table   *table

	// unreadable is the known fault for which tshark gives up on the packet.
	unreadable *fault
}

func (s *sample) add(ours string, v string) {
	s.values = append(s.values, value{column: s.table.find(ours), want: v})
}

// addWrong is add of a value that Wireshark shows wrong.
func (s *sample) addWrong(ours, v, wrong string, f *fault) {
	s.values = append(s.values, value{s.table.find(ours), v, wrong, f})
}

// sub is an empty sample with the same table, for values whose place is not
// known yet.
func (s *sample) sub() *sample { return &sample{table: s.table} }

func (s *sample) number(ours string, v uint64) { s.add(ours, strconv.FormatUint(v, 10)) }

func (s *sample) octets(ours string, b []byte) { s.add(ours, hex.EncodeToString(b)) }

func (s *sample) flag(ours string, b bool) {
	if b {
		s.number(ours, 1)
	} else {
		s.number(ours, 0)
	}
}

// got is the value of n in the form of the column.
func (c *column) got(n *node) string {
	switch c.how {
	case number:
		switch n.show {
		case "True":
			return "1"
		case "False":
			return "0"
		}
		if v, err := strconv.ParseUint(n.show, 0, 64); err == nil {
			return strconv.FormatUint(v, 10)
		}
		if v, err := strconv.ParseUint(n.value, 16, 64); err == nil && strings.HasPrefix(n.show, "-") {
			return strconv.FormatUint(v, 10) // a signed form of what we have unsigned
		}
		return "no number: " + n.show
	case octets:
		return strings.ReplaceAll(n.show, ":", "")
	case raw:
		return n.value
	case bits:
		b, err := hex.DecodeString(n.value)
		if err != nil {
			return "no octets: " + n.value
		}
		return bitString(b)
	case presence:
		return "there"
	}
	return n.show
}

// bitString are the bits of b.
func bitString(b []byte) string {
	var sb strings.Builder
	for _, o := range b {
		fmt.Fprintf(&sb, "%08b", o)
	}
	return sb.String()
}

// agrees holds what tshark shows against what was meant.
func (v *value) agrees(got string) bool {
	if v.want == got || v.want == anything {
		return true
	}
	if v.column.how != bits || len(v.want) != len(got) {
		return false
	}
	for i := range len(got) {
		if v.want[i] != '.' && v.want[i] != got[i] {
			return false
		}
	}
	return true
}

// difference is what tshark shows of one field against what we meant.
type difference struct {
	ours, theirs string
	want, got    []string
	faults       []*fault // that explain all of it
}

func (d *difference) String() string {
	return fmt.Sprintf("%s (%s): meant %q, tshark shows %q", d.ours, d.theirs, d.want, d.got)
}

// expert is the node with which tshark finds fault: gaveUp is what it says of a
// packet that it cannot read.
const (
	expert = "_ws.expert.message"
	gaveUp = "Malformed Packet (Exception occurred)"
)

// compare holds a dissected packet against the sample.
func (b *batch) compare(s *sample, p *node) (ds []difference, fields int) {
	got := map[string][]string{}
	var order []string
	see := func(name, v string) {
		if got[name] == nil {
			order = append(order, name)
		}
		got[name] = append(got[name], v)
	}
	inside := 0
	for _, proto := range p.children {
		ours := slices.Contains(b.protocols, proto.name)
		if ours {
			inside++
		}
		proto.walk(func(n *node) bool {
			switch {
			case n.name == expert && slices.ContainsFunc(b.remarks, func(r string) bool { return strings.HasPrefix(n.show, r) }):
			case n.name == expert:
				see(n.name, n.show)
			case n.name == "" && b.headings != nil && b.headings(n) != "":
				see(b.headings(n), n.value)
			case strings.HasPrefix(n.name, "_ws.") || n == proto:
			case !ours || n.name == "" || b.table.ignored[n.name] != "":
			default:
				c := b.table.theirs(n.name)
				if c == nil {
					see(n.name, n.show)
					break
				}
				see(n.name, c.got(n))
			}
			return true
		})
	}
	if inside == 0 {
		return []difference{{ours: "protocol", theirs: strings.Join(b.protocols, ","), want: []string{"decoded"}}}, 0
	}
	want := map[string][]value{}
	var wanted []string
	for _, v := range s.values {
		name := v.column.theirs
		if want[name] == nil {
			wanted = append(wanted, name)
		}
		want[name] = append(want[name], v)
	}
	for _, name := range order {
		if want[name] == nil {
			ours := "nothing"
			if c := b.table.theirs(name); c != nil {
				ours = c.ours
			}
			ds = append(ds, difference{ours: ours, theirs: name, got: got[name]})
		}
	}
	for _, name := range wanted {
		fields += len(want[name])
		if d := differ(want[name], got[name]); d != nil {
			ds = append(ds, *d)
		}
	}
	return ds, fields
}

// differ compares all values of one field of Wireshark's in their order.
func differ(want []value, got []string) *difference {
	d := difference{ours: want[0].column.ours, theirs: want[0].column.theirs, got: got}
	same, explained := len(want) == len(got), len(want) == len(got)
	for i := range want {
		v := &want[i]
		d.want = append(d.want, v.want)
		switch {
		case i >= len(got) || v.agrees(got[i]):
		case v.fault != nil && v.wrong == got[i]:
			same, d.faults = false, append(d.faults, v.fault)
		default:
			same, explained = false, false
		}
	}
	if same {
		return nil
	}
	if !explained {
		d.faults = nil
	}
	return &d
}

// batch is one encoder held against one dissector.
type batch struct {
	name      string // of the row of the report
	against   string // Wireshark's dissector
	protocols []string
	options   []string
	table     *table
	draw      func(t *rapid.T) *sample

	// remarks are beginnings of expert messages that the batch provokes on
	// purpose. headings gives a name to lines that have none but stand for
	// octets.
	remarks  []string
	headings func(n *node) string
}

// generate draws n messages.
func (b *batch) generate(n int) []*sample {
	gen := rapid.Custom(b.draw)
	samples := make([]*sample, n)
	for i := range samples {
		samples[i] = gen.Example(*seed*1_000_000 + i)
	}
	return samples
}

// dissect has tshark read all samples in one run.
func (b *batch) dissect(t *testing.T, samples []*sample) []*node {
	t.Helper()
	var packets []packet
	var at []int
	for _, s := range samples {
		packets = append(packets, s.before...)
		at = append(at, len(packets))
		packets = append(packets, s.packet)
	}
	file := filepath.Join(t.TempDir(), "batch.pcap")
	writeCapture(t, file, packets)
	all := tshark(t, file, b.options...)
	if len(all) != len(packets) {
		t.Fatalf("tshark shows %d packets of %d", len(all), len(packets))
	}
	frames := make([]*node, len(samples))
	for i := range samples {
		frames[i] = all[at[i]]
	}
	return frames
}

// run generates the messages, has tshark read them in one run, and compares.
func (b *batch) run(t *testing.T) {
	needTshark(t)
	samples := b.generate(*messages)
	frames := b.dissect(t, samples)
	r := row{what: b.name, against: b.against, cases: len(samples)}
	printed, fieldsOf := 0, map[string]int{}
	for i, s := range samples {
		ds, fields := b.compare(s, frames[i])
		r.fields += fields
		unknown := excuse(s, ds, b.name)
		switch {
		case len(unknown) > 0:
			r.unknown++
			for i := range unknown {
				fieldsOf[unknown[i].theirs]++
			}
			if printed++; printed <= *show {
				t.Errorf("message %d, %s\n%x\n%s%s", i, s.kind, s.packet.octets, list(unknown), b.dump(frames[i]))
			}
		case len(ds) > 0:
			r.known++
		default:
			r.agreed++
		}
	}
	if r.unknown > 0 {
		t.Errorf("%s: %d of %d messages differ without a known reason (seed %d), in %v", b.name, r.unknown, r.cases, *seed, fieldsOf)
	}
	result.add(r)
}

// dump is the dissection for the reader, if it is wanted.
func (b *batch) dump(p *node) string {
	if !*whole {
		return ""
	}
	var sb strings.Builder
	for _, proto := range p.children {
		if !slices.Contains(b.protocols, proto.name) {
			continue
		}
		proto.walk(func(n *node) bool {
			fmt.Fprintf(&sb, "\t\t%s = %q [%s] %s\n", n.name, n.show, n.value, n.showname)
			return true
		})
	}
	return sb.String()
}

func list(ds []difference) string {
	var sb strings.Builder
	for i := range ds {
		fmt.Fprintf(&sb, "\t%s\n", &ds[i])
	}
	return sb.String()
}
