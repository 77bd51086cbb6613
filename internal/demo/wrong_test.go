package demo

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/sim"
)

// wrong is something that a handset does wrong.
type wrong struct {
	what     string
	fault    sim.IOTAFault
	statuses []int  // of HTTP, but for 200
	counted  string // by the server
	then     then
	reason   string // of a session to which nothing right comes; hang-up when empty
	next     bool   // the next carrier is tried as well
}

// then is what comes after it.
type then uint8

const (
	anything then = 0 // the right thing in one session, in others nothing
	right    then = 1 // always the right thing
	nothing  then = 2 // it is the end
)

// Reasons of sessions.
const (
	hangUp     = "hang-up"
	noCallback = "no-callback"
	inDoubt    = "commit-in-doubt"
)

// The requests of a session in order: the call-back, then the reports.
const (
	callBack = iota
	openReport
	startReport
	capabilityReport
	configurationReport
	dimensionsReport
	segment1Report
	segment2Report
	segment3Report
	commitReport // of IS-683
	mmcReport    // of the commit of MMC
	stopReport
)

// wrongs is all that is wrong. The first document has number 3.
func wrongs() []wrong { return slices.Concat(wrongCalls(), wrongReports(), wrongAnswers()) }

func wrongCalls() []wrong {
	gone, forbidden := []int{http.StatusGone}, []int{http.StatusForbidden}
	return []wrong{
		{what: "call-back used twice", fault: fault(sim.IOTAReplayURL, callBack, ""), statuses: gone, counted: "Used", then: right},
		{what: "call-back used in the middle", fault: fault(sim.IOTAReplayURL, segment1Report, ""), statuses: gone, counted: "Used", then: right},
		{what: "call-back, another ESN", fault: fault(sim.IOTAOtherESN, callBack, ""), statuses: forbidden, counted: "WrongHandset", reason: noCallback},
		{what: "call-back, another MDN", fault: fault(sim.IOTAOtherMDN, callBack, ""), statuses: forbidden, counted: "WrongHandset", reason: noCallback, next: true},
		{what: "call-back, slow head", fault: fault(sim.IOTASlow, callBack, ""), statuses: []int{http.StatusBadRequest}, counted: "Heads", reason: noCallback, next: true},
	}
}

func wrongReports() []wrong {
	conflict, bad, forbidden := []int{http.StatusConflict}, []int{http.StatusBadRequest}, []int{http.StatusForbidden}
	return []wrong{
		{what: "report, another ESN", fault: fault(sim.IOTAOtherESN, openReport, ""), statuses: forbidden, counted: "WrongHandset"},
		{what: "report, another MDN", fault: fault(sim.IOTAOtherMDN, segment1Report, ""), statuses: forbidden, counted: "WrongHandset"},
		{what: "report of the document before", fault: fault(sim.IOTAOldURI, capabilityReport, ""), statuses: conflict, counted: "Changed"},
		{what: "report of a document long ago", fault: fault(sim.IOTAOldURI, segment1Report, "3"), statuses: conflict, counted: "OutOfOrder"},
		{what: "report of a document to come", fault: fault(sim.IOTAOldURI, capabilityReport, "6"), statuses: conflict, counted: "OutOfOrder"},
		{what: "report of another transaction", fault: fault(sim.IOTAWrongMMCID, capabilityReport, ""), statuses: conflict, counted: "Transaction", next: true},
		{what: "commit of another transaction", fault: fault(sim.IOTAWrongMMCID, mmcReport, ""), statuses: conflict, counted: "Transaction", then: right},
		{what: "old report", fault: fault(sim.IOTAOldReport, startReport, ""), statuses: bad, counted: "Mismatched"},
		{what: "missing cid", fault: fault(sim.IOTAMissingCID, segment1Report, ""), statuses: bad, counted: "Malformed", next: true},
		{what: "10 MB", fault: fault(sim.IOTABigPOST, segment1Report, ""), statuses: []int{http.StatusRequestEntityTooLarge}, counted: "TooLarge"},
		{what: "report, slow head", fault: fault(sim.IOTASlow, segment1Report, ""), statuses: bad, counted: "Heads"},
		{what: "report, slow body", fault: fault(sim.IOTASlow, segment1Report, "body"), statuses: []int{http.StatusRequestTimeout}, counted: "Slow", next: true},
	}
}

// wrongAnswers are of IS-683, and results of MMC: after these the handset has left,
// and what it has told is answered as whoever comes too late.
func wrongAnswers() []wrong {
	bad, gone := []int{http.StatusBadRequest}, []int{http.StatusGone}
	return []wrong{
		{what: "answer to another request", fault: fault(sim.IOTAOtherAnswer, dimensionsReport, ""), statuses: bad, counted: "Mismatched", next: true},
		{what: "answer before", fault: fault(sim.IOTAOldReport, capabilityReport, ""), statuses: bad, counted: "Mismatched"},
		{what: "answer about the segment before", fault: fault(sim.IOTAOldReport, segment2Report, ""), statuses: bad, counted: "Mismatched"},
		{what: "answer of no message", fault: fault(sim.IOTAOtherAnswer, capabilityReport, "ff"), statuses: bad, counted: "Mismatched"},
		{what: "answer that is cut", fault: fault(sim.IOTAOtherAnswer, commitReport, "05"), statuses: bad, counted: "Mismatched", reason: inDoubt},
		{what: "empty report", fault: fault(sim.IOTAEmpty, segment1Report, ""), statuses: []int{http.StatusNoContent}, counted: "Empty", then: nothing, next: true},
		{what: "cancelled", fault: fault(sim.IOTACancel, segment1Report, ""), statuses: gone, counted: "Gone", then: nothing, next: true},
		{what: "commit fails", fault: fault(sim.IOTARefuse, mmcReport, ""), statuses: gone, counted: "Gone", then: nothing, reason: "commit-refused", next: true},
	}
}

func fault(kind sim.IOTAFaultKind, at int, value string) sim.IOTAFault {
	return sim.IOTAFault{Kind: kind, At: at, Value: value, Pause: 50 * time.Millisecond}
}

// slowConfig gives a request less time than a slow one takes.
const slowConfig = "  timeout: 1s\n"

// trial is one session in which something is wrong.
type trial struct {
	wrong
	again    bool // the right thing follows
	carriers string
	ends     Ending
}

func (x *trial) name() string {
	switch {
	case x.again:
		return x.what + ", then right"
	case x.ends.Outcome == done.Outcome:
		return x.what + ", then another carrier"
	}
	return x.what
}

// trials are each wrong thing with what may come after it: the right thing,
// nothing, and then the next carrier of the order.
func trials() (all []trial) {
	for _, w := range wrongs() {
		if w.then != nothing {
			all = append(all, trial{w, true, "iota", done})
		}
		if w.then == right {
			continue
		}
		all = append(all, trial{w, false, "iota", w.failure()})
		if w.next {
			all = append(all, trial{w, false, "iota,otapa-ss7", done})
		}
	}
	return all
}

// failure is how a session ends to which nothing right comes. Nothing of it is in
// the handset.
func (w *wrong) failure() Ending {
	e := Ending{Outcome: "failed", Reason: cmp.Or(w.reason, hangUp), Stat: "UNDELIVERABLE"}
	switch e.Reason {
	case noCallback:
		e.Stat = "EXPIRED"
	case inDoubt:
		e.Outcome, e.Stat = "unknown", "UNKNOWN"
	}
	return e
}

// wrongTime is how long a gateway waits for what does not come: long enough for what
// does, on a machine that has other things to do.
const wrongTime = 6 * time.Second

// story is the trial as a story, whose handset is known by ESN and MDN.
func (x *trial) story() Story {
	f := x.fault
	f.Again = x.again
	i := &IOTA{
		Config: "  proxies: [127.0.0.0/8]\n  esn_header: X-ESN\n  mdn_header: X-MDN\n",
		Client: func(c *sim.IOTAConfig) {
			c.ESNHeader, c.MDNHeader, c.Faults = "X-ESN", "X-MDN", []sim.IOTAFault{f}
		},
	}
	if f.Kind == sim.IOTASlow {
		i.Config += slowConfig
	}
	if !x.again { // nothing comes any more
		i.Idle, i.Validity = wrongTime, wrongTime
	}
	s := Story{Name: "wrong", IOTA: i, Order: newList, Handset: subscribed, Play: x.play, Ends: x.ends}
	s.Ends.Extra = x.check
	return s
}

func (x *trial) play(r *run) error {
	min := r.switchOn()
	err := r.trigger(fmt.Sprintf("FLOW=iota;MDN=%s;MIN=%s;ESN=%08X;ORDER=%s;CARRIERS=%s;CORR=%s", r.order.MDN, min, r.handset.ESN(), r.order.Name, x.carriers, r.corr))
	if err != nil {
		return err
	}
	return r.await()
}

// check: the wrong thing was answered as it should be and counted once, and the
// session has seen nothing of it.
func (x *trial) check(r *run) error {
	var problems []error
	if calls := r.hungUp(); len(calls) != 1 || (calls[0] == nil) != x.again {
		problems = append(problems, fmt.Errorf("the handset says of its calls: %v", calls))
	}
	if got := otherStatuses(r.client); !slices.Equal(got, x.statuses) && !(x.sends() && slices.Equal(got, []int{0})) {
		problems = append(problems, fmt.Errorf("HTTP statuses %d, want %d", got, x.statuses))
	}
	want := map[string]uint64{x.counted: 1}
	g := r.lab.gateway.(*here)
	if got := g.counted(); !maps.Equal(got, want) {
		problems = append(problems, fmt.Errorf("counted is %v, want %v", got, want))
	}
	if n := g.Stats().Anomalies; n != 0 {
		problems = append(problems, fmt.Errorf("the session tells of %d anomalies", n))
	}
	return errors.Join(problems...)
}

// sends tells whether the handset still sends when it is answered. Where it is
// late to read, the connection may be closed and the status lost.
func (w *wrong) sends() bool { return w.fault.Kind == sim.IOTASlow || w.fault.Kind == sim.IOTABigPOST }

// otherStatuses are those that are no plain success.
func otherStatuses(c *sim.IOTA) (all []int) {
	for _, s := range c.Sessions() {
		all = append(all, slices.DeleteFunc(s.Statuses, func(n int) bool { return n == http.StatusOK })...)
	}
	return all
}

// counted is what the handsets' server has counted that is not in a session without
// trouble.
func (h *here) counted() map[string]uint64 {
	n := h.Handsets()
	n.Requests, n.Called, n.Reports, n.Documents, n.Refused = 0, 0, 0, 0, 0
	all := map[string]uint64{}
	for f, v := range reflect.ValueOf(n).Fields() {
		if v.Uint() != 0 {
			all[f.Name] = v.Uint()
		}
	}
	return all
}

// TestWrong plays each trial on a gateway of its own: what is wrong is answered,
// counted, and changes nothing. The trials run beside each other, and not beside
// the tests that are parallel: theirs is less waiting.
func TestWrong(t *testing.T) {
	all := trials()
	ends := make([]chan string, len(all))
	room := make(chan struct{}, 16) // most of a trial is waiting
	var playing sync.WaitGroup
	t.Cleanup(playing.Wait) // also for those that nobody has asked for
	for i := range all {
		ends[i] = make(chan string, 1)
		playing.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			ends[i] <- all[i].played(t.Context())
		})
	}
	for i := range all {
		t.Run(all[i].name(), func(t *testing.T) {
			if problem := <-ends[i]; problem != "" {
				t.Error(problem)
			}
		})
	}
}

// played plays the trial. What is not as it should be is told with all that passed.
func (x *trial) played(ctx context.Context) (problem string) {
	var out bytes.Buffer
	if err := Play(ctx, x.story(), Options{Out: &out, Log: zerolog.Nop()}); err != nil {
		return fmt.Sprintf("%v\n%s", err, out.String())
	}
	return ""
}

// TestLateCalls: who calls back when the session is over is turned away and counted,
// whether the call-back was used or not.
func TestLateCalls(t *testing.T) {
	for name, want := range map[string]uint64{"iota-replayed-url": 2, "iota-expired": 1} { // the first was refused in the session as well
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := Find(name)
			extra := s.Ends.Extra
			s.Ends.Extra = func(r *run) error {
				n := r.lab.gateway.(*here).Handsets()
				if got := n.Unknown + n.Used + n.Expired + n.Gone; got != want || n.Refused != want {
					return fmt.Errorf("%d are counted of %d", got, n.Refused)
				}
				if extra == nil {
					return nil
				}
				return extra(r)
			}
			if err := Play(t.Context(), s, Options{Out: io.Discard, Log: zerolog.Nop()}); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestWrongBoot: the first report of a handset that has come by itself is judged as
// strictly as any other; only after a restart is less known.
func TestWrongBoot(t *testing.T) {
	s, _ := Find("iota-one-button")
	s.IOTA = &IOTA{Client: func(c *sim.IOTAConfig) {
		c.Faults = []sim.IOTAFault{{Kind: sim.IOTAOldURI, At: openReport, Value: "1", Again: true}}
	}}
	s.Ends.Extra = func(r *run) error {
		first := r.client.Sessions()[0].Statuses
		if n := r.lab.gateway.(*here).Handsets().OutOfOrder; n != 1 || !slices.Contains(first, http.StatusConflict) {
			return fmt.Errorf("%d are counted as out of order, and answered is %d", n, first)
		}
		return nil
	}
	if err := Play(t.Context(), s, Options{Out: io.Discard, Log: zerolog.Nop()}); err != nil {
		t.Error(err)
	}
}
