// Package prl decodes, checks, builds, compares and prints preferred roaming
// lists of CDMA handsets: the classic form (PRev 1) and the extended form
// (PRev 3) of C.S0016 (IS-683) section 3.5.5.
//
//	l, err := prl.Decode(octets)
//	prl.Print(os.Stdout, l)
//	for _, p := range prl.Validate(l, prl.Limits{MaxSize: 8192}) {
//		fmt.Println(p)
//	}
//
// A list is PR_LIST_SIZE, PR_LIST_ID, a few words about roaming, the
// acquisition table (where to look for a carrier), in the extended form the
// common subnet table, the system table (which systems to take, in order,
// grouped into geographic areas), and PR_LIST_CRC. The classic form packs its
// records bit by bit with no alignment; the extended form gives every record a
// length in octets.
//
// Nothing but the structure tells the two forms apart: [Decode] takes octet 4
// as a hint and believes the reading that fits.
//
// Implemented: acquisition records of types 1 to 11, others kept by their
// length; system records for cdma2000 1x, HRPD and PLMN, others kept. The PLMN
// record's lists and the unit of its SUBNET_LENGTH (taken as bits) rest on one
// source and no live example. Not implemented: the UMB acquisition tables
// (types 15 and 16 are kept as octets) and concatenated lists.
//
// Cutting a list into SSPR Download blocks belongs to package is683.
package prl
