//go:build interop

package tshark_test

// fault is something that Wireshark is known to get wrong: a field, and the
// situation in which it does. It excuses nothing else.
type fault struct {
	batch  string // prefix of the batch's name
	field  string // Wireshark's name, or prefix* of names
	when   func(s *sample, d *difference) bool
	reason string
	met    int
}

func always(*sample, *difference) bool { return true }

// excuse returns the differences that no known fault explains.
func excuse(name string, s *sample, ds []difference) (unknown []difference) {
	for _, d := range ds {
		if len(d.faults) > 0 {
			for _, f := range d.faults {
				f.met++
			}
			continue
		}
		if f := findFault(name, s, &d); f != nil {
			f.met++
		} else {
			unknown = append(unknown, d)
		}
	}
	return unknown
}
