//go:build unix

package main

import "syscall"

// descriptors is how many files and connections this process may have open;
// false when nobody says.
func descriptors() (uint64, bool) {
	var l syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l)
	return uint64(l.Cur), err == nil
}
