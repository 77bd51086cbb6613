package gateway

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/smpp"
)

// values are what a trigger says. All are text; empty means not given.
type values struct {
	TRN   string // temporary reference number of the call
	MDN   string
	MIN   string // the MIN of the order, ten digits
	PRL   string // wanted PR_LIST_ID, held against the order
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
		return &badTrigger{fmt.Sprintf("unknown key%s; known are TRN, MDN, MIN, PRL, ORDER, CORR", quoted(key))}
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

// quoted shows an unknown key if it is a word. Anything else may be somebody's
// number, and the text goes into logs.
func quoted(key string) string {
	if key == "" || len(key) > 20 || strings.ContainsFunc(key, func(r rune) bool { return (r < 'A' || r > 'Z') && r != '_' }) {
		return ""
	}
	return " " + key
}

// check looks at the form of the values that a session does not look at itself.
func (v *values) check() error {
	switch {
	case v.TRN == "":
		return &badTrigger{"TRN is missing"}
	case v.MIN != "" && (len(v.MIN) != 10 || !digits(v.MIN)):
		return &badTrigger{"MIN: want ten digits"}
	case v.PRL != "":
		if _, err := strconv.ParseUint(v.PRL, 10, 16); err != nil {
			return &badTrigger{"PRL: want a PR_LIST_ID, 0 to 65535"}
		}
	}
	return nil
}

func digits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
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
	for i, part := range strings.Split(string(text), ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		key, value, ok := strings.Cut(part, "=")
		if !ok {
			return v, &badTrigger{fmt.Sprintf("part %d is not KEY=VALUE", i+1)}
		}
		if err := v.set(strings.ToUpper(strings.TrimSpace(key)), strings.TrimSpace(value)); err != nil {
			return v, err
		}
	}
	return v, v.check()
}
