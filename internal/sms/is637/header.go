package is637

import (
	"github.com/otagate/otagate/internal/wire"
)

// SplitHeader takes the header of GSM off user data whose message has
// HeaderInd: the header with its length octet first, and the characters behind
// it in the form of Octets. Both may share memory with u.
//
// The header is octets at the beginning of the character area. Where characters
// have seven bits, fill bits follow up to the next of them, and those that the
// header takes count in NUM_FIELDS.
func (u *UserData) SplitHeader() (header, chars []byte, err error) {
	area := []byte(u.Octets)
	if u.width() == 7 {
		area = u.packed()
	}
	if len(area) == 0 || 1+int(area[0]) > len(area) || u.width() > 0 && u.width() < 7 {
		return nil, nil, wire.Unencodable(proto, "user data header", wire.ErrLength)
	}
	n := 1 + int(area[0])
	switch u.width() {
	case 7:
		taken := septetsOf(n)
		if taken > len(u.Octets) {
			return nil, nil, wire.Unencodable(proto, "user data header", wire.ErrLength)
		}
		return area[:n:n], u.Octets[taken:], nil
	case 16:
		return area[:n:n], area[n : len(area)-n%2], nil // an octet fills up to whole fields
	}
	return area[:n:n], area[n:], nil
}

// septetsOf is how many characters of seven bits n octets take.
func septetsOf(n int) int { return (8*n + 6) / 7 }

// packed is the character area of seven-bit characters as octets.
func (u *UserData) packed() []byte {
	w := wire.AppendBits(nil)
	appendChars(&w, u.Encoding, 7, u.Octets)
	return w.Pad()
}

// JoinHeader is user data of a header, with its length octet first, and
// characters behind it: the reverse of SplitHeader. The message needs HeaderInd.
func JoinHeader(e Encoding, header, chars []byte) (UserData, error) {
	if len(header) == 0 || int(header[0]) != len(header)-1 {
		return UserData{}, wire.Unencodable(proto, "user data header", wire.ErrLength)
	}
	u := UserData{Encoding: e}
	switch u.width() {
	case 7:
		n := septetsOf(len(header))
		filled := append(append(make([]byte, 0, len(header)+1), header...), 0)
		r := wire.NewBits(proto, filled, 0, nil)
		u.Octets = readChars(&r, make([]byte, 0, n+len(chars)), e, 7, n)
		u.Octets = append(u.Octets, chars...)
	case 8, 16:
		u.Octets = append(append(make([]byte, 0, len(header)+len(chars)+1), header...), chars...)
		if u.width() == 16 && len(u.Octets)%2 != 0 {
			u.Octets = append(u.Octets, 0)
		}
	default:
		return UserData{}, wire.Unencodable(proto, "MSG_ENCODING", wire.ErrUnsupported)
	}
	return u.counted()
}
