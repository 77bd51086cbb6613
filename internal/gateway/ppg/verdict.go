package ppg

import (
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/wappush/pap"
)

// verdict is what PAP says of a message.
type verdict struct {
	state pap.MessageState
	code  pap.Code
	desc  string
}

// verdictOf is the end of a message in PAP's words. A message that the centre has
// taken, and that nobody will say more of, is not said to be delivered.
func verdictOf(outcome string, reason delivery.Reason, detail string) verdict {
	v := verdict{pap.StateUndeliverable, pap.CodeServiceFailure, string(reason)}
	switch {
	case outcome == delivery.Uncertain.String():
		v.state = pap.StateUnknown
	case reason == delivery.ReasonDelivered:
		v.state, v.code = pap.StateDelivered, pap.CodeOK
	case reason == delivery.ReasonAccepted:
		v.state, v.code = pap.StateUnknown, pap.CodeAccepted
	case reason == delivery.ReasonExpired:
		v.state = pap.StateExpired
	case reason == delivery.ReasonCancelled:
		v.state, v.code = pap.StateCancelled, pap.CodeOK
	}
	if detail != "" {
		v.desc += ": " + detail
	}
	v.desc = desc(refused(v.code, "%s", v.desc))
	return v
}

// verdictNow is how far a message is.
func verdictNow(st *push.Status) verdict {
	if st.Live {
		return verdict{pap.StatePending, pap.CodeAccepted, st.Phase.String()}
	}
	return verdictOf(st.Outcome, delivery.Reason(st.Reason), st.Detail)
}
