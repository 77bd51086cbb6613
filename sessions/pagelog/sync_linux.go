package pagelog

import (
	"errors"
	"os"
	"syscall"
)

// writeThrough makes a write return after its octets are on the disk: one call
// of the system for a commit, and no journal for the time of the file.
const writeThrough = syscall.O_DSYNC

// reserve has the file system say that there is no room before anything is written, so that
// who asks again and again costs it little.
func reserve(f *os.File, size int) error {
	c, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var no error
	if err := c.Control(func(fd uintptr) { no = syscall.Fallocate(int(fd), 0, 0, int64(size)) }); err != nil {
		return err
	}
	if errors.Is(no, syscall.ENOSPC) || errors.Is(no, syscall.EDQUOT) {
		return &os.PathError{Op: "fallocate", Path: f.Name(), Err: no}
	}
	return nil // it may not know how: then writing tells
}
