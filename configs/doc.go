// Package configs is the configuration of otagate: its structures, how a file
// becomes one of them ([Load]) and what is allowed ([Config.Validate]).
//
// Every named thing is a list entry with a name. Keys are lower case; an
// unknown key is an error that names it. Secrets are not in the file: a
// password is given as a hash, as the name of a file or as an environment
// variable.
//
// The examples beside this file are loaded by its tests.
package configs
