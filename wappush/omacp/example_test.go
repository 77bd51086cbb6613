package omacp_test

import (
	"fmt"

	"github.com/otagate/otagate/wappush/omacp"
)

func Example() {
	apn := omacp.APN{Access: omacp.GPRS{
		NAPID: "N1", Name: "Acme", APN: "internet.acme", Internet: true,
		Auth: omacp.Credentials{Type: "PAP", Name: "guest", Secret: "s3cret"},
	}}
	d, err := apn.Document()
	if err != nil {
		fmt.Println(err)
		return
	}
	body, err := d.Append(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	mac, err := omacp.MAC(body, omacp.USERPIN, omacp.Key{PIN: "1234"})
	fmt.Println(len(body), len(mac), err)
	fmt.Println(d.Of("NAPDEF")[0].Of("NAPAUTHINFO")[0].Parms)
	// Output:
	// 94 40 <nil>
	// [AUTHTYPE="PAP" AUTHNAME="guest" AUTHSECRET=******]
}

func ExampleDocument_Validate() {
	d := omacp.Document{Version: "1.0", Characteristics: []omacp.Characteristic{
		{Type: "APPLICATION", Parms: []omacp.Parm{omacp.Set("APPID", "w2"), omacp.Set("TO-NAPID", "N1")}},
	}}
	fmt.Println(d.Validate(omacp.Rules{}))
	fmt.Println(d.Validate(omacp.Rules{OnDevice: true}))
	// Output:
	// omacp: APPLICATION[1]/TO-NAPID: no NAPDEF has the NAPID "N1"
	// <nil>
}
