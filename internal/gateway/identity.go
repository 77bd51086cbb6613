package gateway

import (
	"encoding/binary"

	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/ss7/ansi41"
)

// question is a request to the network, and what its answer must not contradict.
type question struct {
	wants wanted
	req   uint16
	who   identity
	mscAt func(*ansi41.Digits) string // the configured MSC with this address, or none
}

// identity is the handset of a session, as far as it is known when something is
// asked. The zero value is not known yet.
type identity struct {
	esn  uint32
	meid string
	mins [3]string // the old one, that of the activation, the new one
}

// identityOf is the handset of a session. Before the attach was answered there
// is none.
func identityOf(s *otasp.Session) identity {
	t := &s.Terminal
	if t.ESN == 0 {
		return identity{}
	}
	return identity{t.ESN, t.MEID, [...]string{t.MIN, s.Trigger.ActivationMIN, s.Order.MIN()}}
}

// otherHandset is the detail of an answer that contradicts its session.
const otherHandset = "the answer is about another handset"

// contradicts tells whether an answer names another handset than that of the
// session, in parameters of its own or in those that it is not defined with.
// What is not known is not compared.
func (who *identity) contradicts(esn ansi41.Optional[ansi41.ESN], meid ansi41.Optional[ansi41.MEID], min ansi41.Optional[ansi41.MIN], unknown []ansi41.Parameter) bool {
	if who.esn == 0 {
		return false
	}
	bad := esn.OK && who.otherESN(uint32(esn.V)) || meid.OK && who.otherMEID(meid.V) || min.OK && who.otherMIN(min.V)
	for i := range unknown {
		switch p := &unknown[i]; {
		case p.Tag == ansi41.ParamESN.Tag() && len(p.Value) == 4:
			bad = bad || who.otherESN(binary.BigEndian.Uint32(p.Value))
		case p.Tag == ansi41.ParamMEID.Tag() && len(p.Value) == 7:
			bad = bad || who.otherMEID(ansi41.MEID(p.Value))
		case (p.Tag == ansi41.ParamMIN.Tag() || p.Tag == ansi41.ParamMobileStationMIN.Tag()) && len(p.Value) == 5:
			bad = bad || who.otherMIN(ansi41.MIN(p.Value))
		}
	}
	return bad
}

// otherESN: a handset with an MEID may be called by its pseudo-ESN too.
func (who *identity) otherESN(esn uint32) bool {
	if esn == who.esn {
		return false
	}
	meid, err := ansi41.ParseMEID(who.meid)
	return err != nil || esn != uint32(meid.PseudoESN())
}

func (who *identity) otherMEID(m ansi41.MEID) bool { return who.meid != "" && m.String() != who.meid }

func (who *identity) otherMIN(m ansi41.MIN) bool {
	if who.mins[0] == "" || !m.Decimal() {
		return false
	}
	s := m.String()
	return s != who.mins[0] && s != who.mins[1] && s != who.mins[2]
}
