package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/smpp"
)

// messageFlags describe a message for --explain-route FROM TO.
type messageFlags struct {
	account, serviceType                           string
	push                                           bool
	sourceTON, sourceNPI, destTON, destNPI, coding uint8
	tlvs                                           []string
	asJSON                                         bool
}

func addMessageFlags(c *cobra.Command) *messageFlags {
	m, f := &messageFlags{}, c.Flags()
	f.StringVar(&m.account, "account", "", "who submits it: an account, a link, a push initiator, or push for any push")
	f.BoolVar(&m.push, "push", false, "it comes from a trigger of the account, and not from the account itself")
	f.StringVar(&m.serviceType, "service-type", "", "its service_type")
	f.Uint8Var(&m.sourceTON, "source-ton", 0, "its source_addr_ton")
	f.Uint8Var(&m.sourceNPI, "source-npi", 0, "its source_addr_npi")
	f.Uint8Var(&m.destTON, "dest-ton", 0, "its dest_addr_ton")
	f.Uint8Var(&m.destNPI, "dest-npi", 0, "its dest_addr_npi")
	f.Uint8Var(&m.coding, "data-coding", 0, "its data_coding")
	f.StringArrayVar(&m.tlvs, "tlv", nil, "a TLV of it: TAG=HEX, where TAG is a number or a name")
	f.BoolVar(&m.asJSON, "json", false, "print JSON")
	return m
}

// message is the one that the flags describe.
func (f *messageFlags) message(cfg *configs.Config, from, to string) (*route.Message, error) {
	m := &route.Message{
		From: f.account, Push: f.push, Source: []byte(from), SourceTON: f.sourceTON, SourceNPI: f.sourceNPI,
		Destination: []byte(to), DestTON: f.destTON, DestNPI: f.destNPI, ServiceType: []byte(f.serviceType), DataCoding: f.coding,
	}
	if err := submitter(cfg, m); err != nil {
		return nil, err
	}
	if m.Push && from != "" {
		return nil, usageError{errors.New(`a push has no source address: say --explain-route "" TO`)}
	}
	d := cfg.SMPP.Dictionary()
	for _, s := range f.tlvs {
		name, value, ok := strings.Cut(s, "=")
		tag, err := d.Find(configs.NameOrNumber(name))
		if err != nil {
			return nil, usageError{fmt.Errorf("--tlv: %w", err)}
		}
		octets, err := hex.DecodeString(value)
		if err != nil || !ok {
			return nil, usageError{fmt.Errorf("--tlv %s: want TAG=HEX, such as 0x1401=41", s)}
		}
		m.TLVs = append(m.TLVs, smpp.TLV{Tag: smpp.Tag(tag.Tag), Value: octets})
	}
	return m, nil
}

// submitter finds out what the name of --account is.
func submitter(cfg *configs.Config, m *route.Message) error {
	if m.From == configs.FromPush {
		m.From, m.Push = "", true
		return nil
	}
	binds := slices.ContainsFunc(cfg.SMPP.Accounts, func(a configs.Account) bool { return a.Name == m.From }) ||
		slices.ContainsFunc(cfg.Links, func(l configs.Link) bool { return l.Name == m.From })
	initiates := slices.ContainsFunc(cfg.HTTP.Initiators, func(i configs.Initiator) bool { return i.Name == m.From })
	switch {
	case m.From == "" || binds:
	case initiates:
		m.Push = true
	default:
		return usageError{fmt.Errorf("--account: there is no account, link or initiator %q", m.From)}
	}
	return nil
}

// explanation is what --explain-route says, as JSON.
type explanation struct {
	From    string            `json:"from"`
	To      string            `json:"to"`
	Account string            `json:"account,omitempty"`
	Push    bool              `json:"push,omitempty"`
	Trigger string            `json:"trigger,omitempty"` // that takes it before routes are looked at
	Refused string            `json:"refused,omitempty"` // likewise: why
	Rules   []explainedRule   `json:"rules"`
	Route   string            `json:"route,omitempty"`
	Refuse  string            `json:"refuse,omitempty"`
	Sticky  bool              `json:"sticky,omitempty"`
	Targets []explainedTarget `json:"targets,omitempty"`
}

type explainedRule struct {
	Name    string `json:"name"`
	Matches bool   `json:"matches"`
	Takes   bool   `json:"takes"`
	Why     string `json:"why,omitempty"`
}

type explainedTarget struct {
	Target string  `json:"target"`
	Tier   int     `json:"tier"`
	Weight int     `json:"weight"`
	Share  float64 `json:"share"` // of its tier
}

// errNoRule is not wrong usage: it is the answer.
var errNoRule = errors.New("no rule of routes takes it; it would be refused")

// explainMessage writes which rule takes a message, and why.
func explainMessage(out io.Writer, cfg *configs.Config, f *messageFlags, from, to string) error {
	m, err := f.message(cfg, from, to)
	if err != nil {
		return err
	}
	table, err := route.New(cfg.Routes, cfg.SMPP.Dictionary())
	if err != nil {
		return err
	}
	e := explanation{From: from, To: to, Account: m.From, Push: m.Push, Rules: []explainedRule{}}
	if decided, err := e.before(cfg, m); err != nil || decided {
		return errors.Join(err, e.write(out, f.asJSON), e.refusal())
	}
	for _, v := range table.Explain(m) {
		e.Rules = append(e.Rules, explainedRule{v.Rule.Name, v.Matches, v.Takes, v.Why})
	}
	r := table.Find(m)
	if r != nil {
		e.leads(r)
	}
	if err = e.write(out, f.asJSON); err == nil && r == nil {
		err = errNoRule
	}
	return err
}

// before tells whether anything is decided before routes are looked at.
func (e *explanation) before(cfg *configs.Config, m *route.Message) (decided bool, err error) {
	if m.Push {
		return false, nil
	}
	e.Trigger, e.Refused, err = gateway.BeforeRoutes(cfg, m.From, &smpp.SubmitSM{
		ServiceType: m.ServiceType, SourceAddr: m.Source, DestinationAddr: m.Destination, DataCoding: m.DataCoding, TLVs: m.TLVs,
	})
	return e.Trigger != "" || e.Refused != "", err
}

func (e *explanation) refusal() error {
	if e.Refused == "" {
		return nil
	}
	return fmt.Errorf("%s cannot submit it: %s", e.Account, e.Refused)
}

func (e *explanation) write(out io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(e)
	}
	return e.print(out)
}

func (e *explanation) leads(r *route.Rule) {
	e.Route, e.Sticky = r.Name, r.Sticky
	if r.Refuse != smpp.StatusOK {
		e.Refuse = r.Refuse.String()
	}
	for _, s := range r.Shares {
		e.Targets = append(e.Targets, explainedTarget{s.String(), s.Tier, s.Weight, r.Part(s)})
	}
}

func (e *explanation) print(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "message from %s to %s, %s\n", orNone(e.From), e.To, e.submitted())
	if e.Trigger != "" {
		fmt.Fprintf(&b, "  trigger %s takes it, routes are not looked at\n", e.Trigger)
	}
	width := 0
	for _, r := range e.Rules {
		width = max(width, len(r.Name))
	}
	for _, r := range e.Rules {
		what := "no, " + r.Why
		switch {
		case r.Takes:
			what = "takes it"
		case r.Matches:
			what = "comes too late"
		}
		fmt.Fprintf(&b, "  %-*s  %s\n", width, r.Name, what)
	}
	if e.Refuse != "" {
		fmt.Fprintf(&b, "%s refuses it with %s\n", e.Route, e.Refuse)
	}
	if len(e.Targets) > 0 {
		fmt.Fprintf(&b, "%s sends it by\n", e.Route)
	}
	for _, t := range e.Targets {
		fmt.Fprintf(&b, "  tier %d  %5.1f %%  %s\n", t.Tier, 100*t.Share, t.Target)
	}
	if e.Sticky {
		b.WriteString("  the same pair of addresses keeps its target\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func (e *explanation) submitted() string {
	switch {
	case e.Push && e.Account != "":
		return "a push of " + e.Account
	case e.Push:
		return "a push"
	case e.Account != "":
		return "submitted by " + e.Account
	}
	return "of nobody in particular"
}

func orNone(s string) string {
	if s == "" {
		return "no address"
	}
	return s
}
