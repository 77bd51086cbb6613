//go:build !linux

package pagelog

import "os"

const writeThrough = os.O_SYNC
