package is637_test

import (
	"fmt"

	"github.com/otagate/otagate/internal/sms/is637"
)

// A text to a handset, and what comes out of it again.
func Example() {
	text, err := is637.NewText(is637.EncodingASCII, "bjjj")
	if err != nil {
		panic(err)
	}
	bearer := is637.Bearer{
		Identifier: is637.MessageIdentifier{Type: is637.TypeDeliver, ID: 0x16},
		UserData:   is637.Some(text),
	}
	octets, err := bearer.Append(nil)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%x\n", octets)

	var got is637.Bearer
	if err := got.Decode(octets); err != nil {
		panic(err)
	}
	s, err := got.UserData.V.Text()
	fmt.Println(got.Identifier.Type, s, err)
	// Output:
	// 0003100160010610262d5ab500
	// deliver bjjj <nil>
}

// One segment of a WAP push.
func ExampleAppendDeliver() {
	segment := is637.WDP{Total: 1, Source: is637.PortWSP, Destination: is637.PortPush, Data: []byte{0xd6, 6}}
	userData, err := segment.Append(nil)
	if err != nil {
		panic(err)
	}
	octets, err := is637.AppendDeliver(nil, 0x1234, userData)
	fmt.Printf("%x %v\n", octets, err)
	// Output: 0003112340010b00480008011f805c26b030 <nil>
}
