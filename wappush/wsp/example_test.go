package wsp_test

import (
	"fmt"

	"github.com/otagate/otagate/wappush/wsp"
)

func Example() {
	p := wsp.Push{
		TID:         0x27,
		ContentType: wsp.ContentType{Type: wsp.SLC},
		Headers:     []wsp.Header{wsp.ApplicationHeader(wsp.AppOpenwaveIOTA)},
		Body:        []byte("\x03\x06\x6a\x00\x05"),
	}
	b, err := p.Append(nil)
	fmt.Printf("%x %v\n", b, err)

	var q wsp.Push
	err = q.Decode(b)
	app, _ := q.ApplicationID()
	fmt.Println(&q.ContentType, app, err)
	// Output:
	// 270605b0af02801003066a0005 <nil>
	// application/vnd.wap.slc x-wap-openwave:iota.ua <nil>
}
