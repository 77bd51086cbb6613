// Package otasp programs one handset: the OTASP session of IS-725 and IS-683
// as a machine.
//
// [Session.Step] is a pure function from (state, event) to (state, effects). It
// has no clock, I/O, goroutine, lock or log. What the network, the back-end and
// the authentication centre answer comes in as an [Event]; what is to be sent,
// asked, remembered or reported goes out as an [Effect]. The machine knows
// IS-683 and the meaning of the steps, not how they are carried: an effect says
// "relay this message to the handset" or "attach to the MSC by this TRN", and
// the composition puts that into SMDPP, OTASPREQ or, later, MMC documents.
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
// What a session is for, its order says by its parts: an activation, a new
// list, a split of numbers, packet-data settings, a new SPC. An order to read
// out changes nothing; what was read is in [Session.Handset].
//
// Whatever fails before Commit leads to OTAPAStop, ReleaseChannel, ReleaseKey and
// ReleaseTRN, as far as there is something to be closed or given back: the
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
