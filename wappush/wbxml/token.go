package wbxml

// Global tokens, the same in every code page.
const (
	SwitchPage = 0x00 // the next octet is the new page
	End        = 0x01 // of an element with content, or of an attribute list
	Entity     = 0x02 // a character by its number
	StrI       = 0x03 // a string up to a NUL
	Literal    = 0x04 // a name in the string table
	ExtI0      = 0x40 // to 42: extension with a string
	PI         = 0x43 // processing instruction
	ExtT0      = 0x80 // to 82: extension with a number
	StrT       = 0x83 // a string in the string table
	Ext0       = 0xc0 // to c2: extension without anything
	OpaqueData = 0xc3 // length and octets
)

// The two flags of a tag, and the bits that tell which tag it is.
const (
	HasContent    = 0x40
	HasAttributes = 0x80
	tagIdentity   = 0x3f
)

// firstToken is the first that a code page may assign.
const firstToken = 0x05

// firstValue is the first token of an attribute value; below are the starts.
const firstValue = 0x80

// Charsets, by their number at IANA.
const (
	CharsetUnknown = 0 // read as UTF-8
	USASCII        = 3
	ISO88591       = 4
	UTF8           = 106
)

// Limits of a document.
const (
	MaxDepth    = 32
	MaxString   = 64 << 10 // octets of one string, text or value
	MaxTable    = 64 << 10 // octets of the string table
	maxParts    = 1 << 15  // elements, attributes, texts
	maxExpanded = 1 << 20  // octets of text that references and tokens stand for
	maxAnomaly  = 100      // that are listed
)
