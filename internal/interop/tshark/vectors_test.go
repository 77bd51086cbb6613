//go:build interop

package tshark_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/sms/tpdu"
	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

const vectors = "../../../testdata"

// malformed are Wireshark's numbers of the expert group and of the severity
// with which it says that a packet is wrong.
const (
	groupMalformed = "117440512"
	severityError  = "8388608"
)

// complaints are what tshark finds wrong with a packet.
func complaints(p *node) (cs []string) {
	p.walk(func(n *node) bool {
		switch n.name {
		case "_ws.expert":
			var message, group, severity string
			for _, c := range n.children {
				switch c.name {
				case expert:
					message = c.show
				case "_ws.expert.group":
					group = c.show
				case "_ws.expert.severity":
					severity = c.show
				}
			}
			if group == groupMalformed || severity == severityError {
				if !strings.HasPrefix(message, "BER Error: This field lies beyond the end") { // see TestTCAP
					cs = append(cs, message)
				}
			}
		case "ansi_637.short_data", "ansi_637.extraneous_data", "ansi_637.unexpected_length", "ansi_683.short_data", "ansi_683.extraneous_data", "ansi_683.data_length.invalid":
			cs = append(cs, n.showname)
		}
		return true
	})
	return cs
}

// options are the args of a vector: variant, component, operation, in any order.
func options(t *testing.T, args []string) (o dissect.Options) {
	t.Helper()
	for _, a := range args {
		switch a {
		case "--variant", "--direction":
			// The value says enough.
		case "mo", "mt":
			o.Direction, _ = tpdu.ParseDirection(a)
		case "itu":
			o.Variant = sccp.ITU
		case "invoke":
			o.Component = ansi41.Invoke
		case "result":
			o.Component = ansi41.ReturnResult
		default:
			op, ok := ansi41.ParseOperation(a)
			if !ok {
				t.Fatalf("args: %q is nothing that this test knows", a)
			}
			o.Operation = op
		}
	}
	return o
}

// vectorPackets are the packets with which tshark sees a vector, the last one
// being the vector itself.
func vectorPackets(t *testing.T, v *testvec.Vector, o dissect.Options, ids *transactionIDs) []packet {
	t.Helper()
	set := func(parameters []byte) []packet {
		id, operation := ids.next(), ansi.PrivateOperation(uint8(o.Operation))
		ask := ansi.Component{Type: ansi.InvokeLast, HasInvokeID: true, InvokeID: 1, Operation: operation}
		if o.Component != ansi41.ReturnResult {
			ask.Parameters = parameters
		}
		ps := []packet{{at: protocol("ansi_tcap"), octets: pack(t, &ansi.Package{Type: ansi.QueryWithPermission, Originating: id, Components: []ansi.Component{ask}})}}
		if o.Component == ansi41.ReturnResult {
			answer := ansi.Component{Type: ansi.ReturnResultLast, HasCorrelationID: true, CorrelationID: 1, Parameters: parameters}
			ps = append(ps, packet{at: protocol("ansi_tcap"), back: true, octets: pack(t, &ansi.Package{Type: ansi.Response, Responding: id, Components: []ansi.Component{answer}})})
		}
		return ps
	}
	switch v.Proto {
	case "m3ua", "smpp", "sccp":
		return []packet{{at: protocol(v.Proto), octets: v.Octets}}
	case "wsp":
		return []packet{{at: pushPort, octets: v.Octets}}
	case "tcap", "ansi41":
		return []packet{{at: protocol("ansi_tcap"), octets: v.Octets}}
	case "tcap-component":
		b := element(0xe4, slices.Concat(element(0xc7, []byte{0, 0, 2, 1}), element(0xe8, v.Octets)))
		return []packet{{at: protocol("ansi_tcap"), octets: b}}
	case "ansi41-set":
		return set(v.Octets)
	case "sms-tpdu":
		return []packet{{at: towards(o.Direction), octets: v.Octets}}
	case "is683-fwd":
		return []packet{{at: tableEntry("ansi_map.ota", 0), octets: v.Octets}}
	case "is683-rev":
		return []packet{{at: tableEntry("ansi_map.ota", 1), octets: v.Octets}}
	case "is637", "is637-bearer":
		// Bearer data alone is what a message carries.
		b := v.Octets
		if v.Proto == "is637-bearer" || is637.IsBearer(b) {
			b = append([]byte{0, 0, 2, 0x10, 2, 8, byte(len(b))}, b...)
		}
		return []packet{{at: protocol("ansi_637_trans"), octets: b}}
	}
	return nil // Wireshark has no dissector
}

func pack(t *testing.T, p *ansi.Package) []byte {
	t.Helper()
	b, err := p.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// verdict is what both make of one vector.
type verdict struct {
	vector     testvec.Vector
	refused    error
	complaints []string
}

// readers are what reads the vectors: no dissector of what a layer carries, so
// that a complaint is about the layer itself.
var readers = []struct {
	protos  []string
	variant sccp.Variant
	options []string
}{
	{[]string{"m3ua"}, sccp.ANSI, m3uaOptions},
	{[]string{"sccp"}, sccp.ANSI, sccpOptions("mtp3.standard:ANSI")},
	{[]string{"sccp"}, sccp.ITU, sccpOptions("mtp3.standard:ITU")},
	{[]string{"tcap", "tcap-component"}, sccp.ANSI, disable("ansi_map", "ain")},
	{[]string{"ansi41", "ansi41-set"}, sccp.ANSI, disable("ansi_683", "ansi_637_tele", "ansi_801")},
	{[]string{"is683-fwd", "is683-rev"}, sccp.ANSI, nil},
	{[]string{"is637", "is637-bearer"}, sccp.ANSI, nil},
	{[]string{"smpp"}, sccp.ANSI, smppOptions},
	{[]string{"sms-tpdu"}, sccp.ANSI, tpduOptions},
	{[]string{"wsp"}, sccp.ANSI, wspOptions},
}

// refuse is what we say to a vector.
func refuse(v *testvec.Vector, o dissect.Options) error {
	if v.Proto == "tcap-component" {
		return new(ansi.Component).Decode(v.Octets)
	}
	_, err := dissect.Decode(v.Proto, v.Octets, o)
	return err
}

func loadVectors(t *testing.T) (all []testvec.Vector) {
	t.Helper()
	for _, pattern := range []string{"*/*.hex", "*/*/*.hex"} {
		files, err := filepath.Glob(filepath.Join(vectors, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			vs, err := testvec.LoadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range vs {
				v.Name = filepath.Base(filepath.Dir(f)) + "/" + v.Name
				all = append(all, v)
			}
		}
	}
	return all
}

// judgeVectors has both read the vectors of some protocols, in one run.
func judgeVectors(t *testing.T, all []testvec.Vector, protos []string, variant sccp.Variant, tsharkOptions []string) (vs []verdict) {
	t.Helper()
	var packets []packet
	var at []int
	var ids transactionIDs
	for _, v := range all {
		if !slices.Contains(protos, v.Proto) {
			continue
		}
		o := options(t, v.Args)
		if o.Variant != variant {
			continue
		}
		packets = append(packets, vectorPackets(t, &v, o, &ids)...)
		at = append(at, len(packets)-1)
		vs = append(vs, verdict{vector: v, refused: refuse(&v, o)})
	}
	file := filepath.Join(t.TempDir(), "vectors.pcap")
	writeCapture(t, file, packets)
	frames := tshark(t, file, tsharkOptions...)
	if len(frames) != len(packets) {
		t.Fatalf("tshark shows %d packets of %d", len(frames), len(packets))
	}
	for i := range vs {
		vs[i].complaints = complaints(frames[at[i]])
	}
	return vs
}

// TestVectors: what tshark calls malformed, we refuse; and the other way round,
// with the reasons for what differs.
func TestVectors(t *testing.T) {
	needTshark(t)
	all := loadVectors(t)
	var vs []verdict
	for _, r := range readers {
		vs = append(vs, judgeVectors(t, all, r.protos, r.variant, r.options)...)
	}
	refused := row{rank: rankVectors, what: "vectors that we refuse", against: "tshark complains"}
	taken := row{rank: rankVectors, what: "vectors that we take", against: "tshark does not complain"}
	for _, v := range vs {
		r := &taken
		if v.refused != nil {
			r = &refused
		}
		if (v.vector.Fault != "") != (v.refused != nil) {
			t.Errorf("%s: expects %q, we say %v", v.vector.Name, v.vector.Fault, v.refused)
		}
		r.cases++
		r.fields++
		switch {
		case (v.refused != nil) == (len(v.complaints) > 0):
			r.agreed++
		case findReason(v) != nil:
			findReason(v).met++
			r.known++
		default:
			r.unknown++
			t.Errorf("%s: we say %v, tshark %q\n%s %v %x", v.vector.Name, v.refused, v.complaints, v.vector.Proto, v.vector.Args, v.vector.Octets)
		}
	}
	result.add(taken)
	result.add(refused)
	for _, r := range reasons {
		if r.met == 0 {
			t.Errorf("no vector needs the reason for %s %s: %s", r.vectors, r.text, r.why)
		}
	}
}
