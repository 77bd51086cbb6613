package ber_test

import (
	"fmt"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// An element is opened, filled and closed; its length finds its own size.
func Example() {
	dst, at := ber.Open(nil, 0xe8)
	dst = ber.AppendU8(dst, 0xcf, 1)
	dst = ber.AppendElement(dst, ber.Context(105), []byte{0x21, 0x43})
	dst = ber.Close(dst, at)
	fmt.Printf("%x\n", dst)

	c := wire.NewCursor("demo", dst)
	l := ber.Expect(&c, 0xe8, "component sequence")
	for c.More() {
		tag, n := ber.Header(&c)
		fmt.Printf("%v: %x\n", tag, c.Bytes(n, "value"))
	}
	c.Leave(l)
	fmt.Println(c.End())
	// Output:
	// e808cf01019f69022143
	// cf: 01
	// 9f69: 2143
	// <nil>
}

// A tag number above 30 takes further octets, seven bits in each.
func ExampleContext() {
	fmt.Println(ber.Context(8), ber.Context(105), ber.Context(390))
	// Output: 88 9f69 9f8306
}
