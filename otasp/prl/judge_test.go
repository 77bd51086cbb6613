package prl_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/prl"
)

func lines[S fmt.Stringer](v []S) []string {
	var out []string
	for _, s := range v {
		out = append(out, s.String())
	}
	return out
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		name   string
		list   *prl.List
		limits prl.Limits
		want   []string
	}{
		{"a good list", vector(t, "classic", 0), prl.Limits{MaxSize: 23, PRev: 1}, nil},
		{"too big and too new", vector(t, "extended", 0), prl.Limits{MaxSize: 96, PRev: 1}, []string{
			"list: 97 octets, the handset takes 96",
			"list: SSPR_P_REV 3, the handset takes 1",
			"acquisition record 4: warning: ACQ_TYPE 15 is not known",
			"acquisition record 4: warning: no system record refers to it",
		}},
		{"index out of range", vector(t, "index-out-of-range", 0), prl.Limits{}, []string{
			"system record 0: ACQ_INDEX 5, but there are 1 acquisition records",
			"acquisition record 0: warning: no system record refers to it",
		}},
		{"nothing", vector(t, "empty", 0), prl.Limits{}, []string{"list: no preferred system record"}},
		{"padding", vector(t, "padded", 0), prl.Limits{}, []string{"list: warning: 3 octets of padding behind the list"}},
		{"reserved values", &prl.List{
			PRev: prl.Extended, DefRoamInd: 13,
			Acquisition: []prl.AcquisitionRecord{
				{Type: prl.CellularCDMAStandard, AB: 2},
				{Type: prl.PCSCDMABlocks, Blocks: []prl.Block{6}},
				{Type: prl.GenericHRPD},
				{Type: prl.PCSCDMAChannels, Extra: wire.Hex{1}},
			},
			System: []prl.SystemRecord{
				{Preferred: true, SameGeo: true, NIDIncl: 3, RoamInd: 200},
				{Type: prl.SystemHRPD, AcqIndex: 1, HRPD: &prl.HRPDSystem{CommonIncluded: true, CommonOffset: 4}},
				{Type: 5, AcqIndex: 2, Extra: wire.Hex{0}},
				{AcqIndex: 3, Extra: wire.Hex{0}},
			},
		}, prl.Limits{}, []string{
			"list: warning: DEF_ROAM_IND 13 is reserved",
			"acquisition record 0: A_B 2 is reserved",
			"acquisition record 0: PRI_SEC 0 is reserved",
			"acquisition record 1: BLOCK 6 is reserved",
			"acquisition record 2: no channel",
			"acquisition record 3: no channel",
			"acquisition record 3: warning: 1 octet behind the body",
			"system record 0: GEO says the same area as the record before, but there is none",
			"system record 0: NID_INCL 3 is reserved",
			"system record 0: warning: ROAM_IND 200 is reserved",
			"system record 1: warning: a HRPD system with an acquisition record for PCS CDMA blocks",
			"system record 1: SUBNET_COMMON_OFFSET 4 is not the start of a common subnet record",
			"system record 2: warning: SYS_RECORD_TYPE 5 is not known",
			"system record 3: warning: 1 octet behind the known fields",
		}},
	} {
		if d := cmp.Diff(c.want, lines(prl.Validate(c.list, c.limits))); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func TestDiff(t *testing.T) {
	a := vector(t, "classic", 1)
	if got := prl.Diff(a, vector(t, "classic", 1)); got != nil {
		t.Errorf("a list differs from itself: %v", got)
	}
	b := vector(t, "classic", 1)
	// Renumber the acquisition table: no handset notices.
	b.Acquisition = append(b.Acquisition, b.Acquisition[3])
	b.System[0].AcqIndex = uint16(len(b.Acquisition) - 1)
	if got := prl.Diff(a, b); got != nil {
		t.Errorf("renumbering is reported: %v", got)
	}
	b.ID, b.PrefOnly = 1002, true
	b.System[0].RoamInd = 0
	b.System[2], b.System[3] = b.System[3], b.System[2]
	b.System = append(b.System, prl.SystemRecord{SID: 22, NIDIncl: prl.NIDGiven, NID: 65535})
	b.System[1].SID = 23
	want := []string{
		"changed PR_LIST_ID: 1002, was 1001",
		"changed PREF_ONLY: true, was false",
		"changed SID 4139 NID any: preferred, roaming 0 (on), before the next, first of an area, look in cellular CDMA preferred, side B, was preferred, roaming 1 (off), before the next, first of an area, look in cellular CDMA preferred, side B",
		"added SID 23 NID any: preferred, roaming 64 (enhanced roaming indicator of the operator), same area as the one before, look in PCS CDMA channels 25 50 75 425",
		"moved SID any NID any: after SID 23 NID any, was after SID 4 NID 0",
		"moved SID 4 NID 0: after SID any NID any, was after SID 22 NID any",
		"changed SID 22 NID any: negative, first of an area, look in cellular analog, side both, was preferred, roaming 64 (enhanced roaming indicator of the operator), same area as the one before, look in PCS CDMA channels 25 50 75 425",
	}
	if d := cmp.Diff(want, lines(prl.Diff(a, b))); d != "" {
		t.Error(d)
	}
}

func TestPrint(t *testing.T) {
	var s strings.Builder
	if err := prl.Print(&s, vector(t, "extended", 0)); err != nil {
		t.Fatal(err)
	}
	const want = `preferred roaming list 1002, extended
systems not listed: may be used, roaming indicator 1 (off)

acquisition table, 5 records
    0  cellular CDMA standard channels, side both, both
    1  PCS CDMA blocks A any
    2  generic 1x band 0 channel 384 band 1 channel 25 band 15 channel 450
    3  generic HRPD band 1 channel 100
    4  type 15 + deadbe

common subnet table, 2 records
    0  fd00
    1  20010db8

system table, 6 records
  area 1
    0  SID 4139 NID any             preferred, acquisition 2, before the next, roaming 1 (off), association tag 7 PN true data false
    1  HRPD subnet abc0/12 after common subnet at 3 preferred, acquisition 3, roaming 1 (off), association tag 7 PN false data true
  area 2
    2  SID 22 NID any               negative, acquisition 0
  area 3
    3  PLMN 310-26 SID 4139 NID 1   preferred, acquisition 1, roaming 64 (enhanced roaming indicator of the operator)
    4  PLMN 311-480                 preferred, acquisition 1, roaming 2 (flashing)
  area 4
    5  SID any NID any              preferred, acquisition 0, roaming 0 (on)
`
	if d := cmp.Diff(want, s.String()); d != "" {
		t.Error(d)
	}
}

// What an operator may write: names or numbers, defaults left out.
func TestFromJSON(t *testing.T) {
	l, err := prl.FromJSON([]byte(`{
		"pr_list_id": 51966,
		"acq_table": [
			{"acq_type": "Cellular CDMA standard channels", "a_b": "both", "pri_sec": 3},
			{"acq_type": 5, "block": ["A", 1]}
		],
		"sys_table": [
			{"sid": 22, "nid": 65535, "preferred": true, "pri": true},
			{"sid": 0, "acq_index": 1}
		]
	}`))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(vector(t, "classic", 0), l); d != "" {
		t.Error(d)
	}
}

func TestFromJSONRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`{"pr_list_id": 1, "pref_onyl": true}`:                  `unknown field "pref_onyl"`,
		`{"acq_table": [{"acq_type": "celular"}]}`:              `"celular" is none of "cellular analog"`,
		`{"sys_table": [{"sid": 1, "prefered": true}]}`:         `unknown field "prefered"`,
		`{"message": "SubmitSM"}`:                               `message is "SubmitSM"`,
		`{"sys_table": [{"plmn": {"mcc": "3101"}}]}`:            "at most three digits",
		`{"common_subnet_table": [{"subnet": "xyz"}]}`:          "not hexadecimal",
		`{"acq_table": [{"acq_type": 1, "a_b": "north"}]}`:      `"north" is none of "A", "B", "both"`,
		`{"acq_table": [{"acq_type": "cellular analog", "a_b`:   "unexpected EOF",
		`{"sys_table": [{"hrpd": {"subnet_lsb": {"bit": 3}}}]}`: `unknown field "bit"`,
	} {
		if _, err := prl.FromJSON([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", text, want, err)
		}
	}
}

func TestToJSONIsReadable(t *testing.T) {
	b, err := prl.ToJSON(vector(t, "classic", 0))
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal([]byte(`{
		"message": "PreferredRoamingList", "pr_list_id": 51966, "sspr_p_rev": 1, "pref_only": false, "def_roam_ind": 0,
		"acq_table": [
			{"acq_type": "cellular CDMA standard channels", "a_b": "both", "pri_sec": "both"},
			{"acq_type": "PCS CDMA blocks", "block": ["A", "B"]}],
		"sys_table": [
			{"sid": 22, "nid_incl": "given", "nid": 65535, "preferred": true, "same_geo": false, "pri": true, "acq_index": 0, "roam_ind": 0},
			{"sid": 0, "nid_incl": "any", "preferred": false, "same_geo": false, "pri": false, "acq_index": 1}]
	}`), &want)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// A fault inside a record is found where it is, and the fields before it are
// in the trace.
func TestTrace(t *testing.T) {
	b, err := vector(t, "index-out-of-range", 0).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var tr wire.Trace
	c := wire.NewCursorAt("prl", b, 0, &tr)
	if _, err := prl.Read(&c); err != nil {
		t.Fatal(err)
	}
	if got := tr.Text(false); !strings.Contains(got, "ACQ_INDEX                          5  (there are 1 acquisition records)") {
		t.Errorf("no remark on ACQ_INDEX:\n%s", got)
	}
}

// bigList is like a nationwide list: 30 acquisition and 800 system records.
func bigList() *prl.List {
	l := &prl.List{ID: 50408, PRev: prl.Classic, PrefOnly: true}
	for i := range uint16(30) {
		l.Acquisition = append(l.Acquisition, prl.AcquisitionRecord{
			Type: prl.PCSCDMAChannels, Channels: []uint16{25 * i, 25*i + 25, 25*i + 50},
		})
	}
	for i := range uint16(800) {
		l.System = append(l.System, prl.SystemRecord{
			SID: 4100 + i, NIDIncl: prl.NIDGiven, NID: prl.AnyNID, Preferred: i%7 != 0,
			SameGeo: i%20 != 0, AcqIndex: i % 30,
		})
	}
	return l
}

func BenchmarkDecode(b *testing.B) {
	octets, err := bigList().Append(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(octets)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := prl.Decode(octets); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	l := bigList()
	var dst []byte
	var err error
	b.ReportAllocs()
	for b.Loop() {
		if dst, err = l.Append(dst[:0]); err != nil {
			b.Fatal(err)
		}
	}
}
