package gsm7_test

import (
	"fmt"

	"github.com/otagate/otagate/internal/sms/gsm7"
)

func Example() {
	septets, err := gsm7.Alphabet{}.Append(nil, "hello")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d septets in %x\n", len(septets), gsm7.AppendPacked(nil, septets, 0))
	// Output: 5 septets in e8329bfd06
}
