package bench

import "context"

func Store(ctx context.Context, o Options) ([]Result, error) { return nil, nil }
