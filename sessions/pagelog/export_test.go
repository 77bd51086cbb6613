package pagelog

import "context"

// Files and File are the directory as the log sees it.
type (
	Files = files
	File  = file
)

// OpenIn opens a log in f.
func OpenIn(ctx context.Context, f Files, t Tables, o Options) (*Log, error) {
	mark, err := t.LogMark(ctx)
	if err != nil {
		return nil, err
	}
	return open(ctx, f, mark, t, o)
}
