// Package testvec loads the golden vectors of testdata and holds the one test
// that every codec passes.
//
// A vector file is text:
//
//	source: published, tests of an open TCAP stack     where the octets come from
//	origin: trace-like | published | made              live, somebody's test, or ours
//	spec: T1.114.3
//	proto: tcap                                        the word `otagate decode` takes
//	expect: ok                                         or: error FIELD
//	canonical: 0401...                                 only if re-encoding gives other octets
//	file: open.xml                                     the octets, instead of digits: text beside this file
//	whole-at: 1 3 7-9                                  lengths at which a cut message is whole again
//
//	e233 c704 00000000      # hexadecimal, spaces and comments as you like
//
//	-- decoded --
//	     0  exactly what `otagate decode` prints
//
// A file may hold several vectors, parted by a line of three or more '='.
package testvec
