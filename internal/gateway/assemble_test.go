package gateway

import (
	"slices"
	"testing"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/ss7/mtp"
)

// TestDestinations: the signalling gateways are asked about every node that
// messages go to, once.
func TestDestinations(t *testing.T) {
	c := &labConfig("127.0.0.1:2905").SS7
	c.MSCs = append(c.MSCs, configs.MSC{Name: "msc2", Route: configs.Route{PointCode: "0-0-9"}})
	c.ACs = append(c.ACs, configs.AC{Name: "hlr2", Route: configs.Route{GlobalTitle: "16195551234"}})
	c.Translations = []configs.Translation{{Name: "stp", PointCode: "1-12-1"}, {Name: "hlr", PointCode: "1-12-7"}, {Name: "own", PointCode: c.PointCode}}
	cc, err := clientConfig(c)
	if err != nil {
		t.Fatal(err)
	}
	want := []mtp.PointCode{mtp.ANSI(0, 0, 9), mtp.ANSI(1, 12, 1), mtp.ANSI(1, 12, 6), mtp.ANSI(1, 12, 7)}
	if !slices.Equal(cc.PointCodes, want) || cc.UnknownProhibited {
		t.Errorf("audits %v, want %v, and what is not answered can be reached", cc.PointCodes, want)
	}
}
