// Package mtp holds what MTP level 3 and its users say to each other: point
// codes, service indicators and the four MTP primitives of Q.701 and T1.111.
// There is no MTP here; M3UA carries the primitives over IP.
package mtp
