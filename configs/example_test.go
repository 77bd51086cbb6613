package configs_test

import (
	"fmt"

	"github.com/otagate/otagate/configs"
)

func Example() {
	c, err := configs.Load("lab.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	c.SS7.MSCs[0].SegmentSize = 200
	c.SMPP.Accounts[0].Networks = nil
	fmt.Println(c.Validate())
	// Output:
	// lab.yaml: smpp.accounts[ivr].networks: missing, so nobody could bind; allowed is a list of CIDR blocks such as 10.0.0.0/8
	// lab.yaml: ss7.mscs[msc1].segment_size: 200 does not fit into a UDT; allowed is 1 to 189, or up to 251 with route.xudt
}
