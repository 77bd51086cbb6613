package omacp

import "fmt"

// BREWServer is the address of a BREW download server. No standard has a place
// for it: this is VENDORCONFIG with names that operator and handset agree on.
type BREWServer struct {
	Vendor string // NAME of the VENDORCONFIG
	Parm   string // the name of the address; DefaultBREWParm when empty
	URL    string
	MaxURL int    // octets, DefaultMaxBREWURL when 0
	Extra  []Parm // what else was agreed on, such as carrier and platform id
}

const (
	// DefaultBREWParm is a name of ours; there is no other that is known.
	DefaultBREWParm = "BREW-URL"
	// DefaultMaxBREWURL is what one handset's memory holds, by its header file.
	DefaultMaxBREWURL = 63
)

// Document is the settings as they are sent.
func (s *BREWServer) Document() (*Document, error) {
	name, longest := s.Parm, s.MaxURL
	if name == "" {
		name = DefaultBREWParm
	}
	if longest == 0 {
		longest = DefaultMaxBREWURL
	}
	element := "VENDORCONFIG[1]/" + printable(name)
	switch {
	case s.URL == "":
		return nil, &InvalidError{element, "missing"}
	case len(s.URL) > longest:
		return nil, &InvalidError{element, fmt.Sprintf("%d octets: at most %d are allowed", len(s.URL), longest)}
	}
	parms := append([]Parm{Set("NAME", s.Vendor), Set(name, s.URL)}, s.Extra...)
	return checked(Characteristic{Type: TypeVENDORCONFIG, Parms: parms})
}
