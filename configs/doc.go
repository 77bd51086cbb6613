// Package configs is the configuration of otagate: its structures, how a file
// becomes one of them ([Load]), what is allowed ([Config.Validate]), and the
// orders files that an operator imports ([LoadOrders]).
//
// Every named thing is a list entry with a name. Keys are lower case; an
// unknown key is an error that names it and what was probably meant. Secrets
// are not in the file: a password is given as a hash, as the name of a file
// with the hash or as an environment variable with it; one that has to be told to
// a message centre is in a file or an environment variable, the token towards the
// back-end in a file.
//
// Layout:
//
//	configs.go      the structures          push.go         those of push and its front door
//	backend.go      that of the back-end, and its token
//	smpp.go         doors, quotas           links.go        links to message centres
//	iota.go         IOTA-DM over HTTP
//	routes.go       where messages go       tlvs.go         names of TLVs
//	defaults.go     what holds when a key is missing
//	load.go         file to structure       environment.go  the variables that go before the file
//	document.go     keys, kinds and lines of the YAML text, scalar.go its values
//	validate*.go    what is allowed         retry.go        errors that push.retries names
//	hash.go         password hashes         password.go     passwords towards message centres
//	problem.go      what is wrong           nearest.go      and what was meant
//	compare.go      what two configurations differ in
//	orders*.go      orders files, YAML/CSV  secret.go       what a file or a variable has
//
// viper reads the text, but only after document.go has held it against the
// structures: viper lower-cases keys, splits them at dots, and makes 44 of 300
// where an octet is wanted.
//
// The examples beside this file are loaded by its tests.
package configs
