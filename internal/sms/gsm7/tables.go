package gsm7

// escape says that the next septet is one of the single shift table.
const escape = 0x1b

// none stands for the escape in the tables: no text has it.
const none = -1

// shifted is one position of a single shift table.
type shifted struct {
	septet byte
	char   rune
}

// lockingTables are 6.2.1 and A.3. There is none of Spanish.
var lockingTables = [...]*[128]rune{
	Default: table("@£$¥èéùìòÇ\nØø\rÅå" +
		"Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ" +
		" !\"#¤%&'()*+,-./" +
		"0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNO" +
		"PQRSTUVWXYZÄÖÑÜ§" +
		"¿abcdefghijklmno" +
		"pqrstuvwxyzäöñüà"),
	Turkish: table("@£$¥€éùıòÇ\nĞğ\rÅå" +
		"Δ_ΦΓΛΩΠΨΣΘΞ\x1bŞşßÉ" +
		" !\"#¤%&'()*+,-./" +
		"0123456789:;<=>?" +
		"İABCDEFGHIJKLMNO" +
		"PQRSTUVWXYZÄÖÑÜ§" +
		"çabcdefghijklmno" +
		"pqrstuvwxyzäöñüà"),
	Portuguese: table("@£$¥êéúíóç\nÔô\rÁá" +
		"Δ_ªÇÀ∞^\\€Ó|\x1bÂâÊÉ" +
		" !\"#º%&'()*+,-./" +
		"0123456789:;<=>?" +
		"ÍABCDEFGHIJKLMNO" +
		"PQRSTUVWXYZÃÕÚÜ§" +
		"~abcdefghijklmno" +
		"pqrstuvwxyzãõ`üà"),
}

// singleTables are 6.2.1.1 and A.2. Position 0D, a control character that no
// text has, and 1B, another escape, are left out.
var singleTables = [...][]shifted{
	Default: {
		{0x0a, '\f'}, {0x14, '^'}, {0x28, '{'}, {0x29, '}'}, {0x2f, '\\'},
		{0x3c, '['}, {0x3d, '~'}, {0x3e, ']'}, {0x40, '|'}, {0x65, '€'},
	},
	Turkish: {
		{0x0a, '\f'}, {0x14, '^'}, {0x28, '{'}, {0x29, '}'}, {0x2f, '\\'},
		{0x3c, '['}, {0x3d, '~'}, {0x3e, ']'}, {0x40, '|'}, {0x47, 'Ğ'},
		{0x49, 'İ'}, {0x53, 'Ş'}, {0x63, 'ç'}, {0x65, '€'}, {0x67, 'ğ'},
		{0x69, 'ı'}, {0x73, 'ş'},
	},
	Spanish: {
		{0x09, 'ç'}, {0x0a, '\f'}, {0x14, '^'}, {0x28, '{'}, {0x29, '}'}, {0x2f, '\\'},
		{0x3c, '['}, {0x3d, '~'}, {0x3e, ']'}, {0x40, '|'}, {0x41, 'Á'},
		{0x49, 'Í'}, {0x4f, 'Ó'}, {0x55, 'Ú'}, {0x61, 'á'}, {0x65, '€'},
		{0x69, 'í'}, {0x6f, 'ó'}, {0x75, 'ú'},
	},
	Portuguese: {
		{0x05, 'ê'}, {0x09, 'ç'}, {0x0a, '\f'}, {0x0b, 'Ô'}, {0x0c, 'ô'}, {0x0e, 'Á'},
		{0x0f, 'á'}, {0x12, 'Φ'}, {0x13, 'Γ'}, {0x14, '^'}, {0x15, 'Ω'}, {0x16, 'Π'},
		{0x17, 'Ψ'}, {0x18, 'Σ'}, {0x19, 'Θ'}, {0x1f, 'Ê'}, {0x28, '{'}, {0x29, '}'},
		{0x2f, '\\'}, {0x3c, '['}, {0x3d, '~'}, {0x3e, ']'}, {0x40, '|'}, {0x41, 'À'},
		{0x49, 'Í'}, {0x4f, 'Ó'}, {0x55, 'Ú'}, {0x5b, 'Ã'}, {0x5c, 'Õ'}, {0x61, 'Â'},
		{0x65, '€'}, {0x69, 'í'}, {0x6f, 'ó'}, {0x75, 'ú'}, {0x7b, 'ã'}, {0x7c, 'õ'},
		{0x7f, 'â'},
	},
}

func table(chars string) *[128]rune {
	t := [128]rune([]rune(chars)) // a row too short would not start
	t[escape] = none
	return &t
}
