// Package supply checks what otagate is made of beside its own sources: the
// modules of others that are linked into the program, and those that only its
// tests need.
//
// It is tests only, behind the build tag interop, and needs nothing but Go:
//
//	make verify                      # the modules are those that go.sum knows
//	make licences                    # their licences, and docs/dependencies.md
//	make licences ARGS=-write-docs   # write docs/dependencies.md anew
//	make vulncheck                   # known vulnerabilities; needs their database
//
// Checksums: `go mod verify` compares the module cache with the checksums that
// were taken when the modules came; the test compares those with go.sum, finds
// modules that go.sum does not know, and allows no replace directive, behind
// which the checksum of one module would vouch for another.
//
// Licences: every file of a used module that is named like a licence, at its
// root and in the directories of the packages used, must be the text of a
// licence in testdata/licences, word for word: case, line breaks, list marks,
// punctuation and the lines that say whose copyright it is do not count, and
// one additional sentence is one too many. What is not such a text has been
// read by a person, who wrote into the list of reviewed files what it is and
// its SHA-256; with a changed file it is to be read again. A list says which
// licences may be linked and which may come near in tests.
//
// In those templates {a|b} is either, {a|} is optional, and <name> is up to
// twelve words of any kind.
//
// Reasons: each module has a sentence why we need it, kept in reason_test.go;
// who brings a module that we did not choose is read off the imports.
//
// It does not look at licence notes inside of source files, nor at modules that
// stand in go.sum because a module's own go.mod names them but of which nothing
// is compiled. The modules are those of a Linux build.
package supply
