package tpdu_test

import (
	"fmt"
	"time"

	"github.com/otagate/otagate/internal/sms/gsm7"
	"github.com/otagate/otagate/internal/sms/tpdu"
)

func Example() {
	from, err := tpdu.Alphanumeric("Otagate")
	if err != nil {
		fmt.Println(err)
		return
	}
	m := tpdu.Deliver{Originating: from, ServiceCentreTime: tpdu.TimestampOf(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))}
	septets, err := gsm7.Alphabet{}.Append(nil, "hello")
	if err == nil {
		err = m.UserData.SetSeptets(septets)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := m.Append(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	got, err := tpdu.Decode(b, tpdu.MobileTerminated)
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _ := tpdu.Text(got)
	fmt.Printf("%x\n%v: %s\n", b, got.Type(), text)
	// Output:
	// 040dd04f7af81ca6970100006210203040500005e8329bfd06
	// SMS-DELIVER: hello
}
