//go:build interop

package tshark_test

import (
	"slices"
	"strings"

	"github.com/otagate/otagate/ss7/sccp"
)

var faults = slices.Concat(sccpFaults, is683Faults)

// Faults of which the wrong value is known too: see sample.addWrong.
var (
	namDigits = &fault{batch: "IS-683", field: "ansi_683.imsi_m_11_12",
		reason: "reads the seven bits of a CDMA NAM block four bits too early (in the CDMA/Analog block it is right)"}
	spcNibbles = &fault{batch: "IS-683 forward", field: "ansi_683.service_programming_code",
		reason: "shows the low half of each octet first; the tests of another implementation that cite C.S0016-D pack the high half first"}
	pairsEarly = &fault{batch: "IS-683 reverse", field: "ansi_683.sid_nid_pairs",
		reason: "reads the first pair of a CDMA NAM block of a Configuration Response one octet too early"}
	puzlBlockData = &fault{batch: "IS-683 forward", field: "ansi_683.block_data",
		reason: "counts BLOCK_ID among the data of a PUZL Configuration Request"}
)

var is683Faults = []*fault{namDigits, spcNibbles, pairsEarly, puzlBlockData}

const ituForm = "T1.112 lets an address have the ITU form (bit 8 of its indicator is 0), and Wireshark remarks on it"

var sccpFaults = []*fault{
	{batch: "SCCP ANSI", field: "sccp.international_standard_address", when: hasITUForm, reason: ituForm},
	{batch: "SCCP ANSI", field: expert, when: func(s *sample, d *difference) bool {
		return hasITUForm(s, d) && !slices.ContainsFunc(d.got, func(v string) bool { return !strings.HasPrefix(v, "Address is coded to international standards") })
	}, reason: ituForm},
	{batch: "SCCP ANSI", field: malformed, when: hasITUForm, reason: ituForm + " as malformed"},
}

func hasITUForm(s *sample, _ *difference) bool {
	called, calling := addresses(s.message)
	return called.Variant == sccp.ITU || calling.Variant == sccp.ITU
}

func findFault(name string, s *sample, d *difference) *fault {
	for _, f := range faults {
		if !strings.HasPrefix(name, f.batch) {
			continue
		}
		prefix, wild := strings.CutSuffix(f.field, "*")
		if d.theirs != f.field && (!wild || !strings.HasPrefix(d.theirs, prefix)) {
			continue
		}
		if f.when != nil && f.when(s, d) {
			return f
		}
	}
	return nil
}
