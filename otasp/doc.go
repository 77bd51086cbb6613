// Package otasp programs one handset: the OTASP session of IS-725 and IS-683
// as a machine.
//
// [Session.Step] is a pure function from (state, event) to (state, effects). It
// has no clock, I/O, goroutine, lock or log. What the network, the back-end and
// the authentication centre answer comes in as an [Event]; what is to be sent,
// asked, remembered or reported goes out as an [Effect]. The machine knows
// IS-683 and the meaning of the steps, not how they are carried: an effect says
// "relay this message to the handset" or "attach to the MSC by this TRN", and
// the composition puts that into SMDPP, OTASPREQ or MMC documents.
//
// A user-initiated activation passes these phases, leaving out what the order
// does not ask for and what the handset cannot do:
//
//	Attach ─ Resolve ─ Capability ─ VerifySPC ─ ReadOld
//	  ─ [KeyValues ─ MSKey ─ KeyGeneration ─ KeyAnswer ─ SSDUpdate]
//	  ─ [ReAuthenticate ─ ReAuthenticateAC]
//	  ─ Download ─ [SSPRDimensions ─ SSPRDownload…] ─ [PacketData…] ─ [ChangeSPC]
//	  ─ Commit ─ [CommitKey] ─ NewMSID ─ REGNOT ─ ReleaseTRN ─ Ended
//
// A session that the network initiates (OTAPA) has no call to attach to, and no
// NEWMSID, REGNOT and TRN. It finds the handset, waits for it when it is away,
// and opens and closes what a caller's handset has by itself:
//
//	Resolve ─ Locate ─ [Away] ─ OTAPAStart ─ [SPASM ─ ValidateSPASM]
//	  ─ Capability … Commit ─ [CommitKey] as above
//	  ─ OTAPAStop ─ ReleaseChannel ─ Ended
//
// The trigger's MDN is the subscriber's, and the one the session is held under:
// when numbers are split, the new one; its MIN is what the handset has now, by
// which it is found. Such a session leaves out what the handset has already as
// ordered, and does not commit when there is nothing else.
//
// IOTA carries the same messages in documents of MMC over HTTP. The handset is
// sent a URL, which it calls back; with a TRN the call is attached first, to
// learn the ESN. Or it comes by itself, and its ESN finds the order. It polls:
// every request is the answer to its last report, so nothing is sent twice but
// after a restart, under the number that it had.
//
//	[Attach] ─ Resolve ─ [Detach] ─ [Invite] ─ OpenMMC ─ [OTAPAStart ─ …]
//	  ─ Capability … ChangeSPC as above ─ [Objects] ─ [PRLObject…] ─ [Commit]
//	  ─ CommitMMC ─ [CommitKey] ─ [OTAPAStop] ─ Disconnect ─ Ended
//
// Only the commit of MMC puts anything into effect. From its request until it
// is reported the session is in doubt, and there is no reading back: what the
// handset does not hear to the end it drops, and it cannot be asked any more.
//
// When a way ends without success, the trigger may name others that are tried
// after it, one at a time and in one session with one report: a handset that is
// not reached by IOTA is programmed by OTAPA, or the other way round. A way gives
// back what it took before the next begins. That one reads the handset first and
// leaves out what is there, which settles a Commit that is in doubt. None follows
// where the order or the handset is the wrong one, where somebody stopped the
// session, and where an SPC or an A-key is in doubt.
//
// What a session is for, its order says by its parts: an activation, a new
// list, a split of numbers, packet-data settings, a new SPC, objects of MMC, which
// only IOTA carries. An order to read
// out changes nothing; what was read is in [Session.Handset].
//
// Whatever fails before Commit leads to OTAPAStop, ReleaseChannel, Disconnect,
// ReleaseKey and ReleaseTRN, as far as there is something to be closed or given back: the
// temporary A-key and the TRN go back; the handset has applied nothing then. A
// Commit whose answer is missing is in doubt: ReadBack reads the handset and
// decides. While it is in doubt, and after it was accepted, the temporary A-key
// is never released: the handset may have it in effect. An SPC is never sent
// twice by itself, and a SPASM signature never twice for one challenge.
//
// Flow and timers follow what is publicly known of IS-725 and N.S0011; the
// order of the steps is recollection confirmed by independent implementations,
// not a claim of conformance.
package otasp
