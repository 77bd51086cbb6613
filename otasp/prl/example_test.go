package prl_test

import (
	"fmt"

	"github.com/otagate/otagate/otasp/prl"
)

func Example() {
	l := &prl.List{
		ID: 1, PRev: prl.Classic, PrefOnly: true,
		Acquisition: []prl.AcquisitionRecord{{Type: prl.PCSCDMABlocks, Blocks: []prl.Block{prl.BlockB}}},
		System:      []prl.SystemRecord{{SID: 4139, Preferred: true}},
	}
	b, err := l.Append(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%x\n", b)
	for _, p := range prl.Validate(l, prl.Limits{MaxSize: 15}) {
		fmt.Println(p)
	}
	// Output:
	// 001000018000400152481590000005a7
	// list: 16 octets, the handset takes 15
}
