// Package ss7 holds the signalling stack, one package a layer:
//
//	ansi41            operations of ANSI-41 (later also gsmmap)
//	   │
//	screen            who may invoke and answer what
//	   │
//	tcap              transactions and invokes; tcap/ansi is the pure codec of T1.114
//	   │
//	sccp              connectionless SCCP, ANSI T1.112 and ITU Q.713 addresses
//	   │ MTP-TRANSFER, PAUSE, RESUME, STATUS  (package mtp)
//	m3ua              RFC 4666, ASP and signalling-gateway side
//	   │
//	sctp              associations that keep messages apart: kernel SCTP, TCP, in-memory pair
//
// A layer imports only what is below it and treats its payload as opaque.
package ss7
