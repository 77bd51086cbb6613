package wbxml

// SL is Service Loading 1.0 (WAP-168).
var SL = &Language{
	name: "SL 1.0", text: "-//WAPFORUM//DTD SL 1.0//EN", id: 0x06, inside: "href",
	tags: [][]string{{0x05: "sl"}},
	starts: [][]start{{
		0x05: {"action", "execute-low"},
		0x06: {"action", "execute-high"},
		0x07: {"action", "cache"},
		0x08: {"href", ""},
		0x09: {"href", "http://"},
		0x0a: {"href", "http://www."},
		0x0b: {"href", "https://"},
		0x0c: {"href", "https://www."},
	}},
	values: [][]string{{0x85 - firstValue: ".com/", 0x86 - firstValue: ".edu/", 0x87 - firstValue: ".net/", 0x88 - firstValue: ".org/"}},
}
