package gateway

import (
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
)

// TestRefusedPushSeen: the refusal of a push trigger looks for the message that
// the same trigger has begun, under the key that the message was accepted with.
func TestRefusedPushSeen(t *testing.T) {
	req := &request{
		trigger: &configs.Trigger{Flow: flowPush}, origin: origin{Account: "ivr"},
		values: values{MDN: "13105551234", Corr: "c1", Push: pushValues{Type: "sl", Href: "http://example.org/"}},
	}
	accepted := req.seenPush(time.Now()).Key
	if got := refusalChange(1, req, refusalOverload, time.Now()).Seen.Key; got != accepted || accepted == "" {
		t.Errorf("refused under %q, accepted under %q", got, accepted)
	}
}
