// Package m3ua carries MTP-TRANSFER over SCTP: RFC 4666, the MTP3 user
// adaptation layer, for the application server (ASP), for the signalling
// gateway (SGP), and for two processes without a gateway (IPSP).
//
// Codec: one type a message with Append and Decode, unknown parameters kept,
// unknown messages as [Other]; [Read] decodes from a traced cursor.
//
//	message.go parameter.go     common header, parameters, dispatch
//	transfer.go                 DATA
//	ssnm.go                     DUNA DAVA DAUD DRST, SCON, DUPU
//	aspsm.go                    ASPUP ASPDN BEAT and their acks
//	asptm.go                    ASPAC ASPIA and their acks
//	rkm.go rkmrsp.go            REG, DEREG
//	mgmt.go errorcode.go        ERR, NTFY
//	json.go                     the JSON of decode and encode
//
// Machines, pure: [ASP] is our own state at one SGP (RFC 4666 figure 3) or at
// another IPSP, [RemoteASP] the SGP's view of an ASP, [AS] figure 4.
//
// Drivers: [Client] is an application server process with associations to one
// or several SGPs; [Server] is the signalling gateway side, for simulators and
// labs: it serves configured ASs and has no MTP links of its own. A Client
// registers routing keys when it is given some; a Server refuses registration.
//
// An IPSP is a Client with an [Exchange], on both sides; the one that is called
// has the Dial of [Accept]. It has one association to each peer and one state
// for all its routing contexts there.
//
// What RFC 4666 and the test purposes of ETSI TS 102 381 ask for stands line by
// line in testdata/m3ua/conformance_*.txt, with what is not fulfilled and why.
//
// Not here: an IPSP behind a Server, registration at the Server and between
// IPSPs, a use of restricted routes (at a Client DRST counts as available) and
// of Correlation Ids, a state for each routing context of a Client.
//
//	c := m3ua.NewClient(m3ua.ClientConfig{Name: "hlr", Peers: peers, RoutingContext: []uint32{100}}, user, log)
//	go c.Run(ctx)
//	if err := c.WaitActive(ctx); err == nil {
//		err = c.Transfer(mtp.Transfer{OPC: opc, DPC: dpc, SI: mtp.ServiceSCCP, NI: mtp.National, SLS: 5, Data: udt})
//	}
package m3ua
