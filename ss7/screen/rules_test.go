package screen_test

import (
	"testing"

	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/screen"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

var (
	msc   = mtp.ANSI(1, 12, 6)
	hlr   = mtp.ANSI(1, 12, 7)
	stp   = mtp.ANSI(1, 12, 1)
	other = mtp.ANSI(9, 9, 9)

	smdpp    = ansi.PrivateOperation(uint8(ansi41.SMSDeliveryPointToPoint))
	smsnot   = ansi.PrivateOperation(uint8(ansi41.SMSNotification))
	otaspreq = ansi.PrivateOperation(uint8(ansi41.OTASPRequest))
)

// at is an origin that names itself as MTP names it.
func at(pc mtp.PointCode, ssn sccp.SSN) tcap.Origin {
	return tcap.Origin{PointCode: pc, Calling: sccp.PointCodeAddress(sccp.ANSI, pc, ssn)}
}

func says(pc mtp.PointCode, calling sccp.Address) tcap.Origin {
	return tcap.Origin{PointCode: pc, Calling: calling}
}

func title(digits string) sccp.Address { return sccp.GlobalTitleAddress(sccp.ANSI, 6, 14, digits) }

func TestJudge(t *testing.T) {
	rules := screen.Rules{
		Peers: []screen.Peer{
			{Name: "hlr", PointCodes: []mtp.PointCode{hlr}, SSNs: []sccp.SSN{6, 10}, Operations: []ansi41.Operation{ansi41.SMSNotification}},
			{Name: "msc", PointCodes: []mtp.PointCode{msc}},
			{Name: "abroad", PointCodes: []mtp.PointCode{stp}, GTPrefixes: []string{"1619", "1858"}, Operations: []ansi41.Operation{ansi41.SMSNotification}},
			{Name: "titles", GTPrefixes: []string{"44"}, Operations: []ansi41.Operation{ansi41.SMSDeliveryPointToPoint}},
			{Name: "nobody", Operations: []ansi41.Operation{ansi41.OTASPRequest}},
		},
		Strangers: screen.Peer{Name: "strangers", Operations: []ansi41.Operation{ansi41.OTASPRequest}},
	}
	behind := title("16195550000")
	behind.HasPointCode, behind.PointCode = true, other
	for _, c := range []struct {
		name string
		from tcap.Origin
		op   ansi.Operation
		peer string
		want screen.Reason
	}{
		{"the HLR notifies", at(hlr, 6), smsnot, "hlr", screen.Allowed},
		{"from its other subsystem", at(hlr, 10), smsnot, "hlr", screen.Allowed},
		{"from a subsystem that is not listed", at(hlr, 8), smsnot, "hlr", screen.WrongSSN},
		{"without a subsystem", says(hlr, sccp.Address{}), smsnot, "hlr", screen.WrongSSN},
		{"by the subsystem alone", says(hlr, sccp.SSNAddress(sccp.ANSI, 6)), smsnot, "hlr", screen.Allowed},
		{"what it may not invoke", at(hlr, 6), otaspreq, "hlr", screen.WrongOperation},
		{"the same number in another family", at(hlr, 6), ansi.Operation{Family: 10, Specifier: smsnot.Specifier}, "hlr", screen.WrongOperation},
		{"the same number, national", at(hlr, 6), ansi.Operation{National: true, Family: 9, Specifier: smsnot.Specifier}, "hlr", screen.WrongOperation},
		{"a peer without operations", at(msc, 8), smdpp, "msc", screen.WrongOperation},
		{"a node that nobody named", at(other, 6), smsnot, "strangers", screen.Stranger},
		{"strangers never may, whatever their entry says", at(other, 6), otaspreq, "strangers", screen.Stranger},
		{"another node that calls itself the HLR", says(other, at(hlr, 6).Calling), smsnot, "strangers", screen.Stranger},
		{"the HLR's point code under another's address", says(hlr, at(other, 6).Calling), smsnot, "strangers", screen.Stranger},
		{"a title behind its translator", says(stp, title("16195550000")), smsnot, "abroad", screen.Allowed},
		{"the second prefix", says(stp, title("1858")), smsnot, "abroad", screen.Allowed},
		{"a title and the point code behind", says(stp, behind), smsnot, "abroad", screen.Allowed},
		{"a title that is shorter than its prefix", says(stp, title("161")), smsnot, "strangers", screen.Stranger},
		{"another title behind the translator", says(stp, title("16205550000")), smsnot, "strangers", screen.Stranger},
		{"the translator itself", at(stp, 6), smsnot, "strangers", screen.Stranger},
		{"the title from elsewhere", says(other, title("16195550000")), smsnot, "strangers", screen.Stranger},
		{"a title whose way does not count", says(other, title("447700900000")), smdpp, "titles", screen.Allowed},
		{"the first peer that fits", says(hlr, title("447700900000")), smdpp, "hlr", screen.WrongOperation},
	} {
		p, got := rules.Judge(c.from, c.op)
		if p.Name != c.peer || got != c.want {
			t.Errorf("%s: %s, %s; want %s, %s", c.name, p.Name, got, c.peer, c.want)
		}
	}
}

func TestMayAnswer(t *testing.T) {
	byCode := sccp.PointCodeAddress(sccp.ANSI, msc, 8)
	alias := sccp.PointCodeAddress(sccp.ANSI, hlr, 6)
	byTitle, open := title("16195551234"), title("16195550000")
	rules := screen.Rules{Routes: []screen.Route{
		{Asked: alias, PointCodes: []mtp.PointCode{mtp.ANSI(1, 12, 8)}},
		{Asked: byTitle, PointCodes: []mtp.PointCode{stp, hlr}},
		{Asked: open, Anybody: true},
	}}
	for _, c := range []struct {
		name  string
		asked sccp.Address
		from  tcap.Origin
		want  bool
	}{
		{"the node", byCode, at(msc, 8), true},
		{"the node, by its subsystem", byCode, says(msc, sccp.SSNAddress(sccp.ANSI, 8)), true},
		{"the node, by a title", byCode, says(msc, title("1")), true},
		{"its other subsystem", byCode, at(msc, 22), true},
		{"another node", byCode, at(hlr, 8), false},
		{"another node in its name", byCode, says(hlr, byCode), false},
		{"another name from the node", byCode, says(msc, at(hlr, 8).Calling), false},
		{"the other point code of a node", alias, at(mtp.ANSI(1, 12, 8), 6), true},
		{"both point codes of a node", alias, says(mtp.ANSI(1, 12, 8), alias), true},
		{"not for another", byCode, at(mtp.ANSI(1, 12, 8), 8), false},
		{"the translator", byTitle, says(stp, byTitle), true},
		{"the node behind the title", byTitle, at(hlr, 6), true},
		{"another, with the title that was asked", byTitle, says(other, byTitle), false},
		{"a title that nothing is known of", title("2"), says(stp, title("2")), false},
		{"nobody's point code", sccp.SSNAddress(sccp.ANSI, 8), says(0, sccp.Address{}), false},
		{"anybody", open, at(other, 9), true},
	} {
		if got := rules.MayAnswer(c.asked, c.from); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}
