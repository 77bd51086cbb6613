package gateway

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/smpp"
)

// values are what a trigger says. All are text; empty means not given.
type values struct {
	TRN   string // temporary reference number of the call
	MDN   string
	MIN   string // the MIN the subscriber holds now
	PRL   string // wanted PR_LIST_ID, checked against the order
	Order string // name of the order
	Corr  string // the caller's own reference
}

// badTrigger is why a submit_sm that matches a trigger starts nothing.
type badTrigger struct{ text string }

func (e *badTrigger) Error() string { return e.text }

// field is where a key of the trigger text goes.
func (v *values) field(key string) *string {
	switch key {
	case "TRN":
		return &v.TRN
	case "MDN":
		return &v.MDN
	case "MIN":
		return &v.MIN
	case "PRL":
		return &v.PRL
	case "ORDER":
		return &v.Order
	case "CORR":
		return &v.Corr
	}
	return nil
}

const maxValue = 64

// set puts one value in; each may be given once.
func (v *values) set(key, value string) error {
	f := v.field(key)
	switch {
	case f == nil:
		return &badTrigger{fmt.Sprintf("unknown key %.20q; known are TRN, MDN, MIN, PRL, ORDER, CORR", key)}
	case *f != "":
		return &badTrigger{key + " is given twice"}
	case value == "" || len(value) > maxValue:
		return &badTrigger{fmt.Sprintf("%s must have 1 to %d characters", key, maxValue)}
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }):
		return &badTrigger{key + " has characters other than printable ASCII"}
	}
	*f = value
	return nil
}

// matches reports whether the submit_sm is this trigger.
func matches(t *configs.Trigger, account string, p *smpp.SubmitSM) bool {
	dest := string(p.DestinationAddr)
	switch {
	case t.Account != "" && t.Account != account:
	case t.Prefix && !strings.HasPrefix(dest, t.Destination):
	case !t.Prefix && t.Destination != "" && dest != t.Destination:
	case t.ServiceType != "" && t.ServiceType != string(p.ServiceType):
	case t.ProtocolID != nil && *t.ProtocolID != p.ProtocolID:
	default:
		return true
	}
	return false
}

// readValues takes the values from the text KEY=VALUE;KEY=VALUE and from the
// optional parameters that the trigger names. The text may be in
// short_message or in message_payload.
func readValues(t *configs.Trigger, p *smpp.SubmitSM) (values, error) {
	var v values
	for _, tlv := range t.TLVs {
		if o, ok := p.TLVs.Find(smpp.Tag(tlv.Tag)); ok {
			if err := v.set(tlv.Name, string(bytes.TrimRight(o, "\x00"))); err != nil {
				return v, err
			}
		}
	}
	text := p.ShortMessage
	if payload, ok := p.TLVs.Find(smpp.TagMessagePayload); ok && len(text) == 0 {
		text = payload
	}
	for part := range strings.SplitSeq(string(text), ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		key, value, ok := strings.Cut(part, "=")
		if !ok {
			return v, &badTrigger{fmt.Sprintf("%.20q is not KEY=VALUE", part)}
		}
		if err := v.set(strings.ToUpper(strings.TrimSpace(key)), strings.TrimSpace(value)); err != nil {
			return v, err
		}
	}
	if v.TRN == "" {
		return v, &badTrigger{"TRN is missing"}
	}
	return v, nil
}
