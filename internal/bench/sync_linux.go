package bench

import (
	"os"
	"syscall"
)

// syncData brings the octets to the disk, and of the file's attributes only
// what is needed to read them.
func syncData(f *os.File) error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); err != syscall.EINTR {
			return err
		}
	}
}
