package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/wappush/omacp"
)

// handsetFlags say who has a handset for messages, and what its user and its
// network know.
type handsetFlags struct {
	subscribers []string
	cfg         sim.AgentConfig
	air         string
}

// add adds the flags to c; who says what a subscriber is.
func (f *handsetFlags) add(c *cobra.Command, who string) {
	fs := c.Flags()
	fs.StringArrayVar(&f.subscribers, "subscriber", nil, who+"; may be given several times")
	fs.StringArrayVar(&f.cfg.PINs, "pin", nil, "what the user types for settings that want a PIN; given again, at the second and third try")
	fs.StringVar(&f.cfg.IMSI, "imsi", "", "IMSI of the handsets, for settings that the network's secret protects")
	fs.BoolVar(&f.cfg.Unsigned, "unsigned", false, "the handsets take settings that nothing protects")
	fs.StringVar(&f.air, "air", "", "what happens to messages on their way to the handsets, as probabilities: drop=0.1,duplicate=0.1; also vanish, lose_ack, reorder and seed")
}

// parseAir reads drop=0.1,duplicate=0.1,seed=1.
func parseAir(text string) (a sim.Air, err error) {
	a.Seed = 1
	if text == "" {
		return a, nil
	}
	shares := map[string]*float64{"drop": &a.Drop, "vanish": &a.Vanish, "lose_ack": &a.LoseAck, "duplicate": &a.Duplicate, "reorder": &a.Reorder}
	for part := range strings.SplitSeq(text, ",") {
		key, value, _ := strings.Cut(part, "=")
		switch share := shares[key]; {
		case share != nil:
			*share, err = strconv.ParseFloat(value, 64)
		case key == "seed":
			a.Seed, err = strconv.ParseUint(value, 10, 64)
		default:
			err = errors.New("want drop, vanish, lose_ack, duplicate, reorder or seed")
		}
		if err != nil {
			return a, usageError{fmt.Errorf("--air %q: %w", part, err)}
		}
	}
	return a, nil
}

// handset is the push agent of a number, and what was printed of it.
type handset struct {
	number string
	agent  *sim.Agent
	out    io.Writer

	indications                              []sim.Indication
	opened, cached, settings, sessions, rest int
	texts                                    int
	counts                                   sim.Counts
}

// switchOn makes the handset of a number; it prints what it puts together. provision
// follows call-backs; nil is a handset that cannot.
func (f *handsetFlags) switchOn(number string, out io.Writer, observe func(sim.Sight), provision func(url string)) *handset {
	cfg := f.cfg
	cfg.Observe = func(s sim.Sight) {
		s.From = "air"
		observe(s)
	}
	cfg.Provision = provision
	return &handset{number: number, agent: sim.NewAgent(cfg), out: out}
}

// watch prints what the handset has done, until ctx ends.
func (h *handset) watch(ctx context.Context) {
	// Wait ends with ctx: there is always more to come.
	_ = h.agent.Wait(ctx, func() bool {
		h.news()
		return false
	})
}

func (h *handset) say(format string, args ...any) {
	fmt.Fprintf(h.out, "handset %s "+format+"\n", append([]any{h.number}, args...)...)
}

// news prints what was not there before.
func (h *handset) news() {
	now := h.agent.Indications()
	for _, i := range now {
		if !slices.Contains(h.indications, i) {
			h.say("shows %s %q, %s", i.Action, i.Text, i.Href)
		}
	}
	h.indications = now
	calls := h.agent.Provisioned() // whoever reads their URLs can be the handset
	tell(&h.opened, h.agent.Opened(), func(url string) {
		if slices.Contains(calls, url) {
			h.say("is called back")
			return
		}
		h.say("opened URL %s", url)
	})
	tell(&h.cached, h.agent.Cached(), func(url string) { h.say("cached URL %s", url) })
	tell(&h.settings, h.agent.Settings(), func(d omacp.Document) { h.say("settings %s", groups(&d)) })
	tell(&h.sessions, h.agent.DMSessions(), func(s sim.DMSession) { h.say("session %d with DM server %s", s.SessionID, s.Server) })
	tell(&h.texts, h.agent.Texts(), func(t sim.Text) { h.say("text from %s: %q", t.From, t.Text) })
	tell(&h.rest, h.agent.Unknown(), func(u sim.Unknown) {
		h.say("has no use for %d octets of %q to port %d", len(u.Octets), u.ContentType, u.Ports.Destination)
	})
	h.refused()
}

// tell prints the rest of a list of which so many were told.
func tell[T any](told *int, list []T, one func(T)) {
	for _, x := range list[*told:] {
		one(x)
	}
	*told = len(list)
}

// refused prints what the handset did not take, and why.
func (h *handset) refused() {
	now := h.agent.Counts()
	for _, c := range [...]struct {
		before, now int
		what        string
	}{
		{h.counts.MACFailures, now.MACFailures, "settings refused: nothing proves that they are the operator's"},
		{h.counts.DigestFailures, now.DigestFailures, "notification refused: the digest is not that of a DM server it knows"},
		{h.counts.Malformed, now.Malformed, "message dropped: it cannot be read"},
		{h.counts.Discarded, now.Discarded, "indication dropped: expired, or older than the one there"},
		{h.counts.Duplicates, now.Duplicates, "message dropped: it was there already"},
		{h.counts.Incomplete, now.Incomplete, "message dropped: segments are missing"},
	} {
		for range c.now - c.before {
			h.say("%s", c.what)
		}
	}
	h.counts = now
}

// groups are the types of the settings, and the applications by their names.
func groups(d *omacp.Document) string {
	var all []string
	for i := range d.Characteristics {
		c := &d.Characteristics[i]
		all = append(all, strings.TrimSpace(c.Type+" "+c.Value("APPID")))
	}
	return strings.Join(all, ", ")
}
