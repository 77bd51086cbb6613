package pagelog

import "syscall"

// writeThrough makes a write return after its octets are on the disk: one call
// of the system for a commit, and no journal for the time of the file.
const writeThrough = syscall.O_DSYNC
