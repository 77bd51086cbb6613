package wbxml

// EMN is E-Mail Notification 1.0. Its value tokens are without the slash that
// those of SI have.
var EMN = &Language{
	name: "EMN 1.0", text: "-//WAPFORUM//DTD EMN 1.0//EN", id: 0x0d, inside: "mailbox",
	tags: [][]string{{0x05: "emn"}},
	starts: [][]start{{
		0x05: {"timestamp", ""},
		0x06: {"mailbox", ""},
		0x07: {"mailbox", "mailat:"},
		0x08: {"mailbox", "pop://"},
		0x09: {"mailbox", "imap://"},
		0x0a: {"mailbox", "http://"},
		0x0b: {"mailbox", "http://www."},
		0x0c: {"mailbox", "https://"},
		0x0d: {"mailbox", "https://www."},
	}},
	values: [][]string{{0x85 - firstValue: ".com", 0x86 - firstValue: ".edu", 0x87 - firstValue: ".net", 0x88 - firstValue: ".org"}},
}
