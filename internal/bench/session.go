package bench

import "context"

func Session(ctx context.Context, o Options) ([]Result, error) { return nil, nil }
