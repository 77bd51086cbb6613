package cdr

import (
	"encoding/json"
	"time"
)

// Outcome is how a session ended. Its words are stable.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"    // everything that was ordered is in the handset
	Partial Outcome = "partial" // something is in the handset, not everything
	Failed  Outcome = "failed"  // nothing is in the handset
	Refused Outcome = "refused" // it never began: busy number, unknown subscriber, no order
	Unknown Outcome = "unknown" // nobody can say: the last answer was lost
)

// Record is one finished session. Empty fields are not known.
type Record struct {
	Session string  `json:"session"` // 16 hex digits
	Flow    string  `json:"flow"`    // otasp, otapa, iota, push
	Trigger Trigger `json:"trigger"`

	MDN  string `json:"mdn,omitempty"`
	TRN  string `json:"trn,omitempty"`
	MSC  string `json:"msc,omitempty"`
	ESN  string `json:"esn,omitempty"`  // 8 hex digits in upper case
	MEID string `json:"meid,omitempty"` // 14 hex digits in upper case

	OldMIN  string `json:"old_min,omitempty"`
	OldMDN  string `json:"old_mdn,omitempty"`
	NewMIN  string `json:"new_min,omitempty"`
	NewIMSI string `json:"new_imsi,omitempty"`
	OldPRL  string `json:"old_prl,omitempty"` // PR_LIST_ID in decimal digits
	NewPRL  string `json:"new_prl,omitempty"`

	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`

	Outcome Outcome `json:"outcome"`
	Reason  string  `json:"reason"` // one stable word
	Detail  string  `json:"detail,omitempty"`

	Link string `json:"link,omitempty"` // the SMPP link that carried a message

	Steps     []string `json:"steps,omitempty"`   // blocks, procedures or parts carried out, in order
	Skipped   []string `json:"skipped,omitempty"` // blocks ordered and not carried out
	Recovered int      `json:"recovered"`         // how often a restart went through the session
	Attempts  int      `json:"attempts"`

	Found []string `json:"found,omitempty"` // what the handset was read to hold, of a read-out: name=value

	Ways []string `json:"ways,omitempty"` // ways to the handset that were tried, in order, and how each ended
}

// Trigger is who asked for the session.
type Trigger struct {
	Account     string `json:"account,omitempty"` // the SMPP system_id or API user
	Source      string `json:"source,omitempty"`
	Destination string `json:"destination,omitempty"`
	Corr        string `json:"corr,omitempty"` // the caller's own reference
}

// AppendJSON appends r as one line of JSON, without a line end.
func (r *Record) AppendJSON(dst []byte) ([]byte, error) {
	b, err := json.Marshal(r)
	return append(dst, b...), err
}

// Decode fills r from what AppendJSON wrote.
func (r *Record) Decode(b []byte) error {
	*r = Record{}
	return json.Unmarshal(b, r)
}
