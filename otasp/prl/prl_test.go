package prl_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/prl"
)

const vectors = "../../testdata/prl"

func decode(b []byte) (testvec.Message, error) { return prl.Decode(b) }

func TestVectors(t *testing.T) { testvec.Codec(t, vectors, "prl", decode) }

func FuzzDecode(f *testing.F) { testvec.Fuzz(f, vectors, "prl", decode) }

func TestCRC(t *testing.T) {
	// The check value of CRC-16/GENIBUS in the catalogues.
	if got := prl.CRC([]byte("123456789")); got != 0xd64e {
		t.Errorf("CRC of 123456789 is %04x, want d64e", got)
	}
}

// vector is the nth good list of a vector file.
func vector(t testing.TB, file string, n int) *prl.List {
	t.Helper()
	vs, err := testvec.LoadFile(vectors + "/" + file + ".hex")
	if err != nil {
		t.Fatal(err)
	}
	l, err := prl.Decode(vs[n].Octets)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestClassicContent(t *testing.T) {
	want := &prl.List{
		ID: 0xcafe, PRev: prl.Classic,
		Acquisition: []prl.AcquisitionRecord{
			{Type: prl.CellularCDMAStandard, AB: prl.SideBoth, PriSec: prl.BothChannels},
			{Type: prl.PCSCDMABlocks, Blocks: []prl.Block{prl.BlockA, prl.BlockB}},
		},
		System: []prl.SystemRecord{
			{Preferred: true, Pri: true, SID: 22, NIDIncl: prl.NIDGiven, NID: prl.AnyNID},
			{SID: prl.AnySID, AcqIndex: 1},
		},
	}
	if d := cmp.Diff(want, vector(t, "classic", 0)); d != "" {
		t.Error(d)
	}
}

func TestExtendedContent(t *testing.T) {
	l := vector(t, "extended", 0)
	hrpd := prl.SystemRecord{
		Type: prl.SystemHRPD, Preferred: true, SameGeo: true, AcqIndex: 3, RoamInd: 1,
		HRPD: &prl.HRPDSystem{
			SubnetLSB:      prl.Subnet{Bits: 12, Octets: wire.Hex{0xab, 0xc0}},
			CommonIncluded: true, CommonOffset: 3,
		},
		Association: &prl.Association{Tag: 7, Data: true},
	}
	if d := cmp.Diff(hrpd, l.System[1]); d != "" {
		t.Error(d)
	}
	if got := l.System[3].Identity(); got != "PLMN 310-26 SID 4139 NID 1" {
		t.Errorf("identity %q", got)
	}
}

// A list owns what it holds: the buffer may be used again.
func TestDecodeDoesNotBorrow(t *testing.T) {
	vs, err := testvec.LoadFile(vectors + "/extended.hex")
	if err != nil {
		t.Fatal(err)
	}
	b := bytes.Clone(vs[0].Octets)
	l, err := prl.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		b[i] = 0xa5
	}
	got, err := l.Append(nil)
	if err != nil || !bytes.Equal(got, vs[0].Octets) {
		t.Errorf("after poisoning the buffer: %x, %v", got, err)
	}
}

func TestAnomalies(t *testing.T) {
	for _, c := range []struct {
		file string
		want []string
	}{
		{"padded", []string{"3 octets of padding behind the list"}},
		{"odd-bits", []string{"padding before the CRC is not zero"}},
		{"odd-bits-extended", []string{
			"reserved bits of the header are not zero",
			"acquisition record 0: padding is not zero",
		}},
	} {
		if d := cmp.Diff(c.want, vector(t, c.file, 0).Anomalies); d != "" {
			t.Errorf("%s: %s", c.file, d)
		}
	}
}

func TestUnencodable(t *testing.T) {
	for field, l := range map[string]*prl.List{
		"CUR_SSPR_P_REV":         {PRev: 2},
		"NUM_ACQ_RECS":           {PRev: 1, Acquisition: make([]prl.AcquisitionRecord, 512)},
		"NUM_COMMON_SUBNET_RECS": {PRev: 1, CommonSubnet: make([]prl.CommonSubnetRecord, 1)},
		"ACQ_TYPE":               {PRev: 1, Acquisition: []prl.AcquisitionRecord{{Type: prl.GenericHRPD}}},
		"CHAN":                   {PRev: 1, Acquisition: []prl.AcquisitionRecord{{Type: prl.PCSCDMAChannels, Channels: []uint16{2048}}}},
		"NUM_BLOCKS":             {PRev: 1, Acquisition: []prl.AcquisitionRecord{{Type: prl.PCSCDMABlocks, Blocks: make([]prl.Block, 8)}}},
		"SID":                    {PRev: 1, System: []prl.SystemRecord{{SID: 32768}}},
		"NID":                    {PRev: 1, System: []prl.SystemRecord{{NID: 5}}},
		"ACQ_INDEX":              {PRev: 1, System: []prl.SystemRecord{{AcqIndex: 512}}},
		"PRI":                    {PRev: 1, System: []prl.SystemRecord{{Pri: true}}},
		"SYS_RECORD_TYPE":        {PRev: 1, System: []prl.SystemRecord{{Type: prl.SystemHRPD}}},
		"ROAM_IND":               {PRev: 3, System: []prl.SystemRecord{{RoamInd: 3}}},
		"SUBNET_LSB":             {PRev: 3, System: []prl.SystemRecord{{Type: prl.SystemHRPD}}},
		"SYS_RECORD_LENGTH":      {PRev: 3, System: []prl.SystemRecord{{Extra: make(wire.Hex, 30)}}},
		"PR_LIST_SIZE":           {PRev: 3, System: slices16k()},
	} {
		_, err := l.Append(nil)
		if got := fieldOf(err); got != field {
			t.Errorf("want an error in %s, got %v", field, err)
		}
	}
}

func slices16k() []prl.SystemRecord {
	s := make([]prl.SystemRecord, 16383)
	for i := range s {
		s[i] = prl.SystemRecord{NIDIncl: prl.NIDGiven, Preferred: true}
	}
	return s
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := genList(t)
		b, err := l.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := prl.Decode(b)
		if err != nil {
			t.Fatalf("%v\n%x", err, b)
		}
		if d := cmp.Diff(l, got); d != "" {
			t.Fatal(d)
		}
		j, err := prl.ToJSON(l)
		if err != nil {
			t.Fatal(err)
		}
		back, err := prl.FromJSON(j)
		if err != nil {
			t.Fatalf("%v\n%s", err, j)
		}
		if again, err := back.Append(nil); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("through JSON: %x (%v), want %x\n%s", again, err, b, j)
		}
	})
}
