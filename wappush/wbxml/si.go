package wbxml

// SI is Service Indication 1.0 (WAP-167).
var SI = &Language{
	name: "SI 1.0", text: "-//WAPFORUM//DTD SI 1.0//EN", id: 0x05, inside: "href",
	tags: [][]string{{0x05: "si", 0x06: "indication", 0x07: "info", 0x08: "item"}},
	starts: [][]start{{
		0x05: {"action", "signal-none"},
		0x06: {"action", "signal-low"},
		0x07: {"action", "signal-medium"},
		0x08: {"action", "signal-high"},
		0x09: {"action", "delete"},
		0x0a: {"created", ""},
		0x0b: {"href", ""},
		0x0c: {"href", "http://"},
		0x0d: {"href", "http://www."},
		0x0e: {"href", "https://"},
		0x0f: {"href", "https://www."},
		0x10: {"si-expires", ""},
		0x11: {"si-id", ""},
		0x12: {"class", ""},
	}},
	values: [][]string{{0x85 - firstValue: ".com/", 0x86 - firstValue: ".edu/", 0x87 - firstValue: ".net/", 0x88 - firstValue: ".org/"}},
}
