package dissect

import (
	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// readTCAP reads a TCAP package alone.
func readTCAP(d *dissection, c *wire.Cursor) (form, error) {
	m, err := ansi.Read(c)
	if err != nil {
		return nil, err
	}
	d.conceal()
	return func() ([]byte, error) { return ansi.ToJSON(m) }, nil
}

// readPackage reads a TCAP package and the parameter sets of its components.
func readPackage(d *dissection, c *wire.Cursor) (form, error) {
	m, err := ansi.Read(c)
	if err != nil {
		return nil, err
	}
	p, is := m.(*ansi.Package)
	if !is {
		return func() ([]byte, error) { return ansi.ToJSON(m) }, nil
	}
	inside := make([]componentInside, len(p.Components))
	at := 0
	for i := range p.Components {
		k := &p.Components[i]
		if at = d.find(at, k.Type.String()); at < 0 {
			break
		}
		at++
		if err := d.component(k, at, &inside[i]); err != nil {
			return nil, err
		}
	}
	return func() ([]byte, error) { return packageToJSON(p, inside) }, nil
}

// componentInside is the JSON of what a component carries.
type componentInside struct {
	message, payload form
	proto            string // of payload
}

// component reads the parameter set of k, whose fields begin at index at.
func (d *dissection) component(k *ansi.Component, at int, out *componentInside) error {
	end := d.endOf(at)
	i := d.find(at, k.ParameterTag.String())
	if i < 0 || i >= end {
		i = -1
	}
	switch {
	case k.Type == ansi.ReturnError && !k.Error.National && !k.Error.Wide:
		d.nameLast(at, end, "error code", ansi41.ErrorCode(k.Error.Code).String())
	case k.Type.IsInvoke() && isANSI41(k.Operation):
		op := ansi41.Operation(k.Operation.Specifier)
		d.nameLast(at, end, "operation specifier", op.String())
		return d.set(i, k, out, op, ansi41.Invoke)
	case k.Type == ansi.ReturnResultLast || k.Type == ansi.ReturnResultNotLast:
		op := d.opt.Operation
		if op == 0 {
			op = guess(k.Parameters)
		}
		return d.set(i, k, out, op, ansi41.ReturnResult)
	}
	d.leave(i, "")
	return nil
}

func isANSI41(o ansi.Operation) bool {
	return !o.National && !o.Short && o.Family == ansi.FamilyANSI41
}

// guess is SMDPP if all parameters are those of its RETURN RESULT, and no
// operation otherwise.
func guess(set []byte) ansi41.Operation {
	var m ansi41.SMDPPResult
	if m.Decode(set) != nil || len(m.Unknown) > 0 {
		return 0
	}
	return ansi41.SMSDeliveryPointToPoint
}

// set reads the parameter set in the field at index i, -1 when the component
// has none.
func (d *dissection) set(i int, k *ansi.Component, out *componentInside, op ansi41.Operation, kind ansi41.Component) error {
	read := reader(func(sub *dissection, c *wire.Cursor) (form, error) {
		return readComponent(sub, c, op, kind, out, (*dissection).descend)
	})
	if i >= 0 {
		_, err := d.descend(i, "ansi41", k.Parameters, read)
		return err
	}
	c := wire.NewCursor("ansi41", nil)
	sub := dissection{opt: d.opt, trace: new(wire.Trace)}
	_, err := read(&sub, &c)
	return err
}

// readSet reads a parameter set alone, which is not wrong when the message in
// it is.
func readSet(d *dissection, c *wire.Cursor) (form, error) {
	kind := d.opt.Component
	if kind == 0 {
		kind = ansi41.Invoke
	}
	op := d.opt.Operation
	if op == 0 {
		op = ansi41.SMSDeliveryPointToPoint
	}
	var inside componentInside
	own, err := readComponent(d, c, op, kind, &inside, (*dissection).attempt)
	return withPayload(own, inside.proto, inside.payload), err
}

// inward is descend or attempt.
type inward func(d *dissection, i int, proto string, payload []byte, read reader) (form, error)

func readComponent(d *dissection, c *wire.Cursor, op ansi41.Operation, kind ansi41.Component, out *componentInside, go683 inward) (form, error) {
	read := ansi41.ReadInvoke
	if kind == ansi41.ReturnResult {
		read = ansi41.ReadResult
	}
	m, err := read(c, op)
	if err != nil {
		return nil, err
	}
	out.message = func() ([]byte, error) { return ansi41.ToJSON(m) }
	out.proto, out.payload, err = d.bearerData(m, go683)
	return out.message, err
}

// bearerData reads the SMS_BearerData of an SMDPP, and says of which protocol
// it is: by go683 where the INVOKE says that it is IS-683. A short message of
// another network is not held to what we know of IS-637.
func (d *dissection) bearerData(m ansi41.Message, go683 inward) (proto string, f form, err error) {
	i := d.find(0, "SMS_BearerData")
	if i < 0 || d.trace.Fields[i].Len == 0 {
		return "", nil, nil
	}
	switch m := m.(type) {
	case *ansi41.SMDPPInvoke:
		if carriesIS683(m) {
			f, err = go683(d, i, "is683-fwd", m.SMSBearerData, readForward)
			return "is683-fwd", f, err
		}
		if t, ok := carriesIS637(m); ok {
			f, err = d.attempt(i, "is637-bearer", m.SMSBearerData, bearerOf(t))
			return "is637-bearer", f, err
		}
	case *ansi41.SMDPPResult:
		f, err = d.attempt(i, "is683-rev", m.SMSBearerData.V, readReverse)
		return "is683-rev", f, err
	}
	d.leave(i, "")
	return "", nil, nil
}

func carriesIS683(m *ansi41.SMDPPInvoke) bool {
	return m.ServiceIndicator.OK &&
		(m.ServiceIndicator.V == ansi41.ServiceCDMAOTASP || m.ServiceIndicator.V == ansi41.ServiceCDMAOTAPA)
}

// carriesIS637 tells whether the teleservice of an SMDPP has bearer data of
// IS-637.
func carriesIS637(m *ansi41.SMDPPInvoke) (t is637.Teleservice, ok bool) {
	t = is637.Teleservice(m.SMSTeleserviceIdentifier.ID)
	return t, m.SMSTeleserviceIdentifier.Given && t.CarriesBearer()
}

// endOf is the index behind the last field of the heading before index at.
func (d *dissection) endOf(at int) int {
	fields := d.trace.Fields
	depth := fields[at-1].Depth
	for ; at < len(fields); at++ {
		if fields[at].Depth <= depth {
			break
		}
	}
	return at
}

// nameLast replaces the remark of a field, for a number whose meaning belongs
// to the layer above.
func (d *dissection) nameLast(at, end int, field, name string) {
	if i := d.find(at, field); i >= 0 && i < end {
		d.trace.Fields[i].Note = name
	}
}
