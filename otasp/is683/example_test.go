package is683_test

import (
	"fmt"

	"github.com/otagate/otagate/otasp/is683"
)

func Example() {
	mdn := is683.MDN{Digits: "5551234567"}
	data, err := mdn.Append(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	request := is683.DownloadRequest{Blocks: []is683.Block{{ID: is683.BlockMDN, Data: data}}}
	octets, err := request.Append(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n%x\n", is683.Gist(&request), octets)
	// Output:
	// Download Request: MDN
	// 01010106a5551234567000
}
