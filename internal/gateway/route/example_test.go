package route_test

import (
	"fmt"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/route"
)

func Example() {
	rules := []configs.MessageRoute{
		{Name: "premium", To: []configs.Pattern{"1900", "^55[0-9]{2}$"}, Refuse: "ESME_RINVDSTADR"},
		{Name: "home", To: []configs.Pattern{"1"}, Via: []configs.Via{{Link: "smsc1", Weight: 3, Tier: 1}, {Link: "smsc2", Weight: 1, Tier: 1}, {SS7: true, Weight: 1, Tier: 2}}},
	}
	t, err := route.New(rules, (&configs.SMPP{}).Dictionary())
	if err != nil {
		panic(err)
	}
	m := route.Message{From: "acme", Destination: []byte("+15551234567")}
	for _, v := range t.Explain(&m) {
		fmt.Printf("%s %t %q\n", v.Rule.Name, v.Takes, v.Why)
	}
	r := t.Find(&m)
	for _, s := range r.Shares {
		fmt.Printf("tier %d: %s %.0f %%\n", s.Tier, s, 100*r.Part(s))
	}
	onlySS7 := func(to route.Target) bool { return to.Kind == route.SS7 }
	fmt.Println(r.Choose(r.Key(&m, 1), onlySS7))
	// Output:
	// premium false "to: +15551234567; wanted is 1900... or ^55[0-9]{2}$"
	// home true ""
	// tier 1: link smsc1 75 %
	// tier 1: link smsc2 25 %
	// tier 2: ss7 100 %
	// ss7
}
