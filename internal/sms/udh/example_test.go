package udh_test

import (
	"fmt"

	"github.com/otagate/otagate/internal/sms/udh"
)

func Example() {
	h := udh.Header{Elements: []udh.Element{
		udh.Concatenation{Reference: 0x5a, Total: 2, Number: 1}.Element(),
		udh.Ports{Destination: 2948, Source: 9200, Wide: true}.Element(),
	}}
	b, err := h.Append(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%x\n", b)
	// Output: 0b00035a020105040b8423f0
}
