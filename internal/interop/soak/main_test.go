package soak

import (
	"flag"
	"os"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/process"
)

var (
	messages = flag.Int("messages", 3000, "how many messages TestSoak relays")
	tick     = flag.Duration("tick", 50*time.Millisecond, "how often links are cut")
	window   = flag.Int("window", 10, "of the links' binds: as many messages of a bind may be taken twice by a cut")
	seed     = flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the cuts; it is printed")
)

func TestMain(m *testing.M) {
	process.Become()
	os.Exit(m.Run())
}
