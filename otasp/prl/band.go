package prl

// BandClass is BAND_CLASS of a generic acquisition record, 5 bits.
type BandClass uint8

var bandNames = [...]string{
	0:  "800 MHz cellular",
	1:  "1900 MHz PCS",
	2:  "TACS",
	3:  "JTACS",
	4:  "Korean PCS",
	5:  "450 MHz",
	6:  "2 GHz IMT-2000",
	7:  "upper 700 MHz",
	8:  "1800 MHz",
	9:  "900 MHz",
	10: "secondary 800 MHz",
	11: "400 MHz PAMR",
	12: "800 MHz PAMR",
	13: "2.5 GHz IMT-2000 extension",
	14: "US PCS 1.9 GHz",
	15: "AWS",
	16: "US 2.5 GHz",
	17: "US 2.5 GHz forward link only",
	18: "700 MHz public safety",
	19: "lower 700 MHz",
	20: "L-band",
	21: "S-band",
}

func (b BandClass) String() string { return enumName(bandNames[:], uint8(b)) }

// BandChannel is one place to look for a carrier: 5:BAND_CLASS 11:CHANNEL_NUMBER.
type BandChannel struct {
	Band    BandClass `json:"band_class"`
	Channel uint16    `json:"channel_number"`
}
