package otasp_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/is683"
)

// TestValidate: what no handset could be sent, or no session be stored with,
// is refused, and each refusal names what is wrong.
func TestValidate(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*otasp.Order)
		want  string
	}{
		"as it is":         {func(*otasp.Order) {}, ""},
		"analog":           {func(o *otasp.Order) { o.NAM.Analog = &otasp.Analog{FirstCHP: 2047, HomeSID: 32767, EX: true} }, ""},
		"no name":          {func(o *otasp.Order) { o.Name = "" }, "name"},
		"list's name":      {func(o *otasp.Order) { o.PRL.Name = strings.Repeat("x", 256) }, "prl"},
		"MDN":              {func(o *otasp.Order) { o.MDN = "0551234567" }, "mdn"},
		"long MDN":         {func(o *otasp.Order) { o.MDN = strings.Repeat("5", 16) }, "mdn"},
		"IMSI_M":           {func(o *otasp.Order) { o.NAM.S = "#5" }, "nam"},
		"IMSI_M, short":    {func(o *otasp.Order) { o.NAM.S = "555123456" }, "nam"},
		"IMSI_T":           {func(o *otasp.Order) { o.IMSIT.MCC = "#3" }, "imsi_t"},
		"IMSI_T, 11 12":    {func(o *otasp.Order) { o.IMSIT.IMSI1112 = "0x" }, "imsi_t"},
		"ACCOLC":           {func(o *otasp.Order) { o.NAM.ACCOLC = 16 }, "ACCOLC"},
		"FIRSTCHP":         {func(o *otasp.Order) { o.NAM.Analog = &otasp.Analog{FirstCHP: 2048} }, "FIRSTCHP"},
		"HOME_SID":         {func(o *otasp.Order) { o.NAM.Analog = &otasp.Analog{HomeSID: 32768} }, "HOME_SID"},
		"pairs for block":  {func(o *otasp.Order) { o.NAM.SIDNID = make([]is683.SIDNID, 100) }, "BLOCK_LEN"},
		"packet data":      {func(o *otasp.Order) { o.PacketData = make([]otasp.Block, 1) }, "packet_data"},
		"much packet data": {func(o *otasp.Order) { o.PacketData = []otasp.Block{{Data: make([]byte, 256)}} }, "packet_data"},
		"300 blocks":       {func(o *otasp.Order) { o.PacketData = slices.Repeat([]otasp.Block{{Data: []byte{1}}}, 300) }, "packet_data"},
		"SPC":              {func(o *otasp.Order) { o.NewSPC = "12345" }, "SPC"},
		"objects":          {func(o *otasp.Order) { edit(t, o, "objects") }, ""},
		"object's name":    {func(o *otasp.Order) { o.Objects = []otasp.Object{{Name: "a b"}} }, "objects[0]"},
		"object, no name":  {func(o *otasp.Order) { o.Objects = []otasp.Object{{Name: "a"}, {}} }, "objects[1]"},
		"long name":        {func(o *otasp.Order) { o.Objects = []otasp.Object{{Name: strings.Repeat("x", 65)}} }, "objects[0]"},
		"object's value":   {func(o *otasp.Order) { o.Objects = []otasp.Object{{Name: "a", Value: "\x00"}} }, "object a"},
		"long value":       {func(o *otasp.Order) { o.Objects = []otasp.Object{{Name: "a", Value: strings.Repeat("x", 1025)}} }, "object a"},
		"object twice":     {func(o *otasp.Order) { o.Objects = []otasp.Object{{Name: "a"}, {Name: "a"}} }, "twice"},
		"ours":             {func(o *otasp.Order) { o.Objects = []otasp.Object{{Name: "phone:cdma.is683"}} }, "other parts"},
		"17 objects":       {func(o *otasp.Order) { o.Objects = make([]otasp.Object, 17) }, "objects"},
		"read-out, object": {func(o *otasp.Order) { *o = otasp.Order{Name: "A", MDN: "1", ReadOut: true}; edit(t, o, "objects") }, "read_out"},
		"read-out":         {func(o *otasp.Order) { *o = otasp.Order{Name: "A", MDN: "1", SPC: "000000", SPASM: true, ReadOut: true} }, ""},
		"read-out and NAM": {func(o *otasp.Order) { o.IMSIT, o.PRL, o.ReadOut = nil, nil, true }, "read_out"},
		"read-out and key": {func(o *otasp.Order) { *o = otasp.Order{Name: "A", MDN: "1", AKey: true, ReadOut: true} }, "read_out"},
	} {
		o := order()
		c.spoil(o)
		err := o.Validate()
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOctetsHidden: what passes the machine may be printed too.
func TestOctetsHidden(t *testing.T) {
	secret := []byte{0x24, 0x68, 0x02}
	for _, v := range []any{
		otasp.Event{Message: secret}, otasp.ACResult{Modulus: secret, Primitive: secret, BSKey: secret},
		otasp.Effect{Message: secret, AC: otasp.ACRequest{MSKey: secret}},
		otasp.Session{Key: otasp.KeyExchange{P: secret, G: secret, BS: secret, MS: secret}},
	} {
		text := fmt.Sprintf("%v %+v %#v %s %x", v, v, v, v, v)
		for _, shown := range []string{"246802", "36 104 2", "0x24, 0x68", "$h\x02"} {
			if strings.Contains(text, shown) {
				t.Errorf("%T prints as %s", v, text)
			}
		}
	}
}

// TestSPCHidden: a session may be printed, stored and written as JSON; only
// printing hides its codes.
func TestSPCHidden(t *testing.T) {
	o := order()
	o.SPC, o.NewSPC = "246802", "135790"
	o.PacketData = []otasp.Block{{ID: 7, Data: []byte{0x24, 0x68, 0x02}}}
	o.Objects = []otasp.Object{{Name: "phone:current.password", Value: "246802"}}
	s := otasp.Session{Order: *o}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, v := range []any{*o, o, s, &s, o.SPC, struct{ Code otasp.SPC }{o.SPC}} {
			text := fmt.Sprintf(verb, v)
			if strings.Contains(text, "246802") || strings.Contains(text, "135790") || strings.Contains(text, hex.EncodeToString([]byte("246802"))) {
				t.Errorf("%s shows %s", verb, text)
			}
		}
	}
	if text := fmt.Sprint(otasp.SPC("")); text != "" {
		t.Errorf("no code prints as %q", text)
	}
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var back otasp.Order
	if err := json.Unmarshal(b, &back); err != nil || back.SPC != o.SPC || back.NewSPC != o.NewSPC || back.Objects[0] != o.Objects[0] {
		t.Errorf("JSON %s, %v", b, err)
	}
	if r := restored(t, otasp.Session{HasOrder: true, Order: *o}); r.Order.SPC != o.SPC || r.Order.NewSPC != o.NewSPC || r.Order.Objects[0] != o.Objects[0] {
		t.Error("the stored form loses a code")
	}
}
