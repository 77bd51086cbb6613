package ansi41_test

import (
	"bytes"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
)

// messages has one value of every type.
func messages() []ansi41.Message {
	return []ansi41.Message{
		new(ansi41.SMDPPInvoke), new(ansi41.SMDPPResult),
		new(ansi41.OTASPREQInvoke), new(ansi41.OTASPREQResult),
		new(ansi41.SMSREQInvoke), new(ansi41.SMSREQResult),
		new(ansi41.SMSNOTInvoke), new(ansi41.SMSNOTResult),
		new(ansi41.REGNOTInvoke), new(ansi41.REGNOTResult),
		new(ansi41.MSINACTInvoke), new(ansi41.MSINACTResult),
		&ansi41.Generic{Op: ansi41.AuthenticationDirective, Kind: ansi41.Invoke},
	}
}

// minLen is the shortest value of the parameters of variable length that
// cannot be empty, by field.
var minLen = map[string]int{"AKeyProtocolVersion": 1, "SystemCapabilities": 1, "TransactionCapability": 2}

// draw fills v, the field called name, with anything its parameter can hold.
func draw(t *rapid.T, v reflect.Value, name string) {
	switch p := v.Addr().Interface().(type) {
	case *ansi41.Digits:
		*p = drawDigits(t)
		return
	case *ansi41.AuthenticationValue:
		*p = ansi41.AuthenticationValue(rapid.Uint32Range(0, 0xffffff).Draw(t, name))
		return
	case *mtp.PointCode:
		*p = mtp.PointCode(rapid.Uint32Range(0, 0xffffff).Draw(t, name))
		return
	case *ansi41.TeleserviceIdentifier:
		if rapid.Bool().Draw(t, name) {
			*p = ansi41.Teleservice(rapid.Uint16().Draw(t, name))
		}
		return
	case *[]ansi41.Parameter:
		*p = rapid.SliceOfN(rapid.Custom(drawParameter), 0, 3).Draw(t, name)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		drawStruct(t, v, name)
	case reflect.Array:
		for i := range v.Len() {
			draw(t, v.Index(i), name)
		}
	case reflect.Slice:
		n := [2]int{minLen[name], 300}
		if name == "NewMINExtension" {
			n = [2]int{3, 3}
		}
		v.SetBytes(rapid.SliceOfN(rapid.Byte(), n[0], n[1]).Draw(t, name))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, name))
	default:
		v.SetUint(rapid.Uint64Range(0, 1<<v.Type().Bits()-1).Draw(t, name))
	}
}

func drawStruct(t *rapid.T, v reflect.Value, name string) {
	if there := v.FieldByName("OK"); there.IsValid() {
		there.SetBool(rapid.Bool().Draw(t, name))
		if there.Bool() {
			draw(t, v.FieldByName("V"), name)
		}
		return
	}
	for i := range v.NumField() {
		if f := v.Type().Field(i).Name; f != "Op" && f != "Kind" {
			draw(t, v.Field(i), f)
		}
	}
}

func drawDigits(t *rapid.T) ansi41.Digits {
	d := ansi41.Digits{
		TypeOfDigits: ansi41.TypeOfDigits(rapid.Byte().Draw(t, "type")),
		Nature:       ansi41.NatureOfNumber(rapid.Byte().Draw(t, "nature")),
	}
	switch rapid.IntRange(0, 3).Draw(t, "form") {
	case 0:
		d.NumberingPlan, d.Encoding = ansi41.PlanSS7, ansi41.EncodingOctets
		d.PC = mtp.PointCode(rapid.Uint32Range(0, 0xffffff).Draw(t, "PC"))
		d.SSN = rapid.Byte().Draw(t, "SSN")
		d.CountOctet = rapid.Bool().Draw(t, "count octet")
	case 1:
		d.NumberingPlan, d.Encoding = ansi41.PlanTelephony, ansi41.EncodingBCD
		d.Digits = rapid.StringMatching("[0-9a-f]{0,255}").Draw(t, "digits")
	case 2:
		d.NumberingPlan, d.Encoding = ansi41.PlanPrivate, ansi41.EncodingIA5
		d.Digits = rapid.StringMatching("[ -~]{0,255}").Draw(t, "digits")
	default:
		d.NumberingPlan, d.Encoding = ansi41.PlanInternet, ansi41.EncodingIA5
		d.Octets = rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "octets")
	}
	return d
}

func drawParameter(t *rapid.T) ansi41.Parameter {
	return ansi41.Parameter{
		Tag:   ber.Context(rapid.Uint32Range(400, 1<<21-1).Draw(t, "number")),
		Value: rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "value"),
	}
}

func drawMessage(t *rapid.T) ansi41.Message {
	m := rapid.SampledFrom(messages()).Draw(t, "message")
	v := reflect.ValueOf(m).Elem()
	drawStruct(t, v, v.Type().Name())
	if min := v.FieldByName("MIN"); min.IsValid() && !min.FieldByName("OK").Bool() {
		min.FieldByName("OK").SetBool(true) // the MSID of the operations that need one
	}
	return m
}

func TestAppendDecode(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := drawMessage(rt)
		b, err := m.Append(nil)
		if err != nil {
			rt.Fatal(err)
		}
		got := reflect.New(reflect.TypeOf(m).Elem()).Interface().(ansi41.Message)
		if g, ok := got.(*ansi41.Generic); ok {
			g.Op, g.Kind = m.Operation(), m.Component()
		}
		if err := got.Decode(b); err != nil {
			rt.Fatalf("%x: %v", b, err)
		}
		equal(t, "decoded", got, m)
		if t.Failed() {
			rt.FailNow()
		}
	})
}

// A message that is decoded into again has nothing left of the first one.
func TestDecodeAgain(t *testing.T) {
	for _, m := range messages() {
		rapid.Check(t, func(rt *rapid.T) {
			one := reflect.ValueOf(m).Elem()
			drawStruct(rt, one, "one")
			want, second := fresh(m), fresh(m)
			drawMandatory(rt, second)
			b, err := second.Append(nil)
			if err != nil {
				rt.Fatal(err)
			}
			if err := want.Decode(b); err != nil {
				rt.Fatal(err)
			}
			if err := m.Decode(b); err != nil {
				rt.Fatal(err)
			}
			equal(t, "decoded into again", m, want)
			if t.Failed() {
				rt.FailNow()
			}
		})
	}
}

func fresh(m ansi41.Message) ansi41.Message {
	f := reflect.New(reflect.TypeOf(m).Elem()).Interface().(ansi41.Message)
	if g, ok := f.(*ansi41.Generic); ok {
		g.Op, g.Kind = m.Operation(), m.Component()
	}
	return f
}

// drawMandatory fills in what is not optional.
func drawMandatory(t *rapid.T, m ansi41.Message) {
	v := reflect.ValueOf(m).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		switch name := v.Type().Field(i).Name; {
		case name == "MIN":
			f.FieldByName("OK").SetBool(true)
		case f.Kind() == reflect.Struct && f.FieldByName("OK").IsValid(), name == "Op", name == "Kind":
		default:
			draw(t, f, name)
		}
	}
}

func TestJSON(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := drawMessage(rt)
		want, err := m.Append(nil)
		if err != nil {
			rt.Fatal(err)
		}
		j, err := ansi41.ToJSON(m)
		if err != nil {
			rt.Fatal(err)
		}
		back, err := ansi41.FromJSON(j)
		if err != nil {
			rt.Fatalf("%s: %v", j, err)
		}
		got, err := back.Append(nil)
		if err != nil || !bytes.Equal(got, want) {
			rt.Fatalf("%s\n got %x (%v)\nwant %x", j, got, err, want)
		}
	})
}

func TestVectorsJSON(t *testing.T) {
	for _, v := range load(t) {
		if v.Fault != "" {
			continue
		}
		m, err := decoder(t, v.Args)(v.Octets)
		if err != nil {
			t.Fatal(err)
		}
		j, err := ansi41.ToJSON(m.(ansi41.Message))
		if err != nil {
			t.Fatal(err)
		}
		back, err := ansi41.FromJSON(j)
		if err != nil {
			t.Fatalf("%s: %s: %v", v.Name, j, err)
		}
		got, err := back.Append(nil)
		if err != nil || !bytes.Equal(got, v.Canonical) {
			t.Errorf("%s: %s\n got %x (%v)\nwant %x", v.Name, j, got, err, v.Canonical)
		}
	}
}

// The order of the parameters is of no account to Decode.
func TestAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := drawMessage(rt)
		if _, ok := m.(*ansi41.Generic); ok {
			return // keeps the order
		}
		reflect.ValueOf(m).Elem().FieldByName("Unknown").SetZero() // likewise
		b, err := m.Append(nil)
		if err != nil {
			rt.Fatal(err)
		}
		var ps [][]byte
		c := wire.NewCursor("test", b)
		for c.More() {
			from := c.Off()
			_, n := ber.Header(&c)
			c.Bytes(n, "value")
			ps = append(ps, b[from:c.Off()])
		}
		if len(ps) == 0 {
			return
		}
		shuffled := bytes.Join(rapid.Permutation(ps).Draw(rt, "order"), nil)
		got := fresh(m)
		if err := got.Decode(shuffled); err != nil {
			rt.Fatal(err)
		}
		again, err := got.Append(nil)
		if err != nil || !bytes.Equal(again, b) {
			rt.Fatalf("got %x (%v), want %x", again, err, b)
		}
	})
}
