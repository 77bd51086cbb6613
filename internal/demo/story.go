package demo

import (
	"slices"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/wappush/pap"
)

// Story is one course of events.
type Story struct {
	Name    string
	Promise string // how it ends, in one line

	Push    *Push // of a message; nil is an activation
	IOTA    *IOTA // of a handset that is called back
	Order   func(*configs.Order)
	Handset func(*sim.HandsetConfig)
	Rules   func(*Lab) []sim.Rule
	Process bool             // the gateway is a process of its own, which a rule kills
	Play    func(*run) error // what happens; nil is one call and one trigger
	Ends    Ending
	Flow    []FlowStep // that have to come in this order; the ladder numbers them
}

// Ending is how a story has to end.
type Ending struct {
	Outcome    string // of the CDR
	Reason     string
	Stat       string           // of the receipt
	Changed    bool             // the handset holds what was ordered, less Skipped
	Skipped    []string         // parts of the order that are left out
	Recovered  bool             // a restart went through it
	Steps      []string         // of the CDR of a message: how each part ended, and its sendings
	State      pap.MessageState // of the result notification, which then takes the place of the receipt
	Found      []string         // what the record says of the handset, among others
	Unreported bool             // no order was found, so that the back-end is not told
	Second     *Ending          // of the trigger with the reference second, when there is one
	Extra      func(*run) error
}

var done = Ending{Outcome: "done", Reason: "ok", Stat: "DELIVERED", Changed: true}

// Stories are all stories, the plain one first.
func Stories() []Story {
	return slices.Concat(activations(), pushStories(), relayStories(), otapaStories(), iotaStories())
}

func activations() []Story {
	return []Story{
		{
			Name: "activate", Promise: "a caller who is not known yet gets NAM, MDN, IMSI_T and a roaming list",
			Ends: done,
		},
		{
			Name: "activate-akey", Promise: "A-key by Diffie-Hellman, SSD update, re-authentication and a new SPC beside the rest",
			Order: func(o *configs.Order) { o.AKey, o.ReAuth, o.NewSPC = true, true, "135790" },
			Ends:  with(done, sameAKey),
		},
		{
			Name: "extended-prl", Promise: "an extended roaming list in a handset that can hold one",
			Order: func(o *configs.Order) { o.PRL = extendedList() },
			Ends:  done,
		},
		{
			Name: "packet-data", Promise: "two 3GPD blocks beside the rest",
			Order: func(o *configs.Order) {
				o.PacketData = []configs.OrderData{{ID: is683.ThreeGPDDownloadOperationMode, Data: "40"}, {ID: is683.ThreeGPDDownloadSimpleIPStatus, Data: "00"}}
			},
			Ends: done,
		},
		{
			Name: "dual-mode", Promise: "a handset with analog mode gets the combined CDMA/analog NAM",
			Order: func(o *configs.Order) {
				o.NAM.LocalControl, o.NAM.Analog = true, &configs.OrderAnalog{FirstCHP: 334, HomeSID: 4140, EX: true}
			},
			Handset: func(h *sim.HandsetConfig) { h.Analog = true },
			Ends:    done,
		},
		{
			Name: "unknown-trn", Promise: "the MSC does not know the TRN: nothing is programmed, nothing stays taken",
			Play: unknownTRN,
			Ends: Ending{Outcome: "failed", Reason: "unknown-trn", Stat: "UNDELIVERABLE", Unreported: true},
		},
		{
			Name: "wrong-spc", Promise: "the handset is locked with another SPC: it hears one wrong SPC and no second",
			Handset: func(h *sim.HandsetConfig) { h.Memory.SPC, _ = is683.ParseSPC("246802", is683.HighFirst) },
			Ends:    with(Ending{Outcome: "failed", Reason: "wrong-spc", Stat: "UNDELIVERABLE"}, oneSPC),
		},
		{
			Name: "handset-refuses-block", Promise: "the handset has no IMSI_T block: the rest is programmed, the record says what is missing",
			Handset: func(h *sim.HandsetConfig) {
				h.Refuse = map[sim.Refusal]is683.ResultCode{{Type: is683.TypeDownload, Block: is683.BlockIMSIT}: is683.BlockIDNotSupported}
			},
			Ends: Ending{Outcome: "partial", Reason: "parts-skipped", Stat: "DELIVERED", Changed: true, Skipped: []string{"imsi_t"}},
		},
		{
			Name: "no-features", Promise: "the handset can do NAM download only: list and A-key are left out, the record says so",
			Order:   func(o *configs.Order) { o.AKey = true },
			Handset: func(h *sim.HandsetConfig) { h.Features = h.Features[:1] },
			Ends:    Ending{Outcome: "partial", Reason: "parts-skipped", Stat: "DELIVERED", Changed: true, Skipped: []string{"prl", "a_key"}},
		},
		{
			Name: "hang-up-in-prl", Promise: "the caller hangs up in the middle of the list: the handset stays as it was, the TRN comes back",
			Rules: func(*Lab) []sim.Rule { return []sim.Rule{{Step: "SSPR Download Request", Nth: 2, Do: sim.HangUp}} },
			Ends:  Ending{Outcome: "failed", Reason: "hang-up", Stat: "UNDELIVERABLE"},
		},
		{
			Name: "ac-refuses", Promise: "the authentication centre refuses the SSD update: the temporary A-key is thrown away",
			Order: func(o *configs.Order) { o.AKey = true },
			Rules: func(l *Lab) []sim.Rule {
				return []sim.Rule{{Step: "OTASPREQ perform SSD update", Do: sim.Run, Func: func() { l.forgetKeys() }}}
			},
			Ends: Ending{Outcome: "failed", Reason: "ssd-update-failed", Stat: "UNDELIVERABLE"},
		},
		{
			Name: "busy-mdn", Promise: "a second trigger for an MDN in work is refused at once, the first goes on",
			Rules: func(*Lab) []sim.Rule {
				return []sim.Rule{{Step: "Protocol Capability Request", Do: sim.Delay, For: 800 * time.Millisecond}}
			},
			Play: busyMDN,
			Ends: Ending{
				Outcome: "done", Reason: "ok", Stat: "DELIVERED", Changed: true,
				Second: &Ending{Outcome: "refused", Reason: "busy-mdn", Stat: "REJECTED"},
			},
		},
		{
			Name: "no-order", Promise: "nothing is ordered for the MDN: the trigger is refused, the receipt names the reason",
			Play: noOrder,
			Ends: Ending{Outcome: "refused", Reason: "no-order", Stat: "REJECTED", Unreported: true},
		},
		{
			Name: "duplicate-trigger", Promise: "the same trigger sent twice is answered with the same id and starts one session",
			Rules: func(*Lab) []sim.Rule {
				return []sim.Rule{{Step: "Protocol Capability Request", Do: sim.Delay, For: 200 * time.Millisecond}}
			},
			Play: duplicateTrigger,
			Ends: done,
		},
		{
			Name: "lost-answer", Promise: "the answer to a download is lost: the request is repeated and the handset programmed once",
			Rules: func(*Lab) []sim.Rule { return []sim.Rule{{Step: "Download Request", Do: sim.LoseAnswer}} },
			Ends:  done,
		},
		{
			Name: "late-answer", Promise: "an answer comes after its request was given up: it is dropped, the repetition counts",
			Rules: func(*Lab) []sim.Rule {
				return []sim.Rule{{Step: "SSPR Download Request", Do: sim.Delay, For: 1500 * time.Millisecond}}
			},
			Ends: done,
		},
		{
			Name: "lost-commit", Promise: "the answer to Commit is lost: the handset is read back and found programmed",
			Rules: func(*Lab) []sim.Rule { return []sim.Rule{{Step: "Commit Request", Do: sim.LoseAnswer}} },
			Ends:  with(done, oneCommit),
		},
		{
			Name: "crash-before-commit", Promise: "the gateway is killed in the middle of the list and started again: the downloads are repeated, the handset is programmed once",
			Rules: func(l *Lab) []sim.Rule {
				return []sim.Rule{{Step: "SSPR Download Request", Nth: 2, Do: sim.RunAfter, Func: l.Crash}}
			},
			Process: true,
			Ends:    recovered(with(done, oneCommit)),
		},
		{
			Name: "crash-after-commit", Promise: "the gateway is killed when the handset has committed: read back, it is found programmed, and not programmed again",
			Rules: func(l *Lab) []sim.Rule {
				return []sim.Rule{{Step: "Commit Request", Do: sim.RunAfter, Func: l.Crash}}
			},
			Process: true,
			Ends:    recovered(with(done, oneCommit)),
		},
		{
			Name: "crash-in-doubt", Promise: "the gateway is killed before Commit reaches the handset: read back, it holds the old values, and Commit is sent again",
			Rules: func(l *Lab) []sim.Rule {
				return []sim.Rule{{Step: "Commit Request", Do: sim.RunAndLose, Func: l.Crash}}
			},
			Process: true,
			Ends:    recovered(with(done, oneCommit)),
		},
	}
}

func with(e Ending, extra func(*run) error) Ending {
	e.Extra = extra
	return e
}

func recovered(e Ending) Ending {
	e.Recovered = true
	return e
}

// Find is the story with this name.
func Find(name string) (Story, bool) {
	for _, s := range Stories() {
		if s.Name == name {
			return s, true
		}
	}
	return Story{}, false
}
