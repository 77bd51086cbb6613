package sim

import (
	"context"
	"errors"
)

func (c *IOTA) run(ctx context.Context, mode IOTAMode, url string) error {
	return errors.ErrUnsupported
}
