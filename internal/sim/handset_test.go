package sim_test

import (
	"bytes"
	"encoding/hex"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func parseSPC(t *testing.T, s string) is683.SPC {
	t.Helper()
	spc, err := is683.ParseSPC(s, is683.HighFirst)
	if err != nil {
		t.Fatal(err)
	}
	return spc
}

// minimal is the smallest list of the vectors.
const minimal = "0017cafe000080022f54080167fffe8000000000049e4b"

// TestHandsetAgainstVectors: to forward messages from outside, the handset
// answers the reverse messages from outside, octet for octet.
func TestHandsetAgainstVectors(t *testing.T) {
	vectorHandset := func(c *sim.HandsetConfig) {
		c.Features = []is683.Feature{{ID: is683.FeatureNAMDownload, PRev: 2}, {ID: is683.FeatureKeyExchange, PRev: 2}, {ID: is683.FeatureSystemSelection, PRev: 1}}
		c.Memory.MDN = "5551234567"
		c.Memory.IMSIM = is683.IMSIM{MCC: "310", IMSI1112: "00", S: "5551234567"}
		c.Memory.Access = is683.Access{ACCOLC: 7, MobTermHome: true, MobTermForSID: true, MobTermForNID: true}
		c.Memory.SIDNID = []is683.SIDNID{{SID: 4139, NID: 65535}}
	}
	for _, c := range []struct {
		name  string
		setup func(*sim.HandsetConfig)
		say   []string // request, answer, request, answer …
	}{
		{"Protocol Capability", nil, []string{"06", "06010242030002010202010160"}},
		{"Protocol Capability of a later revision", nil, []string{"060403000102", "06010242030002010202010160"}},
		{"Verify SPC", nil, []string{"09010003000000", "09010000"}},
		{"Verify SPC, wrong", func(c *sim.HandsetConfig) { c.Memory.SPC, _ = is683.ParseSPC("246802", is683.HighFirst) }, []string{"09010003123456", "0901000b"}},
		{"Verify SPC, right", func(c *sim.HandsetConfig) { c.Memory.SPC, _ = is683.ParseSPC("123456", is683.HighFirst) }, []string{"09010003123456", "09010000"}},
		{"Change SPC", nil, []string{"09010103000000", "09010100"}},
		{"Validate SPASM, which it does not have", nil, []string{"0901020140", "09010207"}},
		{"read MDN", nil, []string{"000101", "00010106a555123456700000"}},
		{"read MDN and IMSI_T", func(c *sim.HandsetConfig) { c.Memory.IMSIT = is683.IMSIT{MCC: "310", IMSI1112: "00", S: "5551234567"} },
			[]string{"00020103", "00020106a55512345670030703471b78062390000000"}},
		{"read CDMA NAM", nil, []string{"000102", "00010210200603471b78062390ee080240affffc0000"}},
		{"Download NAM and MDN", nil, []string{"0102020d03471b78062390ee0240affffc0106a55512345670" + "00", "010202000100"}},
		{"Download MDN", nil, []string{"01010106a5551234567000", "01010100"}},
		{"Download IMSI_T", nil, []string{"0101030703471b7806239000", "01010300"}},
		{"Download CDMA NAM", nil, []string{"0101020d03471b78062390ee0240affffc00", "01010200"}},
		{"Download CDMA/analog NAM", func(c *sim.HandsetConfig) { c.Analog = true }, []string{"0101001129a40ac068e36f00c4721dc04815ffff8000", "01010000"}},
		{"Download of an opaque block", nil, []string{"01010102abcd00", "01010102"}},
		{"SSPR Download in one segment", nil, []string{"08001b01000017" + minimal + "00", "080000000017"}},
		{"3GPD Download", nil, []string{"0e0100014000", "0e010000"}},
		{"MS Key", nil, []string{"020201170102", "0200"}},
		{"Commit", nil, []string{"05", "0500"}},
		{"a whole session", nil, []string{
			"06", "06010242030002010202010160", "09010003000000", "09010000", "000101", "00010106a555123456700000",
			"0102020d03471b78062390ee0240affffc0106a5551234567000", "010202000100", "08001b01000017" + minimal + "00", "080000000017", "05", "0500",
		}},
		{"what it cannot read", nil, []string{"01", "", "ff00", "", "", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := sim.DefaultHandset()
			vectorHandset(&cfg)
			if c.setup != nil {
				c.setup(&cfg)
			}
			h := sim.NewHandset(cfg)
			for i := 0; i < len(c.say); i += 2 {
				if got := hex.EncodeToString(h.Answer(unhex(t, c.say[i]))); got != c.say[i+1] {
					t.Errorf("to %s it says %s, want %s", c.say[i], got, c.say[i+1])
				}
			}
		})
	}
}

// TestReadAnalogNAM: a dual-mode handset answers what was downloaded to it.
func TestReadAnalogNAM(t *testing.T) {
	c := sim.DefaultHandset()
	c.Analog = true
	h := sim.NewHandset(c)
	h.Answer(unhex(t, "0101001129a40ac068e36f00c4721dc04815ffff8000"))
	h.Answer(unhex(t, "05"))
	var r is683.ConfigurationResponse
	if err := r.Decode(h.Answer(unhex(t, "000100"))); err != nil || len(r.Blocks) != 1 {
		t.Fatal(r, err)
	}
	var n is683.CDMAAnalogNAMResponse
	if err := n.Decode(r.Blocks[0].Data); err != nil {
		t.Fatal(err)
	}
	want := is683.CDMAAnalogNAMResponse{
		FirstCHP: 333, HomeSID: 4139, EX: false, MobPRev: 3, IMSIM: is683.IMSIM{MCC: "310", IMSI1112: "00", S: "5551234567"},
		Access:    is683.Access{ACCOLC: 7, MobTermHome: true, MobTermForSID: true, MobTermForNID: true},
		MaxSIDNID: 4, StoredSIDNID: []is683.SIDNID{{SID: 4139, NID: 65535}},
	}
	if d := cmp.Diff(want, n); d != "" {
		t.Error(d)
	}
}

// TestSegmentConfirmation pins the answer to a segment at 1024 of 200 octets.
func TestSegmentConfirmation(t *testing.T) {
	h := sim.NewHandset(sim.DefaultHandset())
	var last []byte
	for at := 0; at <= 1024; at += 256 / 2 {
		n := 128
		if at == 1024 {
			n = 200
		}
		last = h.Answer(segment(t, is683.SSPRPRL, at, make([]byte, n), false))
	}
	if got := hex.EncodeToString(last); got != "0800000400c8" {
		t.Error(got)
	}
}

func segment(t *testing.T, block uint8, at int, data []byte, last bool) []byte {
	t.Helper()
	seg := is683.PRLSegment{Last: last, Offset: uint16(at), Data: data}
	body, err := seg.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return forward(t, &is683.SSPRDownloadRequest{BlockID: block, Data: body})
}

func forward(t interface {
	Helper()
	Fatal(...any)
}, m is683.Message) []byte {
	t.Helper()
	b, err := m.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSPCLock: three wrong codes lock the handset for good, a right one in
// between begins the count anew, and hanging up forgets the right one but not
// the wrong ones.
func TestSPCLock(t *testing.T) {
	const wrong, right = "09010003111111", "09010003246802"
	const mdn, change = "01010106a5551234567000", "09010103135790"
	locked := func() *sim.Handset {
		c := sim.DefaultHandset()
		c.Memory.SPC = parseSPC(t, "246802")
		return sim.NewHandset(c)
	}
	for _, c := range []struct {
		name string
		say  []string
	}{
		{"locked", []string{mdn, "0101010a", change, "0901010a", "08001b01000017" + minimal + "00", "08000a000017", "0e0100014000", "0e01000a"}},
		{"unlocked", []string{right, "09010000", mdn, "01010100", change, "09010100"}},
		{"three wrong", []string{wrong, "0901000b", wrong, "0901000b", wrong, "0901000b", right, "0901000a", mdn, "0101010a"}},
		{"two wrong", []string{wrong, "0901000b", wrong, "0901000b", right, "09010000", wrong, "0901000b", wrong, "0901000b", right, "09010000"}},
		{"wrong, across calls", []string{wrong, "0901000b", "hang up", "", wrong, "0901000b", "hang up", "", wrong, "0901000b", "hang up", "", right, "0901000a"}},
		{"right, across calls", []string{right, "09010000", "hang up", "", mdn, "0101010a"}},
		{"new code", []string{right, "09010000", change, "09010100", "05", "0500", "hang up", "", right, "0901000b", "09010003135790", "09010000"}},
		{"new code without Commit", []string{right, "09010000", change, "09010100", "hang up", "", right, "09010000"}},
		{"a code of two octets", []string{"090100021234", "09010002"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := locked()
			for i := 0; i < len(c.say); i += 2 {
				if c.say[i] == "hang up" {
					h.CallEnded()
					continue
				}
				if got := hex.EncodeToString(h.Answer(unhex(t, c.say[i]))); got != c.say[i+1] {
					t.Fatalf("step %d: to %s it says %s, want %s", i/2, c.say[i], got, c.say[i+1])
				}
			}
		})
	}
}

// TestRefusals: a handset that does not take a block says so and keeps what it has.
func TestRefusals(t *testing.T) {
	c := sim.DefaultHandset()
	c.MaxPairs = 0
	c.Refuse = map[sim.Refusal]is683.ResultCode{
		{Type: is683.TypeDownload, Block: is683.BlockIMSIT}:            is683.BlockIDNotSupported,
		{Type: is683.TypeValidation, Block: is683.ValidationChangeSPC}: is683.SPCChangeDenied,
		{Type: is683.TypeSSPRDownload, Block: is683.SSPRPRL}:           is683.UnknownReason,
		{Type: is683.TypeThreeGPDDownload, Block: 0}:                   is683.OperationModeMismatch,
	}
	h := sim.NewHandset(c)
	before := h.Memory()
	for req, want := range map[string]string{
		"0101030703471b7806239000": "01010307", "09010103135790": "0901010c", "08001b01000017" + minimal + "00": "080001000017",
		"0e0100014000": "0e010012", "0101020d03471b78062390ee0240affffc00": "01010205", "0101001129a40ac068e36f00c4721dc04815ffff8000": "01010007",
		"01010101a500": "01010102",
	} {
		if got := hex.EncodeToString(h.Answer(unhex(t, req))); got != want {
			t.Errorf("to %s it says %s, want %s", req, got, want)
		}
	}
	h.Answer([]byte{5})
	if d := cmp.Diff(before, h.Memory(), cmp.Comparer(func(a, b is683.SPC) bool { return a == b })); d != "" {
		t.Error(d)
	}
	if h.Commits() != 0 {
		t.Errorf("%d Commits that changed something", h.Commits())
	}
}

// TestDiffers: no part of a memory is overlooked.
func TestDiffers(t *testing.T) {
	changes := map[string]func(*sim.Memory){
		"IMSIM":   func(m *sim.Memory) { m.IMSIM.MCC = "311" },
		"Access":  func(m *sim.Memory) { m.Access.LocalControl = true },
		"SIDNID":  func(m *sim.Memory) { m.SIDNID[0].NID++ },
		"Analog":  func(m *sim.Memory) { m.Analog.EX = true },
		"MDN":     func(m *sim.Memory) { m.MDN = "1" },
		"IMSIT":   func(m *sim.Memory) { m.IMSIT.IMSI1112 = "01" },
		"PRL":     func(m *sim.Memory) { m.PRL[0]++ },
		"SPC":     func(m *sim.Memory) { m.SPC[2]++ },
		"AKey":    func(m *sim.Memory) { m.AKey[7]++ },
		"Packet":  func(m *sim.Memory) { m.Packet[1] = "b" },
		"HasAKey": func(m *sim.Memory) { m.HasAKey = true },
		"NAMLock": func(m *sim.Memory) { m.NAMLock = true },
	}
	c := sim.DefaultHandset()
	c.Memory.SIDNID, c.Memory.PRL, c.Memory.Packet = []is683.SIDNID{{SID: 1}}, []byte{1}, map[uint8]string{1: "a"}
	h := sim.NewHandset(c)
	for field := range reflect.TypeFor[sim.Memory]().Fields() {
		before, after := h.Memory(), h.Memory()
		if part := before.Differs(&after); part != "" {
			t.Fatalf("another %s", part)
		}
		if change := changes[field.Name]; change == nil {
			t.Errorf("nothing changes %s", field.Name)
		} else if change(&after); before.Differs(&after) == "" {
			t.Errorf("%s is overlooked", field.Name)
		}
	}
}

// TestMemoryIsACopy: who looks at the memory cannot change it.
func TestMemoryIsACopy(t *testing.T) {
	c := sim.DefaultHandset()
	c.Memory.PRL = unhex(t, minimal)
	h := sim.NewHandset(c)
	m := h.Memory()
	m.PRL[0] = 0xff
	c.Memory.PRL[1] = 0xff
	if !bytes.Equal(h.Memory().PRL, unhex(t, minimal)) {
		t.Error("changed from outside")
	}
}
