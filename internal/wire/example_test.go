package wire_test

import (
	"errors"
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// A decoder names each field once; a trace then shows what it read.
func Example() {
	read := func(c *wire.Cursor) (ton uint8, addr []byte, err error) {
		ton = c.U8("source_addr_ton")
		addr = c.CString(21, "source_addr")
		return ton, addr, c.End()
	}
	b := []byte("\x0115145550100\x00")

	c := wire.NewCursor("smpp", b)
	ton, addr, err := read(&c)
	fmt.Println(ton, string(addr), err)

	tr := &wire.Trace{}
	c = wire.NewCursorAt("smpp", b, 16, tr)
	_, _, _ = read(&c)
	fmt.Print(tr.Text(false))

	c = wire.NewCursor("smpp", b[:5])
	_, _, err = read(&c)
	fmt.Println(err, errors.Is(err, wire.ErrShort))
	// Output:
	// 1 15145550100 <nil>
	//     16  source_addr_ton                      1
	//     17  source_addr                          "15145550100"
	// smpp: source_addr at octet 1: the message ends before the field does true
}

// Fields inside a length cannot read past it, and have to use it up.
func ExampleCursor_Enter() {
	c := wire.NewCursor("demo", []byte{2, 0x10, 0x20, 0x30})
	l := c.Enter(int(c.U8("length")), "value")
	fmt.Println(c.U16("a"), c.More())
	c.Leave(l)
	fmt.Println(c.U8("b"), c.End())
	// Output:
	// 4128 false
	// 48 <nil>
}

// Packed fields need not end on octet boundaries.
func ExampleBits() {
	w := wire.AppendBits(nil)
	w.U(3, 5)
	w.U(10, 777)
	w.Octets([]byte{0xab})
	b := w.Pad()
	fmt.Printf("%x\n", b)

	r := wire.NewBits("demo", b, 0, nil)
	fmt.Println(r.U(3, "a"), r.U(10, "b"))
	fmt.Printf("%x %v\n", r.AppendOctets(nil, 1, "c"), r.End())
	// Output:
	// b84d58
	// 5 777
	// ab <nil>
}

// A length that is not known yet is reserved and patched.
func ExamplePatchU8() {
	dst := []byte{0x88, 0}
	dst = append(dst, "hello"...)
	err := wire.PatchU8(dst, 1, "demo", "value")
	fmt.Printf("%x %v\n", dst, err)
	// Output: 880568656c6c6f <nil>
}
