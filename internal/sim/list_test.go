package sim_test

import (
	"bytes"
	"testing"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/otasp/prl"
)

// list makes a list of that many system records.
func list(t *testing.T, id uint16, systems int) []byte {
	t.Helper()
	l := prl.List{ID: id, PRev: prl.Classic, Acquisition: []prl.AcquisitionRecord{{Type: prl.CellularCDMAPreferred, AB: prl.SideB}}}
	for i := range systems {
		l.System = append(l.System, prl.SystemRecord{SID: uint16(100 + i), Preferred: true})
	}
	b, err := l.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// part is one segment to be sent.
type part struct {
	at, n int
	last  bool
	want  is683.ResultCode
}

func TestListDownload(t *testing.T) {
	good := list(t, 7, 60)
	n := len(good)
	if n <= 200 {
		t.Fatalf("%d octets", n)
	}
	bad := func(change func(b []byte) []byte) []byte { return change(bytes.Clone(good)) }
	whole := []part{{0, 100, false, 0}, {100, 100, false, 0}, {200, n - 200, true, 0}}
	ending := func(code is683.ResultCode) []part {
		return []part{{0, 100, false, 0}, {100, 100, false, 0}, {200, n - 200, true, code}}
	}
	for _, c := range []struct {
		name  string
		list  []byte
		block uint8
		parts []part
		took  bool
	}{
		{"in order", good, is683.SSPRPRL, whole, true},
		{"in one part of the largest size", good[:0:0], is683.SSPRPRL, nil, false},
		{"a part repeated", good, is683.SSPRPRL, []part{{0, 100, false, 0}, {0, 100, false, 0}, {100, 100, false, 0}, {100, 100, false, 0}, {200, n - 200, true, 0}}, true},
		{"an early part repeated late", good, is683.SSPRPRL, []part{{0, 100, false, 0}, {100, 100, false, 0}, {0, 100, false, 0}, {200, n - 200, true, 0}}, true},
		{"the last part repeated", good, is683.SSPRPRL, append(whole[:len(whole):len(whole)], whole[2]), true},
		{"a gap", good, is683.SSPRPRL, []part{{0, 100, false, 0}, {200, n - 200, true, is683.InvalidParameter}}, false},
		{"a gap, filled", good, is683.SSPRPRL, []part{{0, 100, false, 0}, {200, n - 200, true, is683.InvalidParameter}, {100, 100, false, 0}, {200, n - 200, true, 0}}, true},
		{"no beginning", good, is683.SSPRPRL, []part{{100, 100, false, is683.UnexpectedPRLBlockIDChange}}, false},
		{"begun anew with other sizes", good, is683.SSPRPRL, []part{{0, 100, false, 0}, {0, 50, false, 0}, {50, 150, false, 0}, {200, n - 200, true, 0}}, true},
		{"ended too soon", good, is683.SSPRPRL, []part{{0, 100, false, 0}, {100, 100, true, is683.PRLLengthMismatch}, {200, n - 200, true, is683.UnexpectedPRLBlockIDChange}}, false},
		{"CRC", bad(func(b []byte) []byte { b[n-1]++; return b }), is683.SSPRPRL, ending(is683.CRCError), false},
		{"content", bad(func(b []byte) []byte { b[30]++; return b }), is683.SSPRPRL, ending(is683.CRCError), false},
		{"length", bad(func(b []byte) []byte { b[1]++; return b }), is683.SSPRPRL, ending(is683.PRLLengthMismatch), false},
		{"classic list in the block of extended ones", good, is683.SSPRExtendedPRL, ending(is683.PRLFormatMismatch), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := sim.NewHandset(sim.DefaultHandset())
			for i, p := range c.parts {
				checkPart(t, h, i, segment(t, c.block, p.at, c.list[p.at:p.at+p.n], p.last), p)
			}
			if len(h.Memory().PRL) != 0 {
				t.Error("in effect before Commit")
			}
			h.Answer([]byte{5})
			if took := bytes.Equal(h.Memory().PRL, good); took != c.took {
				t.Errorf("in effect after Commit: %v", took)
			}
		})
	}
}

func checkPart(t *testing.T, h *sim.Handset, i int, req []byte, p part) {
	t.Helper()
	var r is683.SSPRDownloadResponse
	if err := r.Decode(h.Answer(req)); err != nil {
		t.Fatal(err)
	}
	if r.Result != p.want || int(r.Offset) != p.at || int(r.Size) != p.n {
		t.Errorf("part %d: %s, %d octets at %d", i, r.Result, r.Size, r.Offset)
	}
}

// TestListBlockChange: one download cannot go on in the other block.
func TestListBlockChange(t *testing.T) {
	h := sim.NewHandset(sim.DefaultHandset())
	b := list(t, 7, 60)
	checkPart(t, h, 0, segment(t, is683.SSPRPRL, 0, b[:100], false), part{0, 100, false, 0})
	checkPart(t, h, 1, segment(t, is683.SSPRExtendedPRL, 100, b[100:200], false), part{100, 100, false, is683.UnexpectedPRLBlockIDChange})
}

// TestListTooLong: a handset with little room.
func TestListTooLong(t *testing.T) {
	c := sim.DefaultHandset()
	c.MaxPRL = 22
	h := sim.NewHandset(c)
	checkPart(t, h, 0, segment(t, is683.SSPRPRL, 0, unhex(t, minimal), true), part{0, 23, true, is683.PRLLengthMismatch})
}

// TestHungUpList: parts of a call that has ended do not count in the next.
func TestHungUpList(t *testing.T) {
	h := sim.NewHandset(sim.DefaultHandset())
	b := list(t, 7, 60)
	checkPart(t, h, 0, segment(t, is683.SSPRPRL, 0, b[:100], false), part{0, 100, false, 0})
	h.CallEnded()
	checkPart(t, h, 1, segment(t, is683.SSPRPRL, 100, b[100:200], false), part{100, 100, false, is683.UnexpectedPRLBlockIDChange})
}

// TestDimensions: what the handset tells of its list. One with an extended
// list does not answer the classic dimensions.
func TestDimensions(t *testing.T) {
	c := sim.DefaultHandset()
	c.MaxPRL, c.Memory.PRL = 4000, unhex(t, minimal)
	ask := func(h *sim.Handset, block uint8) (r is683.SSPRConfigurationResponse) {
		t.Helper()
		if err := r.Decode(h.Answer([]byte{7, block})); err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := ask(sim.NewHandset(c), is683.SSPRDimensions)
	var d is683.PRLDimensions
	if err := d.Decode(r.Data); err != nil || r.Result != is683.Accepted {
		t.Fatal(r.Result, err)
	}
	if d.MaxSize != 4000 || d.CurSize != 23 || d.PRListID != 0xcafe || d.NumAcqRecs != 2 || d.NumSysRecs != 2 {
		t.Errorf("%+v", d)
	}
	extended := prl.List{ID: 9, PRev: prl.Extended, Acquisition: []prl.AcquisitionRecord{{Type: prl.Generic1x, Bands: []prl.BandChannel{{Band: 1, Channel: 500}}}}}
	var err error
	if c.Memory.PRL, err = extended.Append(nil); err != nil {
		t.Fatal(err)
	}
	if r := ask(sim.NewHandset(c), is683.SSPRDimensions); r.Result != is683.PRLFormatMismatch {
		t.Errorf("classic dimensions of an extended list: %s", r.Result)
	}
	r = ask(sim.NewHandset(c), is683.SSPRExtendedDimensions)
	var e is683.ExtendedPRLDimensions
	if err := e.Decode(r.Data); err != nil || e.SSPRPRev != is683.SSPRPRevExtended || e.PRListID != 9 || e.NumAcqRecs != 1 {
		t.Errorf("%+v %v", e, err)
	}
	if r := ask(sim.NewHandset(c), 0x7f); r.Result != is683.BlockIDNotSupported {
		t.Errorf("unknown block: %s", r.Result)
	}
}
