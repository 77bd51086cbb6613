package demo

import (
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/otagate/otagate/internal/process"
)

// TestMain makes the test binary the gateway process too: the stories that
// kill it start it as "SELF serve -c FILE", and killed_test.go as "SELF life -c FILE".
func TestMain(m *testing.M) {
	as := map[string]func(file string) error{"serve": serve, wordLife: live}
	if len(os.Args) == 4 && as[os.Args[1]] != nil {
		if err := as[os.Args[1]](os.Args[3]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// childBegins is the first line of a gateway that is a process.
const childBegins = "a gateway of its own"

// bothForms is a logger that writes each line as JSON and as a console shows it.
func bothForms(out io.Writer) zerolog.Logger {
	return zerolog.New(io.MultiWriter(out, zerolog.ConsoleWriter{Out: out, NoColor: true})).With().Timestamp().Logger()
}

func serve(file string) error {
	log := bothForms(os.Stderr)
	log.Debug().Msg(childBegins)
	return process.Serve(file, log)
}
