package is637_test

import (
	"bytes"
	"testing"

	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/testvec"
)

// Messages decoded into a value that is used again, and encoded into a buffer
// that has room, cost no memory.
func TestNoAllocations(t *testing.T) {
	room := make([]byte, 0, 600)
	for _, h := range []string{
		"0003112340010f00680010005c205c230b131b232b30",
		"00031040900111488ea794e070d436cb638bc5e035ce2b900e06910431323334",
		"0003200010010410168d2002010503060812011101590501c706069706180000000701c10801c00901800a01e00b01030c01c00d01070e05039acc13880f018011020566",
	} {
		var m is637.Bearer
		b := unhex(t, h)
		testvec.NoAllocs(t, h+" decoded", func() {
			if err := m.Decode(b); err != nil {
				t.Fatal(err)
			}
		})
		testvec.NoAllocs(t, h+" encoded", func() {
			if _, err := m.Append(room); err != nil {
				t.Fatal(err)
			}
		})
	}
	for _, h := range []string{
		"0000021002020702986555448d00080d0003100160010610262d5ab500",
		"0204040144888807020a24",
	} {
		var m is637.Message
		b := unhex(t, h)
		testvec.NoAllocs(t, h+" decoded", func() {
			if err := m.Decode(b); err != nil {
				t.Fatal(err)
			}
		})
		testvec.NoAllocs(t, h+" encoded", func() {
			if _, err := m.Append(room); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A segment costs the sender no memory: WDP in front, then the frame.
func TestSegmentDoesNotAllocate(t *testing.T) {
	room, scratch := make([]byte, 0, 300), make([]byte, 0, 200)
	data := bytes.Repeat([]byte{0xab}, 120)
	d := is637.Deliver{ID: 0x1234, Priority: is637.PriorityUrgent, ReplyOption: is637.DeliveryAckRequest, CallBack: is637.DTMF("5551234567")}
	testvec.NoAllocs(t, "a segment", func() {
		w := is637.WDP{Total: 2, Source: is637.PortWSP, Destination: is637.PortPush, Data: data}
		segment, err := w.Append(scratch)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := is637.AppendDeliver(room, 0x1234, segment); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Append(room, segment); err != nil {
			t.Fatal(err)
		}
		if err := w.Decode(segment); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkAppendDeliver(b *testing.B) {
	room, data := make([]byte, 0, 300), bytes.Repeat([]byte{0xab}, 130)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := is637.AppendDeliver(room, 1, data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBearerAppend(b *testing.B) {
	room, data := make([]byte, 0, 300), bytes.Repeat([]byte{0xab}, 130)
	d := is637.Deliver{ID: 1}
	m := d.Bearer(data)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Append(room); err != nil {
			b.Fatal(err)
		}
	}
}
