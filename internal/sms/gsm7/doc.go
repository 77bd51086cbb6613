// Package gsm7 is the 7-bit alphabet of short messages, 3GPP TS 23.038: its
// characters, and how septets are packed into octets.
//
//	septets, err := gsm7.Alphabet{}.Append(nil, "hello")  // one septet an octet
//	octets := gsm7.AppendPacked(nil, septets, 0)          // seven bits each, low bits first
//	septets, err = gsm7.AppendUnpacked(nil, octets, 5, 0)
//	text, err := gsm7.Alphabet{}.AppendText(nil, septets)
//
// # Characters
//
// An [Alphabet] is a locking shift table, in which a character is one septet,
// and a single shift table, in which it is the escape 1B and another. The zero
// Alphabet is the default alphabet (6.2.1) with its extension table (6.2.1.1).
// A septet behind an escape that the single shift table has not is read as the
// character of the locking table, as 6.2.1.1 demands; an escape behind an escape,
// or at the end, is read as a space.
//
// Of the national language tables (annex A) there are those on which two
// independent public implementations agree in every position:
//
//	            locking shift (A.3)    single shift (A.2)
//	Turkish     yes                    yes
//	Spanish     none in the standard   yes
//	Portuguese  yes                    yes
//
// The tables of Bengali, Gujarati, Hindi, Kannada, Malayalam, Oriya, Punjabi,
// Tamil, Telugu and Urdu are not here: public implementations disagree on some
// of them. Their use, and that of a number without a language, is
// [ErrLanguage] and never a guess.
//
// # Packing
//
// Septet i takes the bits 7i to 7i+6, counted from the lowest bit of the first
// octet. Behind a user data header of 23.040 the septets begin at the next
// multiple of seven bits, counted from the header's first octet: [Fill] says how
// many bits that leaves free. Cell broadcast and USSD have a rule for the last
// seven bits (a carriage return), which is not applied here. Compressed text
// (23.042) is not supported. CDMA packs the other way round; that is not here.
package gsm7
