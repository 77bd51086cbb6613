package prl

import (
	"bufio"
	"fmt"
	"io"
)

// Print writes a listing for people: the head, the acquisition table, and the
// systems area by area in the order in which the handset prefers them.
func Print(w io.Writer, l *List) error {
	out := bufio.NewWriter(w)
	form := "classic"
	if l.PRev == Extended {
		form = "extended"
	}
	fmt.Fprintf(out, "preferred roaming list %d, %s\n", l.ID, form)
	fmt.Fprintf(out, "systems not listed: %s, roaming indicator %s\n", unlisted(l.PrefOnly), roamInd(l.DefRoamInd))
	fmt.Fprintf(out, "\nacquisition table, %d records\n", len(l.Acquisition))
	for i := range l.Acquisition {
		fmt.Fprintf(out, "%5d  %v\n", i, &l.Acquisition[i])
	}
	if len(l.CommonSubnet) > 0 {
		fmt.Fprintf(out, "\ncommon subnet table, %d records\n", len(l.CommonSubnet))
		for i := range l.CommonSubnet {
			fmt.Fprintf(out, "%5d  %v\n", i, l.CommonSubnet[i].Subnet)
		}
	}
	fmt.Fprintf(out, "\nsystem table, %d records\n", len(l.System))
	area := 0
	for i := range l.System {
		if !l.System[i].SameGeo {
			area++
			fmt.Fprintf(out, "  area %d\n", area)
		}
		fmt.Fprintf(out, "%5d  %s\n", i, systemLine(&l.System[i]))
	}
	for _, a := range l.Anomalies {
		fmt.Fprintf(out, "\nodd: %s", a)
	}
	if len(l.Anomalies) > 0 {
		fmt.Fprintln(out)
	}
	return out.Flush()
}

func unlisted(prefOnly bool) string {
	if prefOnly {
		return "not used"
	}
	return "may be used"
}

func systemLine(s *SystemRecord) string {
	line := fmt.Sprintf("%-28s %s, acquisition %d", s.Identity(), prefNeg(s.Preferred), s.AcqIndex)
	if s.Pri {
		line += ", before the next"
	}
	if s.Preferred && s.Type.named() {
		line += ", roaming " + roamInd(s.RoamInd)
	}
	if s.Association != nil {
		line += ", association " + s.Association.String()
	}
	return line
}

func roamInd(v uint8) string {
	if name := RoamIndName(v); name != "" {
		return fmt.Sprintf("%d (%s)", v, name)
	}
	return fmt.Sprint(v)
}
