package pagelog

import (
	"context"

	"github.com/otagate/otagate/internal/wire"
)

// Files and File are the directory as the log sees it.
type (
	Files = files
	File  = file
)

// WriteThrough is how a file is opened whose writes are on the disk when they return.
const WriteThrough = writeThrough

// OpenIn opens a log in f.
func OpenIn(ctx context.Context, f Files, t Tables, o Options) (*Log, error) {
	mark, err := t.LogMark(ctx)
	if err != nil {
		return nil, err
	}
	return open(ctx, f, mark, t, o)
}

// Reseal makes b, which is a frame but for that, whole: with its length and check sum.
func Reseal(b []byte) {
	wire.PutU32(b, 0, frameMarker)
	wire.PutU32(b, 4, uint32(len(b)))
	wire.PutU32(b, len(b)-sumSize, sum(b[:len(b)-sumSize]))
}
