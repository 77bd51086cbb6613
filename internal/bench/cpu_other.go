//go:build !unix

package bench

import "time"

// processor is not known here.
func processor() (time.Duration, bool) { return 0, false }
