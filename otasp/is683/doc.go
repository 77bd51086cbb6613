// Package is683 reads and writes the messages of over-the-air service
// provisioning, IS-683 (C.S0016): what the provisioning platform sends to a
// handset (forward, requests) and what the handset answers (reverse,
// responses).
//
// A message is an octet OTASP_MSG_TYPE and a body; request and response share
// the code, so the direction has to be known: [ReadForward] or [ReadReverse],
// [DecodeForward] or [DecodeReverse]. Most bodies carry parameter blocks
// (BLOCK_ID, BLOCK_LEN, data). The data of a block is packed most significant
// bit first and padded to whole octets; a message keeps it as octets, and the
// typed blocks of this package ([MDN], [CDMANAM], [PRLSegment] …) read and
// write them:
//
//	var mdn is683.MDN
//	err := mdn.Decode(response.Blocks[0].Data)
//
// Files: messagetype.go, result.go, feature.go, capabilityrecord.go and
// blockid.go hold the code tables; message.go the dispatch; fresh.go, block.go
// and configured.go what many messages share; one file per message pair
// (download.go, validation.go …); typed.go says which blocks have a layout, one
// file per family has it (nam.go, analognam.go, imsi.go, mdn.go, spc.go, spasm.go,
// prllist.go, hometag.go, mmsuri.go); layout.go and threegpdlayout.go the
// layouts that are tables; gist.go and json.go print.
//
// Decoded messages borrow the octets they were decoded from; Clone copies
// what has to be kept.
//
// Implemented: all message types 0x00 to 0x17 in both directions. The layouts
// follow what independent public implementations of C.S0016-D agree on; no
// text of the standard was at hand, so nothing here is a claim of conformity.
// Inner layouts of PUZL, MMD, eHRPD IMSI, group, specific and call prompt
// tags and of MMSS are not public and stay opaque octets. The layouts of 3GPD
// blocks are unverified: [ThreeGPDConfigurationLayout] and
// [ThreeGPDDownloadLayout] offer them as tables that a caller may use or
// replace, no decoder uses them by itself.
//
// Security: SPC values, key-exchange results and 3GPD shared secrets are
// marked secret in a trace and mask themselves when printed; a block shows
// nothing of its data then. JSON has them all.
package is683
