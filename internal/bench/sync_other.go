//go:build !linux

package bench

import "os"

// syncData brings the octets to the disk.
func syncData(f *os.File) error { return f.Sync() }
