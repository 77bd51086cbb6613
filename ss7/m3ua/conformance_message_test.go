package m3ua_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
)

// The notation of messages in the tables: the abbreviation of the standard and
// parameters as key=value, in the order of the wire. Any message can have any
// parameter, so that wrong ones can be written too; "hex" and octets are a
// message as it is.
var keys4 = []struct {
	key string
	tag m3ua.Tag
}{
	{"rc", m3ua.TagRoutingContext}, {"mode", m3ua.TagTrafficModeType}, {"na", m3ua.TagNetworkAppearance},
	{"id", m3ua.TagASPIdentifier}, {"level", m3ua.TagCongestionIndications}, {"corr", m3ua.TagCorrelationID},
	{"concerned", m3ua.TagConcernedDestination}, {"code", m3ua.TagErrorCode}, {"status", m3ua.TagStatus},
	{"user", m3ua.TagUserCause}, {"lrk", m3ua.TagLocalRKIdentifier},
	{"regstatus", m3ua.TagRegistrationStatus}, {"deregstatus", m3ua.TagDeregistrationStatus},
}

var modes = map[string]uint32{"override": 1, "loadshare": 2, "broadcast": 3}

// encode is the message that s denotes.
func encode(s string) ([]byte, error) {
	if h, is := strings.CutPrefix(s, "hex "); is {
		return hex.DecodeString(strings.ReplaceAll(h, " ", ""))
	}
	words := strings.Fields(s)
	n := slices.IndexFunc(words, func(w string) bool { return strings.Contains(w, "=") })
	if n < 0 {
		n = len(words)
	}
	name := strings.Join(words[:n], " ")
	i := slices.IndexFunc(receivable, func(t m3ua.Type) bool { return t.String() == name })
	if i < 0 {
		return nil, fmt.Errorf("no message %q", name)
	}
	m := m3ua.Other{MessageClass: receivable[i].Class(), MessageType: receivable[i].Number()}
	for _, w := range words[n:] {
		p, err := encodeParameter(w)
		if err != nil {
			return nil, err
		}
		m.Parameters = append(m.Parameters, p)
	}
	return m.Append(nil)
}

func encodeParameter(w string) (p m3ua.Parameter, err error) {
	key, v, _ := strings.Cut(w, "=")
	for _, k := range keys4 {
		if k.key == key {
			p.Tag = k.tag
			p.Value, err = encodeNumbers(v)
			return p, err
		}
	}
	switch key {
	case "pc":
		p.Tag = m3ua.TagAffectedPointCode
		for s := range strings.SplitSeq(v, ",") {
			pc, mask, _ := strings.Cut(s, "/")
			m, _ := strconv.Atoi(mask)
			p.Value = binary.BigEndian.AppendUint32(p.Value, uint32(m)<<24|uint32(point(pc)))
		}
	case "info":
		p.Tag, p.Value = m3ua.TagInfoString, wire.Hex(v)
	case "beat":
		p.Tag = m3ua.TagHeartbeatData
		p.Value, err = hex.DecodeString(v)
	case "data": // from>to, or from>to/SLS
		p.Tag = m3ua.TagProtocolData
		from, to, _ := strings.Cut(v, ">")
		to, sls, _ := strings.Cut(to, "/")
		n, _ := strconv.Atoi(sls)
		p.Value = binary.BigEndian.AppendUint32(p.Value, uint32(point(from)))
		p.Value = binary.BigEndian.AppendUint32(p.Value, uint32(point(to)))
		p.Value = append(p.Value, mtp.ServiceSCCP, byte(mtp.National), 0, byte(n), 'x')
	case "result": // local key:status:routing context
		p.Tag = m3ua.TagRegistrationResult
		p.Value, err = nest(v, "lrk", "regstatus", "rc")
	case "deresult": // routing context:status
		p.Tag = m3ua.TagDeregistrationResult
		p.Value, err = nest(v, "rc", "deregstatus")
	case "key": // local key:destination
		p.Tag = m3ua.TagRoutingKey
		lrk, pc, _ := strings.Cut(v, ":")
		if p.Value, err = nest(lrk, "lrk"); err == nil {
			p.Value = append(p.Value, 0x02, 0x0b, 0, 8)
			p.Value = binary.BigEndian.AppendUint32(p.Value, uint32(point(pc)))
		}
	default:
		var tag uint64
		if tag, err = strconv.ParseUint(strings.TrimPrefix(key, "0x"), 16, 16); err != nil {
			return p, fmt.Errorf("no parameter %q", key)
		}
		p.Tag = m3ua.Tag(tag)
		p.Value, err = hex.DecodeString(v)
	}
	return p, err
}

func nest(v string, names ...string) (b []byte, err error) {
	vs := strings.Split(v, ":")
	if len(vs) != len(names) {
		return nil, fmt.Errorf("%q is not %v", v, names)
	}
	for i, name := range names {
		p, err := encodeParameter(name + "=" + vs[i])
		if err != nil {
			return nil, err
		}
		b = append(b, byte(p.Tag>>8), byte(p.Tag), 0, byte(4+len(p.Value)))
		b = append(b, p.Value...)
	}
	return b, nil
}

// encodeNumbers takes numbers, traffic modes and pairs of 16 bits (1.3).
func encodeNumbers(v string) (b []byte, err error) {
	for s := range strings.SplitSeq(v, ",") {
		if m, is := modes[s]; is {
			b = binary.BigEndian.AppendUint32(b, m)
			continue
		}
		hi, lo, pair := strings.Cut(s, ".")
		if !pair {
			hi, lo = "0", s
		}
		h, err1 := strconv.ParseUint(hi, 0, 16)
		l, err2 := strconv.ParseUint(lo, 0, 32)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("no number: %q", s)
		}
		b = binary.BigEndian.AppendUint32(b, uint32(h)<<16|uint32(l))
	}
	return b, nil
}

// point reads an ANSI point code; what is none is 0.
func point(s string) mtp.PointCode {
	var a, b, c uint8
	_, _ = fmt.Sscanf(s, "%d-%d-%d", &a, &b, &c)
	return mtp.ANSI(a, b, c)
}

// notation writes a message received, without the diagnostic information of
// ERR, which every answer is checked for.
func notation(b []byte) string {
	var m m3ua.Other
	if err := m.Decode(b); err != nil {
		return fmt.Sprintf("undecodable %x", b)
	}
	s := m.Type().String()
	for _, p := range m.Parameters {
		if p.Tag != m3ua.TagDiagnosticInformation {
			s += " " + notationOf(p)
		}
	}
	return s
}

func notationOf(p m3ua.Parameter) string {
	switch p.Tag {
	case m3ua.TagErrorCode:
		return fmt.Sprintf("code=0x%02x", binary.BigEndian.Uint32(p.Value))
	case m3ua.TagStatus:
		return fmt.Sprintf("status=%d.%d", binary.BigEndian.Uint16(p.Value), binary.BigEndian.Uint16(p.Value[2:]))
	case m3ua.TagUserCause:
		return fmt.Sprintf("user=%d.%d", binary.BigEndian.Uint16(p.Value), binary.BigEndian.Uint16(p.Value[2:]))
	case m3ua.TagTrafficModeType:
		return "mode=" + m3ua.TrafficMode(binary.BigEndian.Uint32(p.Value)).String()
	case m3ua.TagAffectedPointCode:
		var s []string
		for i := 0; i+4 <= len(p.Value); i += 4 {
			pc := fmt.Sprintf("%d-%d-%d", p.Value[i+1], p.Value[i+2], p.Value[i+3])
			if p.Value[i] != 0 {
				pc += fmt.Sprintf("/%d", p.Value[i])
			}
			s = append(s, pc)
		}
		return "pc=" + strings.Join(s, ",")
	case m3ua.TagProtocolData:
		return fmt.Sprintf("data=%d-%d-%d>%d-%d-%d", p.Value[1], p.Value[2], p.Value[3], p.Value[5], p.Value[6], p.Value[7])
	case m3ua.TagHeartbeatData:
		return fmt.Sprintf("beat=%x", []byte(p.Value))
	case m3ua.TagRoutingKey:
		return fmt.Sprintf("key=%d", p.Value[7])
	}
	for _, k := range keys4 {
		if k.tag != p.Tag {
			continue
		}
		var s []string
		for i := 0; i+4 <= len(p.Value); i += 4 {
			s = append(s, fmt.Sprint(binary.BigEndian.Uint32(p.Value[i:])))
		}
		return k.key + "=" + strings.Join(s, ",")
	}
	return fmt.Sprintf("0x%04x=%x", uint16(p.Tag), []byte(p.Value))
}
