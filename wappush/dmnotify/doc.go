// Package dmnotify codes the notification that starts a device management
// session, package 0 of OMA DM 1.2 (OMA-TS-DM_Notification, "general
// notification initiated session alert"). It travels in a push of type
// application/vnd.syncml.notification for the application syncml.dm; how it is
// carried is of package wsp.
//
//	octet  bits
//	 0     128  digest
//	16      10  version          ten times it: 10 = DM 1.0, 11 = DM 1.1 and 1.2
//	         2  ui-mode
//	         1  initiator
//	        27  future-use       zero
//	21      16  sessionid
//	23       8  length-identifier
//	24       n  server-identifier
//	24+n        vendor-specific, to the end
//
// What follows the digest is the trigger. The digest is MD5 over the server's
// credential, a nonce and the trigger, so only who knows all three can make a
// device call:
//
//	n := dmnotify.Notification{
//		Version: dmnotify.Version12, UIMode: dmnotify.Informative, Initiator: dmnotify.Server,
//		SessionID: 0x2a, ServerID: []byte("dm.example"),
//	}
//	err := n.Sign(password, nonce)
//	b, err := n.Append(nil)
//
// The nonce is the decoded octets. A device that has lost it uses a fixed one,
// which clients read in two ways: see [Resync]. The same credentials
// authenticate the session: see [AuthMD5] and [HMAC].
//
// The notification of DM 1.3 (application/vnd.syncml.dm.notification) is another
// one and not implemented, nor are the sessions.
package dmnotify
