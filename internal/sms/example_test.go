package sms_test

import (
	"fmt"

	"github.com/otagate/otagate/internal/sms"
)

func Example() {
	coding, payload, err := sms.EncodeText("hello")
	if err != nil {
		fmt.Println(err)
		return
	}
	m := sms.Message{Coding: coding, Payload: payload}
	plan, err := sms.Split(&m, sms.UDH8, sms.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range plan.Segments() {
		ud, length := plan.AppendPacked(nil, i)
		fmt.Printf("%v: %x, %d septets\n", coding, ud, length)
	}
	// Output: GSM 7 bit: e8329bfd06, 5 septets
}
