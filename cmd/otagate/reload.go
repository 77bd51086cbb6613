package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
)

// follower is a gateway that can follow another configuration while it runs.
type follower interface {
	Reload(ctx context.Context, next *configs.Config) (configs.Difference, error)
}

// reloadOnHangup reads the file again on each SIGHUP, until stop is called.
func reloadOnHangup(ctx context.Context, file string, g follower, log zerolog.Logger) (stop func()) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ctx.Done():
				return
			case <-hup:
				reload(ctx, file, g, log)
			}
		}
	}()
	return func() {
		signal.Stop(hup)
		cancel()
		<-ended
	}
}

// reload has g follow what the file says by now, and logs every problem or change.
func reload(ctx context.Context, file string, g follower, log zerolog.Logger) {
	next, err := configs.Load(file)
	var diff configs.Difference
	if err == nil {
		diff, err = g.Reload(ctx, next)
	}
	if err != nil {
		for _, p := range problems(err) {
			log.Error().Str("problem", p).Msg("configuration is not good")
		}
		log.Error().Str("file", file).Msg("configuration not reloaded, nothing has changed")
		return
	}
	for _, c := range diff.Changes {
		log.Info().Stringer("change", c).Msg("reloaded")
	}
	for _, key := range diff.Fixed {
		log.Warn().Str("key", key).Msg("has changed in the file, but not in the running gateway: it needs a restart")
	}
	log.Info().Str("file", file).Int("changes", len(diff.Changes)).Int("need a restart", len(diff.Fixed)).Msg("configuration reloaded")
}

// problems are all things that an error says, a line each.
func problems(err error) (all []string) {
	var list configs.Problems
	if errors.As(err, &list) {
		for _, p := range list {
			all = append(all, p.Error())
		}
		return all
	}
	return []string{err.Error()}
}
