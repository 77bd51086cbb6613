package soak

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
)

var (
	messages = flag.Int("messages", 3000, "how many messages TestSoak relays")
	tick     = flag.Duration("tick", 50*time.Millisecond, "how often links are cut")
	window   = flag.Int("window", 10, "of the links' binds: as many messages of a bind may be taken twice by a cut")
	seed     = flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the cuts; it is printed")
)

// gatewayOf is the variable that makes this program a gateway: its configuration.
const gatewayOf = "OTAGATE_TEST_GATEWAY"

func TestMain(m *testing.M) {
	if file := os.Getenv(gatewayOf); file != "" {
		if err := serve(file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func serve(file string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	cfg, err := configs.Load(file)
	if err != nil {
		return err
	}
	g, err := gateway.New(ctx, cfg, zerolog.New(os.Stderr).Level(zerolog.InfoLevel))
	if err != nil {
		return err
	}
	return g.Run(ctx)
}
