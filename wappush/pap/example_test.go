package pap_test

import (
	"fmt"

	"github.com/otagate/otagate/wappush/pap"
)

func Example() {
	body := []byte(`<pap><push-message push-id="7@acme.example"/></pap>`)
	_, err := pap.Decode("application/xml", body, pap.Limits{})

	answer := pap.Envelope{Control: pap.Control{Message: pap.BadMessage(err)}}
	contentType, body, err := answer.Encode("")
	fmt.Printf("%s %v\n%s", contentType, err, body)
	// Output:
	// application/xml <nil>
	// <?xml version="1.0" encoding="UTF-8"?>
	// <!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 1.0//EN" "http://www.wapforum.org/DTD/pap_1.0.dtd">
	// <pap>
	// <badmessage-response code="2000" desc="xml: line 1, column 6: &lt;push-message&gt;: no address"/>
	// </pap>
}
