package gateway

import (
	"bytes"
	"fmt"
	"slices"
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
	ESN   string // of the handset that is to be programmed and no other, 8 hexadecimal digits
	Flow  string // otasp when not given

	OldMDN   string // what the handset has until now, when the order gives it another number
	Carriers string // ways to the handset, in the order in which they are tried: iota,otapa-ss7
	Push     pushValues
}

// The words of FLOW.
const (
	flowOTASP = configs.FlowOTASP
	flowOTAPA = configs.FlowOTAPA
	flowIOTA  = configs.FlowIOTA
	flowPush  = configs.FlowPush
)

// badTrigger is why a submit_sm that matches a trigger starts nothing.
type badTrigger struct{ text string }

func (e *badTrigger) Error() string { return e.text }

// triggerKey is a key of the trigger text, of which flows, and where its value goes.
type triggerKey struct {
	key   string
	flows string
	most  int // characters
	field func(v *values) *string
}

const (
	maxValue = 64
	maxURL   = 1024
)

var triggerKeys = [...]triggerKey{
	{"TRN", flowOTASP + flowIOTA, maxValue, func(v *values) *string { return &v.TRN }},
	{"MDN", flowOTASP + flowOTAPA + flowIOTA + flowPush, maxValue, func(v *values) *string { return &v.MDN }},
	{"MIN", flowOTASP + flowOTAPA + flowIOTA + flowPush, maxValue, func(v *values) *string { return &v.MIN }},
	{"PRL", flowOTASP + flowOTAPA + flowIOTA, maxValue, func(v *values) *string { return &v.PRL }},
	{"ORDER", flowOTASP + flowOTAPA + flowIOTA, maxValue, func(v *values) *string { return &v.Order }},
	{"CORR", flowOTASP + flowOTAPA + flowIOTA + flowPush, maxValue, func(v *values) *string { return &v.Corr }},
	{"FLOW", flowOTASP + flowOTAPA + flowIOTA + flowPush, maxValue, func(v *values) *string { return &v.Flow }},
	{"ESN", flowOTAPA + flowIOTA, maxValue, func(v *values) *string { return &v.ESN }},
	{"OLDMDN", flowOTAPA + flowIOTA, maxValue, func(v *values) *string { return &v.OldMDN }},
	{"CARRIERS", flowOTAPA + flowIOTA, maxValue, func(v *values) *string { return &v.Carriers }},
	{"TYPE", flowPush, maxValue, func(v *values) *string { return &v.Push.Type }},
	{"HREF", flowPush, maxURL, func(v *values) *string { return &v.Push.Href }},
	{"TEXT", flowPush, maxURL, func(v *values) *string { return &v.Push.Text }},
	{"ACTION", flowPush, maxValue, func(v *values) *string { return &v.Push.Action }},
	{"SIID", flowPush, maxURL, func(v *values) *string { return &v.Push.SIID }},
	{"CREATED", flowPush, maxValue, func(v *values) *string { return &v.Push.Created }},
	{"EXPIRES", flowPush, maxValue, func(v *values) *string { return &v.Push.Expires }},
	{"PROFILE", flowPush, maxValue, func(v *values) *string { return &v.Push.Profile }},
	{"SEC", flowPush, maxValue, func(v *values) *string { return &v.Push.SEC }},
	{"PIN", flowPush, maxValue, func(v *values) *string { return (*string)(&v.Push.PIN) }},
	{"IMSI", flowPush, maxValue, func(v *values) *string { return &v.Push.IMSI }},
	{"VALID", flowPush, maxValue, func(v *values) *string { return &v.Push.Valid }},
	{"LINK", flowPush, maxValue, func(v *values) *string { return &v.Push.Link }},
}

// set puts one value in; each may be given once.
func (v *values) set(flow, key, value string) error {
	i := slices.IndexFunc(triggerKeys[:], func(k triggerKey) bool { return k.key == key && strings.Contains(k.flows, flow) })
	if i < 0 {
		return &badTrigger{fmt.Sprintf("unknown key%s; known are %s", quoted(key), keysOf(flow))}
	}
	k := &triggerKeys[i]
	f := k.field(v)
	switch {
	case *f != "":
		return &badTrigger{key + " is given twice"}
	case value == "" || len(value) > k.most:
		return &badTrigger{fmt.Sprintf("%s must have 1 to %d characters", key, k.most)}
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }):
		return &badTrigger{key + " has characters other than printable ASCII"}
	}
	*f = value
	return nil
}

// keysOf names the keys of a flow.
func keysOf(flow string) string {
	var all []string
	for i := range triggerKeys {
		if strings.Contains(triggerKeys[i].flows, flow) {
			all = append(all, triggerKeys[i].key)
		}
	}
	return strings.Join(all, ", ")
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
	case v.Flow == flowPush:
		return v.checkPush()
	case (v.Flow == flowOTAPA || v.Flow == flowIOTA && v.TRN == "") && v.MDN == "":
		return &badTrigger{"MDN is missing"}
	case v.ESN != "" && !isESN(v.ESN):
		return &badTrigger{"ESN: want eight hexadecimal digits"}
	case v.Flow == flowOTASP && v.TRN == "":
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

func isESN(s string) bool {
	n, err := strconv.ParseUint(s, 16, 32)
	return err == nil && len(s) == 8 && n != 0
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

// flowOf is the flow that the text of a submit_sm asks for, empty when it does
// not say.
func flowOf(p *smpp.SubmitSM) string {
	for part := range strings.SplitSeq(string(triggerText(p)), ";") {
		if key, value, ok := strings.Cut(part, "="); ok && strings.EqualFold(strings.TrimSpace(key), "FLOW") {
			return strings.ToLower(strings.TrimSpace(value))
		}
	}
	return ""
}

// triggerText may be in short_message or in message_payload.
func triggerText(p *smpp.SubmitSM) []byte {
	if payload, ok := p.TLVs.Find(smpp.TagMessagePayload); ok && len(p.ShortMessage) == 0 {
		return payload
	}
	return p.ShortMessage
}

// readValues takes the values from the text KEY=VALUE;KEY=VALUE and from the
// optional parameters that the trigger names.
func readValues(t *configs.Trigger, p *smpp.SubmitSM) (values, error) {
	var v values
	flow := t.Flow
	if flow == "" {
		flow = flowOTASP
	}
	for _, tlv := range t.TLVs {
		if o, ok := p.TLVs.Find(smpp.Tag(tlv.Tag)); ok {
			if err := v.set(flow, tlv.Name, string(bytes.TrimRight(o, "\x00"))); err != nil {
				return v, err
			}
		}
	}
	for i, part := range strings.Split(string(triggerText(p)), ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		key, value, ok := strings.Cut(part, "=")
		if !ok {
			return v, &badTrigger{fmt.Sprintf("part %d is not KEY=VALUE", i+1)}
		}
		if err := v.set(flow, strings.ToUpper(strings.TrimSpace(key)), strings.TrimSpace(value)); err != nil {
			return v, err
		}
	}
	if v.Flow != "" && !strings.EqualFold(v.Flow, flow) {
		return v, &badTrigger{"FLOW is not that of this trigger"}
	}
	v.Flow = flow
	return v, v.check()
}
