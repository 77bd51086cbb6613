package gateway

import (
	"context"
	"testing"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/smpp"
)

// TestSubmitMultiLimits: of the destinations of a submit_multi those are refused that
// the account may not send to, and only what was taken counts for its quota.
func TestSubmitMultiLimits(t *testing.T) {
	l, a := edgeLab(t)
	shop := &l.cfg.SMPP.Accounts[1]
	shop.Destinations = []configs.Pattern{"1"}
	shop.Quota = configs.Quota{Messages: 5, Per: configs.PerDay}
	g := l.start(l.open())
	defer g.stop()
	e := g.esme("shop")
	submit := func(numbers ...string) (smpp.Status, int) {
		t.Helper()
		p := smpp.SubmitMulti{SourceAddr: []byte("2280"), ShortMessage: []byte("hello")}
		for _, n := range numbers {
			p.Destinations = append(p.Destinations, smpp.Destination{DestFlag: smpp.DestFlagSME, DestinationAddr: []byte(n)})
		}
		status, resp, err := e.cl.SubmitMulti(context.Background(), &p)
		if err != nil {
			t.Fatal(err)
		}
		if resp == nil {
			return status, 0
		}
		return status, len(resp.UnsuccessSME)
	}
	for _, tt := range []struct {
		numbers   []string
		want      smpp.Status
		unsuccess int
	}{
		{[]string{"15551", "445551", "15552"}, smpp.StatusOK, 1},
		{[]string{"445551", "445552"}, smpp.StatusInvalidDestinationAddress, 0},
		{[]string{"15553", "15554", "15555", "15556"}, smpp.StatusThrottled, 0},
		{[]string{"15553", "15554", "15555"}, smpp.StatusOK, 0},
		{[]string{"15556"}, smpp.StatusThrottled, 0},
	} {
		if status, n := submit(tt.numbers...); status != tt.want || n != tt.unsuccess {
			t.Errorf("%v: %s, %d refused; want %s, %d", tt.numbers, status, n, tt.want, tt.unsuccess)
		}
	}
	until(t, "what was taken", func() bool { n, _ := a.took(); return n == 5 })
}
