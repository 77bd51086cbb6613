package sim

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/ansi41"
)

// camped is a handset that the network may call.
type camped struct {
	handset *Handset
	off     bool // does not answer a page
	channel bool // set up for OTAPA
	lost    bool // there was one
}

// Camp makes an idle handset reachable under a MIN, by which OTAPA finds it.
func (m *MSC) Camp(min string, h *Handset) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.idle[min] = &camped{handset: h}
}

// Leave has the handset of a MIN not answer a page, until it camps again. A
// channel to it is lost.
func (m *MSC) Leave(min string) {
	m.mu.Lock()
	if c := m.idle[min]; c != nil {
		c.off = true
	}
	m.mu.Unlock()
	m.LoseChannel(min)
}

// LoseChannel ends the OTAPA call of a MIN from the handset's side.
func (m *MSC) LoseChannel(min string) {
	m.mu.Lock()
	c := m.idle[min]
	up := c != nil && c.channel
	if up {
		c.channel, c.lost = false, true
	}
	m.mu.Unlock()
	if up {
		c.handset.CallEnded()
	}
}

// Channels is the number of traffic channels that OTAPA has taken and not given back.
func (m *MSC) Channels() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, c := range m.idle {
		if c.channel {
			n++
		}
	}
	return n
}

// otapa does what an SMDPP for OTAPA asks.
func (m *MSC) otapa(inv *ansi41.SMDPPInvoke) (res *ansi41.SMDPPResult, after func()) {
	switch {
	case !inv.MIN.OK:
		return cause(ansi41.CauseMissingExpectedParameter), nil
	case !inv.ActionCode.OK || inv.ActionCode.V == ansi41.ActionAllocateResources:
	case inv.ActionCode.V == ansi41.ActionReleaseResources:
		return m.free(inv.MIN.V.String())
	default:
		return cause(ansi41.CauseUnexpectedParameterValue), nil
	}
	h, res := m.channelTo(inv)
	if res != nil {
		return res, nil
	}
	if len(inv.SMSBearerData) == 0 {
		return &ansi41.SMDPPResult{}, nil
	}
	return m.carry(h, inv.SMSBearerData), nil
}

// channelTo is the handset at the other end of a traffic channel, which is set
// up when the gateway asks for it and there is none; or why there is none.
func (m *MSC) channelTo(inv *ansi41.SMDPPInvoke) (*Handset, *ansi41.SMDPPResult) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.idle[inv.MIN.V.String()]
	switch allocate := inv.ActionCode.OK; {
	case c == nil || inv.ESN.OK && uint32(inv.ESN.V) != c.handset.ESN():
		return nil, cause(ansi41.CauseDestinationNoLongerAtAddress)
	case c.channel:
	case !allocate && c.lost:
		return nil, cause(ansi41.CauseMSDisconnect)
	case !allocate:
		return nil, cause(ansi41.CauseSessionNotActive)
	case c.off:
		return nil, cause(ansi41.CauseNoPageResponse)
	case m.calling(c.handset), c.handset.inMMC():
		return nil, cause(ansi41.CauseDestinationBusy)
	default:
		c.channel, c.lost = true, false
		c.handset.Paged()
	}
	return c.handset, nil
}

// calling: the user of the handset is in a call himself.
func (m *MSC) calling(h *Handset) bool {
	for _, c := range m.calls {
		if c.Handset == h && !c.gone {
			return true
		}
	}
	return false
}

// carry passes an IS-683 message over the radio and returns the answer.
func (m *MSC) carry(h *Handset, msg []byte) *ansi41.SMDPPResult {
	m.air(true, msg)
	answer := h.Answer(msg)
	if answer == nil {
		return cause(ansi41.CauseOtherTerminalProblem)
	}
	m.air(false, answer)
	return &ansi41.SMDPPResult{SMSBearerData: ansi41.Some(wire.Hex(answer))}
}

// free ends the OTAPA call. A handset that has another number now registers under it.
func (m *MSC) free(min string) (res *ansi41.SMDPPResult, after func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.idle[min]
	if c == nil {
		return &ansi41.SMDPPResult{}, nil // moved on already: saying so again does no harm
	}
	if c.channel {
		c.handset.CallEnded()
	}
	c.channel, c.lost = false, false
	now := c.handset.Memory().IMSIM.S
	if now == min || c.off {
		return &ansi41.SMDPPResult{}, nil
	}
	delete(m.idle, min)
	m.idle[now] = c
	return &ansi41.SMDPPResult{}, func() { m.register(c.handset, now, accessAutonomous) }
}

// Camp makes an idle handset known to the HLR and reachable at the MSC, under
// its MIN.
func (n *Network) Camp(h *Handset) {
	min := h.Memory().IMSIM.S
	n.HLR.Subscribe(min, h.ESN())
	n.MSC.Camp(min, h)
}

// Register has a handset register under the number that it holds now, as it does
// when it has been programmed over its own data connection.
func (n *Network) Register(h *Handset) {
	n.MSC.mu.Lock()
	defer n.MSC.mu.Unlock()
	now := h.Memory().IMSIM.S
	for min, c := range n.MSC.idle {
		if c.handset == h && min != now {
			delete(n.MSC.idle, min)
			n.MSC.idle[now] = c
		}
	}
	n.MSC.register(h, now, accessAutonomous)
}
