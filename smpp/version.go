package smpp

import (
	"errors"
	"fmt"
)

// Version is an edition of SMPP as interface_version and sc_interface_version
// say it (SMPP 3.4 section 5.2.4).
type Version uint8

// The editions. Numbers between them are taken for the one below.
const (
	Version33 Version = 0x33 // and all before: no TLVs, no data_sm, no alert_notification
	Version34 Version = 0x34
	Version50 Version = 0x50
)

func versionOf(interfaceVersion uint8) Version {
	switch v := Version(interfaceVersion); {
	case v >= Version50:
		return Version50
	case v >= Version34:
		return Version34
	}
	return Version33
}

// String is 3.3, 3.4 or 5.0.
func (v Version) String() string { return fmt.Sprintf("%d.%d", v>>4, v&15) }

// negotiate is the lower one of both sides' editions. A client that is not told
// the message centre's takes it to be 3.4: many do not send
// sc_interface_version, which by the standard would make them 3.3, and send and
// take TLVs all the same.
func (c *conn) negotiate() Version {
	if c.cfg.role == RoleServer {
		return min(c.cfg.version, versionOf(c.bindPDU.InterfaceVersion))
	}
	theirs := Version34
	if c.bindOut != nil {
		if v, ok := c.bindOut.TLVs.Find(TagSCInterfaceVersion); ok && len(v) == 1 {
			theirs = versionOf(v[0])
		}
	}
	return min(c.cfg.version, theirs)
}

// ErrVersion is the error of a request that the peer's edition of SMPP does not
// have, or that would lose its meaning without its TLVs, which 3.3 does not have.
var ErrVersion = errors.New("smpp: the peer's version of SMPP has no place for this")

// forVersion33 is a request without its TLVs. What they say is lost, unless it
// is the message itself: then there is an error.
func forVersion33(b Body) (Body, error) {
	switch p := b.(type) {
	case *SubmitSM:
		q := *p
		q.TLVs = nil
		return &q, optional(p.TLVs)
	case *DeliverSM:
		q := *p
		q.TLVs = nil
		return &q, optional(p.TLVs)
	case *SubmitMulti:
		q := *p
		q.TLVs = nil
		return &q, optional(p.TLVs)
	case *ReplaceSM:
		q := *p
		q.TLVs = nil
		return &q, optional(p.TLVs)
	case *QuerySM:
		q := *p
		q.TLVs = nil
		return &q, nil
	case *CancelSM:
		q := *p
		q.TLVs = nil
		return &q, nil
	}
	return nil, ErrVersion
}

// optional fails when a message cannot do without one of its TLVs.
func optional(t TLVs) error {
	for i := range t {
		switch t[i].Tag {
		case TagMessagePayload, TagSARMsgRefNum, TagSARTotalSegments, TagSARSegmentSeqnum, TagSourcePort, TagDestinationPort:
			return ErrVersion
		}
	}
	return nil
}
