// Package shortage tells a machine that lacks something from an error that stays.
package shortage

import (
	"errors"
	"slices"
	"syscall"
)

// Is tells whether the machine or the process is out of something, such as file
// descriptors: that comes back, and what works meanwhile must not end for it.
func Is(err error) bool {
	return slices.ContainsFunc([]error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM},
		func(lack error) bool { return errors.Is(err, lack) })
}
