package ansi

import "github.com/otagate/otagate/internal/ber"

// Identifiers of T1.114.3 below the package type.
const (
	tagTransactionID     ber.Tag = 0xc7
	tagDialogue          ber.Tag = 0xf9
	tagComponentSequence ber.Tag = 0xe8
	tagComponentID       ber.Tag = 0xcf
	tagNationalOperation ber.Tag = 0xd0
	tagPrivateOperation  ber.Tag = 0xd1
	tagNationalError     ber.Tag = 0xd3
	tagPrivateError      ber.Tag = 0xd4
	tagProblem           ber.Tag = 0xd5
	tagPAbort            ber.Tag = 0xd7
	tagUserAbort         ber.Tag = 0xf8

	tagProtocolVersion ber.Tag = 0xda
	tagContextInteger  ber.Tag = 0xdb
	tagContextOID      ber.Tag = 0xdc
	tagUserInformation ber.Tag = 0xfd
	tagSecurityInteger ber.Tag = 0x80
	tagSecurityOID     ber.Tag = 0x81
	tagConfidentiality ber.Tag = 0xa2
	tagExternal        ber.Tag = 0x28
)
