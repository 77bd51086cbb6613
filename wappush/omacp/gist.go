package omacp

import "strings"

// Gist says on one line what a document sets: the types of its characteristics,
// each with the parm that tells which it is.
//
//	provisioning NAPDEF N1, APPLICATION w2
func Gist(d *Document) string {
	var s strings.Builder
	s.WriteString("provisioning")
	for i := range d.Characteristics {
		c := &d.Characteristics[i]
		if i > 0 {
			s.WriteByte(',')
		}
		s.WriteString(" " + printable(c.Type))
		for _, name := range [...]string{"PROXY-ID", "NAPID", "APPID", "NAME"} {
			if v := c.Value(name); v != "" {
				s.WriteString(" " + printable(v))
				break
			}
		}
		if id := c.Value("PROVIDER-ID"); id != "" {
			s.WriteString(" of " + printable(id))
		}
	}
	if len(d.Characteristics) == 0 {
		s.WriteString(" nothing")
	}
	return s.String()
}
