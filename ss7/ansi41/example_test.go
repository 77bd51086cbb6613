package ansi41_test

import (
	"fmt"

	"github.com/otagate/otagate/ss7/ansi41"
)

// The order that attaches a serving MSC to the gateway for a star-code call.
func Example() {
	activation, _ := ansi41.ParseMIN("6191234000")
	trn, _ := ansi41.ParseTRN("2222222222")
	m := ansi41.SMDPPInvoke{
		ActionCode:       ansi41.Some(ansi41.ActionAttachMSCToOTAF),
		MIN:              ansi41.Some(activation),
		ServiceIndicator: ansi41.Some(ansi41.ServiceCDMAOTASP),
		TRN:              ansi41.Some(trn),
	}
	b, err := m.Append(nil)
	fmt.Printf("%x %v\n", b, err)

	var back ansi41.SMDPPInvoke
	err = back.Decode(b)
	fmt.Println(back.ActionCode.V, back.MIN.V, back.ESN.OK, err)
	// Output:
	// 9f69009f74009f81000108880516193204009f814101019f8143052222222222 <nil>
	// attach MSC to OTAF 6191234000 false <nil>
}
