package sim_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/otasp/prl"
)

// model is what a handset has to hold: what is in effect, and what was
// accepted since.
type model struct {
	t               *rapid.T
	h               *sim.Handset
	active, pending sim.Memory
	dirty           bool
	commits         int
	analog          bool // a dual-mode handset
}

func digits(n int) *rapid.Generator[string] {
	return rapid.StringMatching(fmt.Sprintf("[0-9]{%d}", n))
}

// download sends one block and, when it is accepted, notes it as pending.
func (m *model) download(id uint8, block is683.TypedBlock, note func()) {
	data, err := block.Append(nil)
	if err != nil {
		m.t.Fatal(err)
	}
	var r is683.DownloadResponse
	if err := r.Decode(m.h.Answer(forward(m.t, &is683.DownloadRequest{Blocks: []is683.Block{{ID: id, Data: data}}}))); err != nil {
		m.t.Fatal(err)
	}
	if r.Results[0].Result == is683.Accepted {
		note()
		m.dirty = true
	}
}

func (m *model) step() {
	switch rapid.SampledFrom([]string{"mdn", "imsi_t", "nam", "list", "spc", "commit", "hang up", "rubbish"}).Draw(m.t, "step") {
	case "mdn":
		n := digits(10).Draw(m.t, "mdn")
		m.download(is683.BlockMDN, &is683.MDN{Digits: n}, func() { m.pending.MDN = n })
	case "imsi_t":
		i := is683.IMSIT{MCC: "310", IMSI1112: "00", S: digits(10).Draw(m.t, "imsi_s")}
		m.download(is683.BlockIMSIT, &i, func() { m.pending.IMSIT = i })
	case "nam":
		i := is683.IMSIM{MCC: "310", IMSI1112: "00", S: digits(10).Draw(m.t, "imsi_s")}
		a := is683.Access{ACCOLC: rapid.Uint8Range(0, 15).Draw(m.t, "accolc"), LocalControl: rapid.Bool().Draw(m.t, "local"), MobTermHome: rapid.Bool().Draw(m.t, "home")}
		pairs := make([]is683.SIDNID, rapid.IntRange(1, 6).Draw(m.t, "pairs")) // it takes four
		if !m.analog {
			m.download(is683.BlockCDMANAM, &is683.CDMANAM{IMSIM: i, Access: a, SIDNIDs: pairs}, func() { m.pending.IMSIM, m.pending.Access, m.pending.SIDNID = i, a, pairs })
			return
		}
		n := is683.CDMAAnalogNAM{FirstCHP: rapid.Uint16Range(0, 2047).Draw(m.t, "firstchp"), HomeSID: rapid.Uint16Range(0, 32767).Draw(m.t, "home_sid"), EX: rapid.Bool().Draw(m.t, "ex"), IMSIM: i, Access: a, SIDNIDs: pairs}
		m.download(is683.BlockCDMAAnalogNAM, &n, func() {
			m.pending.IMSIM, m.pending.Access, m.pending.SIDNID, m.pending.Analog = i, a, pairs, sim.Analog{FirstCHP: n.FirstCHP, HomeSID: n.HomeSID, EX: n.EX}
		})
	case "list":
		m.list()
	case "spc":
		m.spc()
	case "commit":
		m.h.Answer([]byte{byte(is683.TypeCommit)})
		if m.dirty {
			m.active, m.dirty = m.pending, false
			m.commits++
		}
	case "hang up":
		m.h.CallEnded()
		m.pending, m.dirty = m.active, false
	case "rubbish":
		m.h.Answer(append([]byte{3}, rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(m.t, "octets")...)) // a key exchange that did not begin
	}
}

// list sends a list in two parts, or only the first of them.
func (m *model) list() {
	l := prl.List{ID: rapid.Uint16().Draw(m.t, "id"), PRev: prl.Classic, Acquisition: []prl.AcquisitionRecord{{Type: prl.CellularCDMAPreferred, AB: prl.SideB}}}
	b, err := l.Append(nil)
	if err != nil {
		m.t.Fatal(err)
	}
	cut := rapid.IntRange(1, len(b)-1).Draw(m.t, "cut")
	send := func(at int, data []byte, last bool) is683.ResultCode {
		seg := is683.PRLSegment{Last: last, Offset: uint16(at), Data: data}
		body, err := seg.Append(nil)
		if err != nil {
			m.t.Fatal(err)
		}
		var r is683.SSPRDownloadResponse
		if err := r.Decode(m.h.Answer(forward(m.t, &is683.SSPRDownloadRequest{Data: body}))); err != nil {
			m.t.Fatal(err)
		}
		return r.Result
	}
	if send(0, b[:cut], false) != is683.Accepted || !rapid.Bool().Draw(m.t, "whole") {
		return
	}
	if send(cut, b[cut:], true) == is683.Accepted {
		m.pending.PRL, m.dirty = b, true
	}
}

// spc changes the code, or tells a code that may be the right one.
func (m *model) spc() {
	code := rapid.SampledFrom([]is683.SPC{{}, {0x13, 0x57, 0x90}}).Draw(m.t, "code")
	id := rapid.SampledFrom([]uint8{is683.ValidationVerifySPC, is683.ValidationChangeSPC}).Draw(m.t, "block")
	var r is683.ValidationResponse
	if err := r.Decode(m.h.Answer(forward(m.t, &is683.ValidationRequest{Blocks: []is683.Block{{ID: id, Data: code[:]}}}))); err != nil {
		m.t.Fatal(err)
	}
	if id == is683.ValidationChangeSPC && r.Results[0].Result == is683.Accepted {
		m.pending.SPC, m.dirty = code, true
	}
}

// TestNothingBeforeCommit: whatever is downloaded, in whatever order, with
// calls that end in between: the memory changes at Commit only, and then to
// exactly what was accepted in this call.
func TestNothingBeforeCommit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := sim.DefaultHandset()
		c.Analog = rapid.Bool().Draw(t, "analog")
		h := sim.NewHandset(c)
		m := &model{t: t, h: h, active: h.Memory(), pending: h.Memory(), analog: c.Analog}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			m.step()
			if now := h.Memory(); m.active.Differs(&now) != "" {
				t.Fatalf("another %s: %+v, want %+v", m.active.Differs(&now), now, m.active)
			}
			if h.Commits() != m.commits {
				t.Fatalf("%d Commits that changed something, want %d", h.Commits(), m.commits)
			}
		}
	})
}
