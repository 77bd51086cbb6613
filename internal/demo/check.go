package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/otasp/prl"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/disk"
	"github.com/otagate/otagate/sessions/pages"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
)

// check holds the end of the story against its promise.
func (r *run) check(out io.Writer) error {
	r.hungUp() // a handset that was called back registers after that
	same := printRows(out, r.rows())
	problems := []error{r.checkBalance()}
	if r.story.Ends.Stat != "" {
		problems = append(problems, r.story.Ends.checkReceipt(&r.receipt))
	}
	if !same {
		problems = append(problems, errors.New("the handset does not hold what it should"))
	}
	if f := r.story.Ends.Extra; f != nil {
		problems = append(problems, f(r))
	}
	problems = append(problems, r.checkReport())
	if err := r.lab.stop(); err != nil {
		return errors.Join(append(problems, err)...)
	}
	if r.story.Ends.State != 0 {
		problems = append(problems, r.story.Ends.checkResult(r.lab.told(r.corr)))
	}
	return errors.Join(append(problems, r.checkStore(out))...)
}

// rows is the table of the story.
func (r *run) rows() []row {
	switch {
	case r.story.Push != nil:
		return r.story.Push.Want(r)
	case r.story.Ends.Changed && r.order.NAM == nil:
		return append(compare(&r.order, r.handset, r.lab.Net.HLR, r.story.Ends.Skipped), theRest(&r.order, &r.before, r.handset)...)
	case r.story.Ends.Changed:
		return compare(&r.order, r.handset, r.lab.Net.HLR, r.story.Ends.Skipped)
	}
	return unchanged(&r.before, r.handset)
}

func (e *Ending) checkReceipt(r *smpp.Receipt) error {
	if r.Stat.String() != e.Stat {
		return fmt.Errorf("the receipt says %s, promised is %s", r.Stat, e.Stat)
	}
	if !strings.HasPrefix(e.Reason, r.Text) || r.Text == "" {
		return fmt.Errorf("the receipt's text is %q, promised is %q", r.Text, e.Reason)
	}
	return nil
}

// checkReport: the back-end is told the end once, as far as an order was found.
func (r *run) checkReport() error {
	e := &r.story.Ends
	if r.story.Push != nil || e.Unreported {
		return nil
	}
	if err := r.told(); err != nil {
		return err
	}
	all := r.lab.backend.Reports()
	rep := all[0]
	want := sim.BackendReport{
		Session: rep.Session, Flow: rep.Flow, Order: r.order.Name, MDN: r.order.MDN, PRL: rep.PRL,
		Activated: e.Changed && r.order.NAM != nil && r.before.MDN == sim.DefaultHandset().Memory.MDN && rep.Flow != "otapa", Outcome: e.Outcome, Reason: e.Reason,
	}
	if e.Changed && r.order.PRL != nil && !slices.Contains(e.Skipped, "prl") {
		want.PRL = listNumber(r.order.PRL)
	}
	if len(all) != 1 || rep != want {
		return fmt.Errorf("the back-end was told %+v; promised is %+v", all, want)
	}
	return nil
}

// told waits until the back-end has heard of an end.
func (r *run) told() error {
	ctx, cancel := context.WithTimeout(r.ctx, 10*time.Second)
	defer cancel()
	if err := r.lab.backend.Wait(ctx, func() bool { return len(r.lab.backend.Reports()) > 0 }); err != nil {
		return fmt.Errorf("the back-end was not told: %w", err)
	}
	return nil
}

// checkBalance: what the network lent must have come back.
func (r *run) checkBalance() error {
	if n := r.lab.Net.MSC.Taken(); n != r.balance {
		return fmt.Errorf("%d TRNs stay taken, promised are %d", n, r.balance)
	}
	if n := r.lab.Net.HLR.Temporary(); n != 0 {
		return fmt.Errorf("%d temporary A-keys are neither committed nor released", n)
	}
	if n := r.lab.Net.MSC.Channels(); n != 0 {
		return fmt.Errorf("%d traffic channels stay up", n)
	}
	if n := r.lab.Net.MSC.Attached(); n != 0 {
		return fmt.Errorf("%d activation MINs stay attached", n)
	}
	return nil
}

// checkStore opens the store that the gateway has left and reads what is in it.
func (r *run) checkStore(out io.Writer) error {
	ctx := context.WithoutCancel(r.ctx)
	store, err := sqlite.Open(ctx, r.lab.config.Store.Path, sqlite.Options{})
	if err != nil {
		return err
	}
	err = r.checkRecords(ctx, store, out)
	return errors.Join(err, store.Close())
}

// checkLive: nothing is on its way any more, neither sessions nor messages.
func checkLive(ctx context.Context, store *sqlite.Store) error {
	messages, err := disk.OpenMessages(ctx, store, pages.Options{})
	if err != nil {
		return err
	}
	live := 0
	for _, s := range []sessions.Journal{store, messages} {
		err = errors.Join(err, s.Load(ctx, func(sessions.Record) error { live++; return nil }))
	}
	if err := errors.Join(err, messages.Close()); err != nil {
		return err
	}
	if live != 0 {
		return fmt.Errorf("%d sessions are still in the store", live)
	}
	return nil
}

func (r *run) checkRecords(ctx context.Context, store *sqlite.Store, out io.Writer) error {
	if err := checkLive(ctx, store); err != nil {
		return err
	}
	var recs []cdr.Record
	if err := store.CDRs(ctx, cdr.Filter{}, func(c cdr.Record) error { recs = append(recs, c); return nil }); err != nil {
		return err
	}
	promised := map[string]*Ending{r.corr: &r.story.Ends}
	if e := r.story.Ends.Second; e != nil {
		promised[second] = e
	}
	if r.story.IOTA != nil { // the push of the call-back has a record of its own
		recs = slices.DeleteFunc(recs, func(c cdr.Record) bool { return c.Flow == "push" })
	}
	if len(recs) != len(promised) {
		return fmt.Errorf("%d CDRs, promised is one for each of %d triggers", len(recs), len(promised))
	}
	var problems []error
	for i := range recs {
		c := &recs[i]
		b, err := c.AppendJSON(nil)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "CDR %s\n", b)
		e := promised[c.Trigger.Corr]
		if e == nil {
			return fmt.Errorf("a CDR too many for %q", c.Trigger.Corr)
		}
		delete(promised, c.Trigger.Corr)
		problems = append(problems, e.checkRecord(c))
		if c.Trigger.Corr == second {
			problems = append(problems, r.checkSecond(ctx, c))
		}
	}
	return errors.Join(problems...)
}

// checkSecond: the receipt of a refused trigger has an id that only its record tells.
func (r *run) checkSecond(ctx context.Context, c *cdr.Record) error {
	got, err := r.ivr.Receipt(ctx, c.Session)
	if err != nil {
		return fmt.Errorf("the second trigger: %w", err)
	}
	return r.story.Ends.Second.checkReceipt(&got)
}

func (e *Ending) checkRecord(c *cdr.Record) error {
	switch {
	case string(c.Outcome) != e.Outcome || c.Reason != e.Reason:
		return fmt.Errorf("the CDR says %s, %s (%s); promised is %s, %s", c.Outcome, c.Reason, c.Detail, e.Outcome, e.Reason)
	case e.Recovered && c.Recovered == 0:
		return errors.New("no restart went through the session")
	case !e.Recovered && c.Recovered != 0:
		return errors.New("the gateway was restarted")
	case len(c.Skipped) != len(e.Skipped):
		return fmt.Errorf("the CDR says that %q was left out, promised is %q", c.Skipped, e.Skipped)
	}
	if e.Steps != nil && !slices.Equal(c.Steps, e.Steps) {
		return fmt.Errorf("the CDR says of the parts %q, promised is %q", c.Steps, e.Steps)
	}
	for _, f := range e.Found {
		if !slices.Contains(c.Found, f) {
			return fmt.Errorf("the CDR has found %q, and not %s", c.Found, f)
		}
	}
	for _, part := range e.Skipped {
		if !strings.Contains(strings.Join(c.Skipped, "|"), part+": ") {
			return fmt.Errorf("the CDR does not say that %s was left out", part)
		}
	}
	return nil
}

// row is one line of the table.
type row struct {
	what, want, have string
	left             bool // left out, as promised
}

// compare holds the handset's memory against the order.
func compare(o *configs.Order, h *sim.Handset, hlr *sim.HLR, skipped []string) []row {
	m := h.Memory()
	rows := []row{{what: "MDN", want: o.MDN, have: m.MDN}}
	if n := o.NAM; n != nil {
		rows = append(rows,
			row{what: "IMSI_M", want: n.MCC + n.IMSI1112 + n.S, have: m.IMSIM.MCC + m.IMSIM.IMSI1112 + m.IMSIM.S},
			row{what: "ACCOLC", want: fmt.Sprint(n.ACCOLC), have: fmt.Sprint(m.Access.ACCOLC)},
			row{what: "LOCAL_CONTROL", want: either(n.LocalControl, "on", "off"), have: either(m.Access.LocalControl, "on", "off")},
			row{what: "MOB_TERM", want: flags(n.MobTermHome, n.MobTermForSID, n.MobTermForNID), have: flags(m.Access.MobTermHome, m.Access.MobTermForSID, m.Access.MobTermForNID)},
			row{what: "SID/NID", want: ordered(n.SIDNID), have: held(m.SIDNID)})
		if a := n.Analog; a != nil {
			rows = append(rows, row{what: "analog", want: analog(sim.Analog(*a)), have: analog(m.Analog)})
		}
	}
	if i := o.IMSIT; i != nil {
		rows = append(rows, row{what: "IMSI_T", want: i.MCC + i.IMSI1112 + i.S, have: m.IMSIT.MCC + m.IMSIT.IMSI1112 + m.IMSIT.S, left: slices.Contains(skipped, "imsi_t")})
	}
	if len(o.PRL) > 0 {
		rows = append(rows, row{what: "PRL", want: listName(o.PRL), have: listName(m.PRL), left: slices.Contains(skipped, "prl")})
	}
	for _, b := range o.PacketData {
		rows = append(rows, row{what: fmt.Sprintf("3GPD block %d", b.ID), want: b.Data, have: fmt.Sprintf("%x", m.Packet[b.ID])})
	}
	if o.NewSPC != "" {
		spc, err := is683.ParseSPC(o.NewSPC, is683.HighFirst)
		rows = append(rows, row{what: "SPC", want: "as ordered", have: either(err == nil && spc == m.SPC, "as ordered", "another")})
	}
	if o.AKey {
		key, ok := hlr.AKey(o.NAM.S)
		rows = append(rows, row{what: "A-key", want: "as in the AC", have: either(ok && m.HasAKey && key == m.AKey, "as in the AC", "another"), left: slices.Contains(skipped, "a_key")})
	}
	if o.NAM != nil {
		rows = append(rows, row{what: "registered", want: "yes", have: either(hlr.Registered(o.NAM.S), "yes", "no")})
	}
	return rows
}

// theRest is what an order without a NAM leaves as it was.
func theRest(o *configs.Order, before *sim.Memory, h *sim.Handset) []row {
	after := h.Memory()
	if o.NewSPC != "" {
		after.SPC = before.SPC
	}
	if len(o.PacketData) > 0 {
		after.Packet = before.Packet
	}
	rows := []row{{what: "IMSI_M", want: before.IMSIM.S, have: after.IMSIM.S}}
	after.PRL = before.PRL
	part := before.Differs(&after)
	return append(rows,
		row{what: "all that was not ordered", want: "unchanged", have: either(part == "", "unchanged", "another "+part)},
		row{what: "Commits", want: "1", have: strconv.Itoa(h.Commits())})
}

// unchanged is the table of a story that leaves the handset as it was.
func unchanged(before *sim.Memory, h *sim.Handset) []row {
	after := h.Memory()
	part := before.Differs(&after)
	return []row{
		{what: "MDN", want: before.MDN, have: after.MDN},
		{what: "IMSI_M", want: before.IMSIM.S, have: after.IMSIM.S},
		{what: "IMSI_T", want: before.IMSIT.S, have: after.IMSIT.S},
		{what: "SID/NID", want: held(before.SIDNID), have: held(after.SIDNID)},
		{what: "PRL", want: listName(before.PRL), have: listName(after.PRL)},
		{what: "all of it", want: "unchanged", have: either(part == "", "unchanged", "another "+part)},
		{what: "Commits", want: "0", have: strconv.Itoa(h.Commits())},
	}
}

// printRows prints the table and reports whether all of it is as promised.
func printRows(out io.Writer, rows []row) bool {
	same := true
	var table bytes.Buffer // written at once, so that nothing comes in between
	w := tabwriter.NewWriter(&table, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "\n\twanted\thandset\t")
	for _, r := range rows {
		mark := "equal"
		switch {
		case r.left && r.want != r.have:
			mark = "left out, as promised"
		case r.want != r.have:
			mark, same = "DIFFERENT", false
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.what, r.want, r.have, mark)
	}
	w.Flush()                // cannot fail
	out.Write(table.Bytes()) // an error of the terminal shows in the prints that follow
	return same
}

func either(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}

func flags(home, sid, nid bool) string {
	return strings.Join([]string{either(home, "home", "-"), either(sid, "sid", "-"), either(nid, "nid", "-")}, " ")
}

func analog(a sim.Analog) string {
	return fmt.Sprintf("FIRSTCHP %d, HOME_SID %d, EX %s", a.FirstCHP, a.HomeSID, either(a.EX, "on", "off"))
}

func ordered(pairs []configs.OrderSystem) string {
	var s []string
	for _, p := range pairs {
		s = append(s, fmt.Sprintf("%d/%d", p.SID, p.NID))
	}
	return strings.Join(s, " ")
}

func held(pairs []is683.SIDNID) string {
	var s []string
	for _, p := range pairs {
		s = append(s, fmt.Sprintf("%d/%d", p.SID, p.NID))
	}
	return strings.Join(s, " ")
}

func listNumber(b []byte) string {
	l, err := prl.Decode(b)
	if err != nil {
		return "none"
	}
	return strconv.Itoa(int(l.ID))
}

// listName tells lists apart: number, length and checksum.
func listName(b []byte) string {
	l, err := prl.Decode(b)
	if err != nil {
		return "none"
	}
	return fmt.Sprintf("%d, %d octets, CRC %x", l.ID, len(b), b[len(b)-2:])
}

func sameAKey(r *run) error {
	key, ok := r.lab.Net.HLR.AKey(r.order.NAM.S)
	if !ok || key != r.handset.Memory().AKey {
		return errors.New("handset and AC do not hold the same A-key")
	}
	return nil
}

func oneSPC(r *run) error {
	if n := r.lab.script.Count("Validation Request"); n != 1 {
		return fmt.Errorf("the handset heard %d SPCs, promised is 1", n)
	}
	return nil
}

func oneCommit(r *run) error {
	if n := r.handset.Commits(); n != 1 {
		return fmt.Errorf("the handset was programmed %d times", n)
	}
	return nil
}
