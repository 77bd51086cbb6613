package m3ua_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
)

const vectors = "../../testdata/m3ua"

func decode(b []byte) (testvec.Message, error) { return m3ua.Decode(b) }

func TestVectors(t *testing.T) { testvec.Codec(t, vectors, "m3ua", decode) }

func FuzzDecode(f *testing.F) { testvec.Fuzz(f, vectors, "m3ua", decode) }

// good is every vector that decodes.
func good(t testing.TB) []testvec.Vector {
	t.Helper()
	vs, err := testvec.Load(vectors)
	if err != nil {
		t.Fatal(err)
	}
	var out []testvec.Vector
	for _, v := range vs {
		if v.Fault == "" {
			out = append(out, v)
		}
	}
	return out
}

func TestEveryMessageHasAVector(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range good(t) {
		m, err := m3ua.Decode(v.Octets)
		if err != nil {
			t.Fatal(err)
		}
		seen[m.Type().String()] = true
	}
	for _, name := range []string{"ERR", "NTFY", "DATA", "DUNA", "DAVA", "DAUD", "SCON", "DUPU", "DRST", "ASPUP", "ASPDN", "BEAT",
		"ASPUP ACK", "ASPDN ACK", "BEAT ACK", "ASPAC", "ASPIA", "ASPAC ACK", "ASPIA ACK", "REG REQ", "REG RSP", "DEREG REQ", "DEREG RSP"} {
		if !seen[name] {
			t.Errorf("no vector of %s", name)
		}
	}
}

func TestJSON(t *testing.T) {
	for _, v := range good(t) {
		m, err := m3ua.Decode(v.Octets)
		if err != nil {
			t.Fatal(err)
		}
		j, err := m3ua.ToJSON(m)
		if err != nil {
			t.Fatal(err)
		}
		back, err := m3ua.FromJSON(j)
		if err != nil {
			t.Fatalf("%s: %v", j, err)
		}
		got, err := back.Append(nil)
		if err != nil || !bytes.Equal(got, v.Canonical) {
			t.Errorf("%s: %s\n got %x (%v)\nwant %x", v.Name, j, got, err, v.Canonical)
		}
	}
	for _, bad := range []string{`{}`, `{"message":"NOPE"}`, `{"message":"DATA","Extra":1}`, `{"message":"SCON","Level":256}`, `[`, `{"message":"DATA","UserData":"0"}`} {
		if _, err := m3ua.FromJSON([]byte(bad)); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

// TestTrace holds the printed form of the published DATA against its fields.
func TestTrace(t *testing.T) {
	v, err := testvec.LoadFile(vectors + "/data.hex")
	if err != nil {
		t.Fatal(err)
	}
	tr := &wire.Trace{}
	c := wire.NewCursorAt("m3ua", v[0].Octets, 0, tr)
	if _, err := m3ua.Read(&c); err != nil {
		t.Fatal(err)
	}
	want := `     0  version                              1
     1  reserved                             0
     2  message_class                        1
     3  message_type                         1  (DATA)
     4  message_length                       100
    12  network_appearance                   1
    20  routing_context                      100
    28  protocol_data
    28    opc                                68613  (1-12-5)
    32    dpc                                68614  (1-12-6)
    36    si                                 3
    37    ni                                 2
    38    mp                                 0
    39    sls                                5
`
	got := tr.Text(false)
	if i := strings.Index(got, "    40"); i > 0 {
		got = got[:i]
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestTracedEqualsPlain decodes every vector, good and bad, both ways.
func TestTracedEqualsPlain(t *testing.T) {
	vs, err := testvec.Load(vectors)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vs {
		for n := range len(v.Octets) + 1 {
			c := wire.NewCursorAt("m3ua", v.Octets[:n], 0, &wire.Trace{})
			traced, terr := m3ua.Read(&c)
			plain, perr := m3ua.Decode(v.Octets[:n])
			if (terr == nil) != (perr == nil) || terr != nil && terr.Error() != perr.Error() {
				t.Fatalf("%s cut to %d: traced %v, plain %v", v.Name, n, terr, perr)
			}
			if terr == nil {
				if d := cmp.Diff(plain, traced); d != "" {
					t.Fatalf("%s: %s", v.Name, d)
				}
			}
		}
	}
}

func TestErrorCodes(t *testing.T) {
	vs, err := testvec.LoadFile(vectors + "/bad.hex")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]m3ua.ErrorCode{
		"version": m3ua.InvalidVersion, "protocol_data": m3ua.MissingParameter, "message_length": m3ua.ProtocolError,
		"opc":             m3ua.InvalidParameterValue,
		"routing_context": m3ua.ParameterFieldError, "network_appearance": m3ua.ParameterFieldError,
		"parameter_header": m3ua.ProtocolError, "congestion_indications": m3ua.ParameterFieldError,
		"originating_point_code_list": m3ua.UnexpectedParameter, "service_indicators": m3ua.UnexpectedParameter,
	}
	seen := map[m3ua.ErrorCode]int{}
	for _, v := range vs {
		_, err := m3ua.Decode(v.Octets)
		code := m3ua.CodeOf(err)
		seen[code]++
		w, special := want[v.Fault]
		switch {
		case strings.Contains(err.Error(), wire.ErrMissing.Error()):
			w = m3ua.MissingParameter
		case strings.Contains(err.Error(), wire.ErrLength.Error()) && w == m3ua.MissingParameter, !special:
			w = m3ua.ParameterFieldError
		}
		if code != w {
			t.Errorf("%s: %v gives %v, want %v", v.Name, err, code, w)
		}
	}
	for _, c := range []m3ua.ErrorCode{m3ua.InvalidVersion, m3ua.ProtocolError, m3ua.MissingParameter, m3ua.ParameterFieldError} {
		if seen[c] == 0 {
			t.Errorf("no vector gives %v", c)
		}
	}
	var d m3ua.Data
	if code := m3ua.CodeOf(d.Decode([]byte{1, 0, 5, 1, 0, 0, 0, 8})); code != m3ua.UnsupportedMessageClass {
		t.Errorf("class 5: %v", code)
	}
	if code := m3ua.CodeOf(d.Decode([]byte{1, 0, 1, 2, 0, 0, 0, 8})); code != m3ua.UnsupportedMessageType {
		t.Errorf("type 2: %v", code)
	}
}

func TestUnencodable(t *testing.T) {
	for _, m := range []m3ua.Message{
		&m3ua.Data{UserData: make([]byte, 65520)},
		&m3ua.DUNA{},
		&m3ua.DAVA{Destinations: m3ua.Destinations{Affected: []m3ua.AffectedPointCode{{PC: 1 << 24}}}},
		&m3ua.SCON{Affected: []m3ua.AffectedPointCode{{}}, Concerned: m3ua.Some(mtp.PointCode(1 << 24))},
		&m3ua.DUPU{}, &m3ua.RegistrationRequest{}, &m3ua.RegistrationRequest{Keys: []m3ua.RoutingKey{{}}},
		&m3ua.RegistrationResponse{}, &m3ua.DeregistrationRequest{}, &m3ua.DeregistrationResponse{},
		&m3ua.ASPUp{StateMaintenance: m3ua.StateMaintenance{Info: make([]byte, 65532)}},
		&m3ua.ASPDown{StateMaintenance: m3ua.StateMaintenance{ASPIdentifier: m3ua.Some(uint32(1))}},
		&m3ua.ASPDownAck{StateMaintenance: m3ua.StateMaintenance{ASPIdentifier: m3ua.Some(uint32(1))}},
	} {
		if _, err := m.Append(nil); err == nil {
			t.Errorf("%v: no error", m.Type())
		}
	}
	big := &m3ua.Data{UserData: make([]byte, 65519)}
	b, err := big.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := new(m3ua.Data).Decode(b); err != nil {
		t.Fatal(err)
	}
}

func TestNoAllocs(t *testing.T) {
	b := good(t)[indexOf(t, "data/1")].Octets
	var d m3ua.Data
	dst := make([]byte, 0, 256)
	testvec.NoAllocs(t, "decode DATA", func() {
		if err := d.Decode(b); err != nil {
			t.Fatal(err)
		}
	})
	testvec.NoAllocs(t, "encode DATA", func() { dst, _ = d.Append(dst[:0]) })
}

func indexOf(t *testing.T, name string) int {
	for i, v := range good(t) {
		if v.Name == name {
			return i
		}
	}
	t.Fatalf("no vector %s", name)
	return 0
}

func TestAffectedPointCode(t *testing.T) {
	cluster := m3ua.AffectedPointCode{Mask: 8, PC: mtp.ANSI(1, 12, 0)}
	for pc, want := range map[mtp.PointCode]bool{mtp.ANSI(1, 12, 6): true, mtp.ANSI(1, 13, 6): false} {
		if cluster.Covers(pc) != want {
			t.Errorf("%v: want %v", pc, want)
		}
	}
	if !(m3ua.AffectedPointCode{Mask: 24}).Covers(5) || !(m3ua.AffectedPointCode{Mask: 255}).Covers(5) {
		t.Error("a mask of all bits covers everything")
	}
}

func TestCloneDoesNotBorrow(t *testing.T) {
	in := &m3ua.Data{UserData: wire.Hex{1, 2}, Unknown: []m3ua.Parameter{{Tag: 9, Value: wire.Hex{3}}}}
	b, err := in.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var d m3ua.Data
	if err := d.Decode(b); err != nil {
		t.Fatal(err)
	}
	c := d.Clone()
	for i := range b {
		b[i] = 0xee
	}
	if d := cmp.Diff(in, c); d != "" {
		t.Error(d)
	}
}

// TestTypedDecode decodes into a used value of the right type and of wrong ones.
func TestTypedDecode(t *testing.T) {
	vs := good(t)
	for _, v := range vs {
		m, err := m3ua.Decode(v.Octets)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range vs {
			err := m.Decode(w.Octets)
			other, _ := m3ua.Decode(w.Octets)
			if _, any := m.(*m3ua.Other); any || other.Type() == m.Type() {
				if err != nil {
					t.Errorf("%v from %s: %v", m.Type(), w.Name, err)
				}
				continue
			}
			if code := m3ua.CodeOf(err); code != m3ua.UnsupportedMessageType && code != m3ua.UnsupportedMessageClass {
				t.Errorf("%v from %s: %v", m.Type(), w.Name, err)
			}
		}
		if err := m.Decode(v.Octets); err != nil {
			t.Fatal(err)
		}
		got, err := m.Append(nil)
		if err != nil || !bytes.Equal(got, v.Canonical) {
			t.Errorf("%s into a used value: %x, %v", v.Name, got, err)
		}
	}
}

func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		m3ua.ErrorCode(0x99).String():               "error code 0x99",
		m3ua.NoConfiguredAS.String():                "no configured AS for ASP",
		m3ua.UnavailabilityCause(9).String():        "cause 9",
		m3ua.CauseInaccessible.String():             "inaccessible remote user",
		m3ua.Status(3<<16 | 4).String():             "status type 3 information 4",
		m3ua.TrafficMode(7).String():                "mode 7",
		m3ua.RegistrationKeyChangeRefused.String():  "not registered, reason 11",
		m3ua.DeregistrationStatus(0).String():       "successfully deregistered",
		m3ua.Sent.String() + m3ua.Received.String(): "sentreceived",
		m3ua.Type(0x0700).String():                  "class 7 type 0",
		m3ua.Tag(0x999).String():                    "parameter_0x0999",
		m3ua.RecoveryTimeout.String():               "T(r) expired",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
