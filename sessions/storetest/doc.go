// Package storetest is the conformance suite that every store of package
// sessions passes.
package storetest
