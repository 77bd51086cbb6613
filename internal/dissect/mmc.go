package dissect

import "github.com/otagate/otagate/otasp/iota"

// The document of IOTA as bare XML. The package shares its name with a word of
// Go, so it stays in this file.
var (
	readMMC   = leaf(iota.Read, iota.ToJSON)
	gistOfMMC = about(iota.Read, iota.Gist)
	parseMMC  = parser(iota.FromJSON)
)
