package wbxml

// CO is Cache Operation 1.0 (WAP-175).
var CO = &Language{
	name: "CO 1.0", text: "-//WAPFORUM//DTD CO 1.0//EN", id: 0x07, inside: "uri",
	tags: [][]string{{0x05: "co", 0x06: "invalidate-object", 0x07: "invalidate-service"}},
	starts: [][]start{{
		0x05: {"uri", ""},
		0x06: {"uri", "http://"},
		0x07: {"uri", "http://www."},
		0x08: {"uri", "https://"},
		0x09: {"uri", "https://www."},
	}},
	values: [][]string{{0x85 - firstValue: ".com/", 0x86 - firstValue: ".edu/", 0x87 - firstValue: ".net/", 0x88 - firstValue: ".org/"}},
}
