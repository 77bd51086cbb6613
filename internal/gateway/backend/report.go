package backend

import (
	"encoding/json"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/sessions"
)

// Report is how one provisioning session has ended. What is empty is not known.
type Report struct {
	Session string `json:"session"` // 16 hex digits
	Flow    string `json:"flow"`    // otasp, otapa, iota
	Order   string `json:"order,omitempty"`

	MDN    string `json:"mdn,omitempty"`
	OldMDN string `json:"old_mdn,omitempty"`
	OldMIN string `json:"old_min,omitempty"`
	NewMIN string `json:"new_min,omitempty"`
	ESN    string `json:"esn,omitempty"`  // 8 hex digits in upper case
	MEID   string `json:"meid,omitempty"` // 14 hex digits in upper case
	PRL    string `json:"prl,omitempty"`  // PR_LIST_ID now in the handset, in decimal digits

	Activated bool     `json:"activated"` // a first activation, and it is in the handset
	Outcome   string   `json:"outcome"`   // a word of sessions/cdr
	Reason    string   `json:"reason"`    // one stable word
	Ways      []string `json:"ways,omitempty"`
	Found     []string `json:"found,omitempty"` // of a read-out: name=value

	Started time.Time `json:"started,omitzero"`
	Ended   time.Time `json:"ended"`
}

// Dest is the outbox destination of reports.
const Dest = "backend"

// atOnce is when a report is due: always, and the same for all, so that they keep
// the order of their rows. The clock may be set back, and what is to be told
// again goes back to its place with it.
func atOnce() time.Time { return time.UnixMicro(1).UTC() }

// Row is the outbox row of r, when anybody is to be told.
func (r *Report) Row(c *configs.Backend) (row sessions.Outbox, wanted bool) {
	if c.Report == "" {
		return sessions.Outbox{}, false // nobody would ever send it
	}
	id, err := sessions.ParseID(r.Session)
	if err != nil {
		return sessions.Outbox{}, false // no session, and no key by which a repetition is known
	}
	x := *r
	x.Started, x.Ended = r.Started.UTC(), r.Ended.UTC()
	body, err := json.Marshal(&x)
	if err != nil {
		return sessions.Outbox{}, false // a struct of texts and times of this age cannot fail
	}
	row = sessions.Outbox{
		Dest: Dest, Due: atOnce(), Validity: r.Ended.Add(c.Validity), ID: id, Dedup: "backend/" + r.Session, Body: body,
	}
	if mdn, err := sessions.ParseMDN(r.MDN); err == nil {
		row.Key = sessions.MDNKey(mdn) // else the store puts in that of the session
	}
	return row, true
}
