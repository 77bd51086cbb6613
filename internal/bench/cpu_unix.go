//go:build unix

package bench

import (
	"syscall"
	"time"
)

// processor is the time that this process has had of the processors, in user
// and in kernel mode.
func processor() (time.Duration, bool) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, false
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), true
}
