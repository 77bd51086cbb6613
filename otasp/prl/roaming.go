package prl

// RoamIndName is the meaning of a roaming indicator (C.R1001), or "" for a
// reserved one.
func RoamIndName(v uint8) string {
	switch {
	case int(v) < len(roamIndNames):
		return roamIndNames[v]
	case v >= 64 && v <= 127:
		return "enhanced roaming indicator of the operator"
	}
	return ""
}

var roamIndNames = [...]string{
	"on", "off", "flashing", "out of neighbourhood", "out of building",
	"preferred system", "available system", "alliance partner",
	"premium partner", "full service", "partial service", "banner on", "banner off",
}
