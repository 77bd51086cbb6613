package bench

import (
	"bytes"

	"github.com/otagate/otagate/wappush"
)

// decodeSI is the decoder by hand of a Service Indication without dates and
// items: straight through the tokens, a string for each text.
//
//go:noinline
func decodeSI(b []byte, s *wappush.ServiceIndication) bool {
	*s = wappush.ServiceIndication{}
	if len(b) < 6 || b[0] != 3 || b[1] != 5 || b[2] != 0x6a || b[3] != 0 || b[4] != 0x45 || b[5] != 0xc6 {
		return false
	}
	var ok bool
	for b = b[6:]; len(b) > 0 && b[0] != 1; {
		token := b[0]
		switch b = b[1:]; {
		case token >= 0x0b && token <= 0x0f:
			s.Href, b, ok = siText([...]string{"", "http://", "http://www.", "https://", "https://www."}[token-0x0b], b)
		case token == 0x11:
			s.ID, b, ok = siText("", b)
		case token >= 5 && token <= 9:
			s.Action, ok = wappush.Action(token-4), true
		default:
			return false
		}
		if !ok {
			return false
		}
	}
	if len(b) == 0 {
		return false
	}
	s.Text, b, ok = siText("", b[1:])
	return ok && len(b) == 2 && b[0] == 1 && b[1] == 1
}

// siText is what an attribute's value, or content, consists of.
func siText(first string, b []byte) (string, []byte, bool) {
	var room [128]byte
	text := append(room[:0], first...)
	for len(b) > 0 {
		switch {
		case b[0] == 3:
			end := bytes.IndexByte(b, 0)
			if end < 0 {
				return "", nil, false
			}
			text, b = append(text, b[1:end]...), b[end+1:]
		case b[0] >= 0x85 && b[0] <= 0x88:
			text, b = append(text, [...]string{".com/", ".edu/", ".net/", ".org/"}[b[0]-0x85]...), b[1:]
		default:
			return string(text), b, true
		}
	}
	return "", nil, false
}
