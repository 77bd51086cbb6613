package iota_test

import (
	"fmt"

	"github.com/otagate/otagate/otasp/iota"
)

func Example() {
	document := &iota.Document{
		StatusURI: "https://prov.acme.example/mmc/42",
		Methods: []iota.Method{
			{ID: "1", Name: iota.NameOpen, ReportStatus: true},
			{ID: "2", Name: iota.NameRead, Object: iota.ObjectModel, ReportStatus: true},
		},
	}
	d := iota.Standard().ForAccept("application/iota.mmc-xml, multipart/related")
	contentType, body, err := d.Encode(&iota.Message{Document: document}, "")
	fmt.Printf("%s %v\n%s\n", contentType, err, body)

	m, err := d.Decode(contentType, []byte(`<mmc><status mmc="ok" mmcID="1234">
<detail id="1" name="open" result="ok"/>
<detail id="2" name="read" object="phone:model" value="8330" result="ok"/>
</status></mmc>`), iota.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Report.Answers(document), m.Report.MMCID, m.Report.Detail("2").Value)
	// Output:
	// application/iota.mmc-xml <nil>
	// <?xml version="1.0"?>
	// <mmc status-uri="https://prov.acme.example/mmc/42">
	// <method id="1" name="open" reportstatus="true"/>
	// <method id="2" name="read" object="phone:model" reportstatus="true"/>
	// </mmc>
	//
	// <nil> 1234 8330
}
