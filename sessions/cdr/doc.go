// Package cdr is the record that is left when a session ends: one row for
// each finished session, as JSON and as CSV.
//
// A record never holds secrets: no A-key material, no SPC, no PIN. It does
// hold the subscriber's numbers, because that is what it is for; who may read
// it is the operator's business.
//
// # Layout
//
// record.go has the record and its JSON; csv.go the columns; filter.go what
// to look for; block.go the compact form of many.
package cdr
