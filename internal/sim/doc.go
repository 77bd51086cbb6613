// Package sim is the network around the gateway, as a program: an IVR that
// triggers and is any other ESME, too; an MSC with a pool of temporary reference
// numbers and a radio side, an HLR with its authentication centre, and handsets
// that keep what they are told.
//
//	IVR ── SMPP ──▶ gateway ── M3UA ──▶ STP (network.go) ── SCCP, TCAP ──▶ MSC, HLR/AC
//	                                                           MSC ── radio ──▶ Handset
//
// and, for pushes and short messages,
//
//	Initiator ── PAP ──▶ gateway ── PAP ──▶ Initiator: how it ended
//	gateway ── SMPP ──▶ SMSC ── Air ──▶ Agent     (esme of a message centre)
//	gateway ── M3UA ──▶ STP ──▶ HLR: SMSREQ, SMSNOT
//	                        ──▶ MSC: SMDPP ── Air ──▶ Agent
//
// A [Handset] holds a NAM, a roaming list, an SPC lock and an A-key. It
// applies nothing before Commit, so that comparing its memory with the order
// says whether an activation really worked. The A-key is agreed by a real
// Diffie-Hellman exchange. What a real network does with CAVE, whose text is
// not public, is replaced by a hash; see akey.go.
//
// An idle handset is programmed by OTAPA: the [HLR] tells where it is as it does
// for short messages, the [MSC] sets up a channel, and nothing but an OTAPA
// Request opens the [Handset] on it. One whose NAM is locked wants a signature,
// which the AC makes with the key that both have.
//
// An [Agent] takes short messages of GSM and of IS-637, puts segments together,
// and does what Service Indication, Service Loading, client provisioning and
// device management notifications ask, once. An [SMSC] relays to it, reports by
// receipts, and keeps a ledger by which a test can tell what was sent twice. The
// [HLR] tells where a phone is or why it cannot be reached, and later that it
// can; the [MSC] delivers or says the cause.
//
//	agent := sim.NewAgent(sim.AgentConfig{PINs: []string{"1234"}})
//	smsc := sim.NewSMSC(sim.SMSCConfig{Server: smpp.ServerConfig{Accounts: accounts}})
//	smsc.SwitchOn("12025550123", agent) // then smsc.Serve(ctx, listener)
//	network.Subscribe(sim.Subscriber{MIN: "2025550123", ESN: 0x81234567, Phone: agent})
//	network.HLR.Deny("2025550123", ansi41.AccessPostponed) // until Appear
//	network.Camp(sim.NewHandset(sim.OTAPAHandset()))       // for OTAPA, under its MIN
//
// An [IOTA] is the provisioning agent of a handset: the URL of an SL for iota.ua, or
// its user, has it fetch MMC documents over HTTP, do what they ask and report.
// IS-683 messages in them go to the [Handset] through an [MMC] session, in which
// nothing is in effect before the document's commit. The grammar is known from one
// client only; what that leaves open is a field of [IOTAConfig]. It takes XML
// without comments, processing instructions and entities of the document's own,
// and objects by cid or by URL; WBXML it does not have, nor the operator's proxy,
// whose headers it sends itself. That a phone registers anew after a session is
// left to the caller.
//
//	iota := sim.NewIOTA(sim.IOTAConfig{Handset: handset, ESNHeader: "X-Esn"})
//	agent := sim.NewAgent(sim.AgentConfig{Provision: func(url string) { go iota.CallBack(ctx, url) }})
//
// A [Script] changes the good course of things: answers are lost, repeated,
// delayed or refused, the caller hangs up, the gateway is killed.
//
// Not simulated: the air interface itself, TP-UD packing of the GSM side, the
// network's own retries, and an SMSC's store: it hands over at once or never.
//
// The simulator uses the project's codecs. They are held against vectors from
// outside and against tshark elsewhere, so that both sides cannot share a
// mistake unseen. What an Agent checks, reassembly, MACs and digests, it computes
// itself, and an IOTA reads and writes MMC documents by means of its own.
package sim
