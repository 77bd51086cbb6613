//go:build interop

package smpp_test

// quirk is where something differs.
type quirk struct{ role, peer, exchange string }

// difference is what shows then, and why.
type difference struct{ shows, cause string }

// quirks are the known differences. One that does not show is an error.
var quirks = map[quirk]difference{
	{asClient, goSMPP, "data_sm to the peer"}: {"has no answer", "it cannot read a data_sm, and ends the connection when one comes; the message waits for its next bind"},
	{asClient, goSMPP, "unbind by us"}:        {"unbind has no answer", "it answers no unbind, which it hands to the application; we close the connection after 5 s"},
	{asServer, goSMPP, "bind as transceiver"}: {"has no answer", "its test server answers a bind with a sequence_number of its own, so that to us the bind has no answer"},
}

// remarks are for what passes in a way of its own.
var remarks = map[quirk]string{
	{asClient, goSMPP, "enquire_link by the peer"}:          "every 10 s at least, whatever is configured",
	{asClient, kannelName, "long message, SAR"}:             "as TLVs of smpp-tlv groups, which come with a message as meta-data; what it splits itself has the header",
	{asClient, kannelName, "long message, message_payload"}: "as a TLV of a smpp-tlv group, which comes with a message as meta-data",
	{asClient, kannelName, "throttling"}:                    "what is refused waits in bearerbox for sms-resend-freq, 60 s unless configured (here 1 s)",
}
