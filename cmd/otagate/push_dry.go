package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush"
)

// dryFlags are about the short messages that a push becomes.
type dryFlags struct {
	on, verbose, secrets bool
	way                  string
	octets, parts        int
	reference            uint16
	tid                  uint8
}

func (d *dryFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&d.on, "dry-run", false, "send nothing: print the short messages")
	f.StringVar(&d.way, "way", "udh8", "how the push is cut: udh8, udh16, sar, payload, or wdp, which prints bearer data of IS-637 too")
	f.IntVar(&d.octets, "octets", 0, "user data of one short message, with its header (default: 140, with wdp 120)")
	f.IntVar(&d.parts, "parts", 5, "short messages at most; what needs more is refused")
	f.Uint16Var(&d.reference, "reference", 1, "with --dry-run: reference of the short messages, such as 90 or 0x5a; the gateway takes one of its own")
	f.Uint8Var(&d.tid, "tid", 1, "with --dry-run: transaction identifier of the push; the gateway takes one of its own")
	f.BoolVar(&d.verbose, "verbose", false, "with --dry-run: also print the fields, as otagate decode does")
	f.BoolVar(&d.secrets, "secrets", false, "with --verbose: show secrets")
}

// cut is a push in short messages.
type cut struct {
	push *composed
	pdu  []byte
	way  sms.Way
	plan sms.Plan
	id   is637.MessageID
}

// cut composes the PDU and splits it.
func (d *dryFlags) cut(push *composed) (*cut, error) {
	way, err := parseWay(d.way)
	switch {
	case err != nil:
		return nil, usageError{err}
	case d.parts < 1 || d.parts > 255:
		return nil, usageError{errors.New("--parts: want 1 to 255")}
	case d.octets < 0 || d.octets > 65535:
		return nil, usageError{errors.New("--octets: want 1 to 65535")}
	}
	c := &cut{push: push, way: way, id: is637.MessageID(d.reference)}
	if c.pdu, err = push.content.Append(nil, d.tid); err != nil {
		return nil, err
	}
	m := sms.Message{Payload: c.pdu, Source: wappush.SourcePort, Destination: wappush.Port, Reference: d.reference}
	c.plan, err = sms.Split(&m, way, sms.Limits{Octets: d.octets, Segments: d.parts})
	return c, err
}

func parseWay(word string) (sms.Way, error) {
	for way := sms.UDH8; way <= sms.WDP; way++ {
		if strings.EqualFold(way.String(), word) {
			return way, nil
		}
	}
	return 0, fmt.Errorf("--way %q: want udh8, udh16, sar, payload or wdp", word)
}

// dryRun is a push that is not sent, as JSON.
type dryRun struct {
	ContentType string          `json:"content_type"`
	Body        int             `json:"body_octets"`
	Push        wire.Hex        `json:"push"`
	Way         string          `json:"way"`
	Segments    []dryPart       `json:"segments"`
	UserTypes   string          `json:"user_types,omitempty"`
	Fields      json.RawMessage `json:"fields,omitempty"`
}

// dryPart is one short message.
type dryPart struct {
	Number     int      `json:"number"`
	Octets     int      `json:"octets"`
	UserData   wire.Hex `json:"user_data"`
	BearerData wire.Hex `json:"bearer_data,omitempty"`
}

func (c *cut) part(i int) (p dryPart, err error) {
	p.Number = i + 1
	p.UserData = c.plan.AppendUserData(nil, i)
	p.Octets = len(p.UserData)
	if c.way == sms.WDP {
		p.BearerData, err = is637.AppendDeliver(nil, c.id, p.UserData)
	}
	return p, err
}

func (c *cut) parts() (all []dryPart, err error) {
	for i := range c.plan.Segments() {
		p, err := c.part(i)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func (c *cut) print(out io.Writer, d *dryFlags, asJSON bool) error {
	parts, err := c.parts()
	if err != nil {
		return err
	}
	if asJSON {
		return c.printJSON(out, parts, d.verbose)
	}
	var s strings.Builder
	body := &c.push.content
	fmt.Fprintf(&s, "%v: body %d octets, push %d, %s\n", body.Type, len(body.Body), len(c.pdu), segments(len(parts), c.way))
	for i := range parts {
		p := &parts[i]
		fmt.Fprintf(&s, "%d/%d  user data    %3d  %x\n", p.Number, len(parts), p.Octets, []byte(p.UserData))
		if p.BearerData != nil {
			fmt.Fprintf(&s, "%d/%d  bearer data  %3d  %x\n", p.Number, len(parts), len(p.BearerData), []byte(p.BearerData))
		}
	}
	s.WriteString(userTypes(c.push))
	if d.verbose {
		if err := c.fields(&s, parts, d.secrets); err != nil {
			return err
		}
	}
	_, err = io.WriteString(out, s.String())
	return err
}

func segments(n int, way sms.Way) string {
	if n == 1 {
		return fmt.Sprintf("1 segment of %v", way)
	}
	return fmt.Sprintf("%d segments of %v", n, way)
}

// userTypes is the line that the operator has to tell the user by another way.
// It is what the command was asked for, so that it is not masked.
func userTypes(p *composed) string {
	if p.typed == "" {
		return ""
	}
	return "the user types " + string(p.typed) + "\n"
}

// fields are the push and the bearer data of each segment, decoded.
func (c *cut) fields(s *strings.Builder, parts []dryPart, secrets bool) error {
	show := func(title, proto string, octets []byte) error {
		r, err := dissect.Decode(proto, octets, dissect.Options{})
		fmt.Fprintf(s, "\n%s (%s)\n%s", title, proto, r.Trace.Text(secrets))
		return err
	}
	if err := show("the push", "wsp", c.pdu); err != nil {
		return err
	}
	for i := range parts {
		if parts[i].BearerData == nil {
			continue
		}
		if err := show(fmt.Sprintf("bearer data %d", i+1), "is637-bearer", parts[i].BearerData); err != nil {
			return err
		}
	}
	return nil
}

func (c *cut) printJSON(out io.Writer, parts []dryPart, verbose bool) error {
	body := &c.push.content
	d := dryRun{
		ContentType: body.Type.String(), Body: len(body.Body), Push: c.pdu, Way: strings.ToLower(c.way.String()),
		Segments: parts, UserTypes: string(c.push.typed),
	}
	if verbose {
		r, err := dissect.Decode("wsp", c.pdu, dissect.Options{})
		if err != nil {
			return err
		}
		if d.Fields, err = r.JSON(); err != nil {
			return err
		}
	}
	return json.NewEncoder(out).Encode(&d)
}
