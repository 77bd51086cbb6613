//go:build interop

package supply_test

// reasons says of every module why it is there. Of one that we did not choose:
// what the module that brings it does with it, and what that is to us.
var reasons = map[string]string{
	// Chosen for the program.
	"github.com/cenkalti/backoff/v5": "growing, jittered pauses between attempts to reach a signalling gateway (`ss7/m3ua`)",
	"github.com/ishidawataru/sctp":   "SCTP of the Linux kernel, which the standard library does not know (`ss7/sctp`)",
	"github.com/pressly/goose/v3":    "versions of the store's schema, and the way from one to the next (`sessions/sqlite`)",
	"github.com/rs/zerolog":          "structured logs; a line of five fields costs no allocation",
	"github.com/spf13/cobra":         "commands, their flags and their help (`cmd/otagate`)",
	"github.com/spf13/viper":         "configuration from a file and from the environment (`configs`)",
	"go.yaml.in/yaml/v3":             "the line and column of every key, to say where a configuration or an order is wrong; viper has none (`configs`)",
	"golang.org/x/crypto":            "argon2id and bcrypt, the hashes that passwords are kept as (`smpp`, `configs`)",
	"golang.org/x/time":              "the rate that an SMPP account may submit at (`smpp`)",
	"modernc.org/sqlite":             "the embedded store, without a C compiler: SQLite translated to Go (`sessions/sqlite`)",

	// Brought into the program.
	"github.com/dustin/go-humanize":       "large numbers in debugging output, which we do not ask for",
	"github.com/fsnotify/fsnotify":        "notices a changed configuration file; otagate reads its file once",
	"github.com/go-viper/mapstructure/v2": "puts the configuration into our structures, and names keys that are unknown",
	"github.com/google/uuid":              "the UUID functions of the C library; SQLite does not call them",
	"github.com/mattn/go-colorable":       "colours on a Windows console",
	"github.com/mattn/go-isatty":          "is the output a terminal?",
	"github.com/mfridman/interpolate":     "variables of the environment in migrations; ours have none",
	"github.com/pelletier/go-toml/v2":     "configuration in TOML; ours is YAML",
	"github.com/remyoudompheng/bigfft":    "multiplies very large numbers; SQLite has none",
	"github.com/sagikazarmark/locafero":   "looks for configuration files in several places; ours is named",
	"github.com/sethvargo/go-retry":       "attempts to lock a database during migrations; ours has one user",
	"github.com/sourcegraph/conc":         "looks in several places at a time",
	"github.com/spf13/afero":              "the file system behind an interface",
	"github.com/spf13/cast":               "a number that stands in the configuration as text, and the like",
	"github.com/spf13/pflag":              "flags in the manner of POSIX, of which cobra's commands are made",
	"github.com/subosito/gotenv":          "configuration in .env files; ours is YAML",
	"go.uber.org/multierr":                "several errors as one",
	"golang.org/x/sync":                   "groups of goroutines",
	"golang.org/x/sys":                    "system calls that the package syscall does not have, and what the processor can",
	"golang.org/x/text":                   "Unicode forms and byte order marks in file names and files",
	"modernc.org/libc":                    "the C library that the translated SQLite calls",
	"modernc.org/mathutil":                "arithmetic on integers",
	"modernc.org/memory":                  "the allocator under malloc",

	// Chosen for the tests.
	"github.com/fiorix/go-smpp":           "an SMPP client and server that somebody else wrote, as peer of ours",
	"github.com/google/go-cmp":            "differences of structures, legible",
	"github.com/linxGnu/gosmpp":           "a second SMPP client, and a codec to compare with",
	"github.com/prometheus/client_golang": "counts and times in the form that Prometheus collects",
	"github.com/rogpeppe/go-internal":     "testscript: the command line as scripts with the expected output",
	"github.com/wmnsk/go-m3ua":            "an M3UA codec to compare with",
	"github.com/wmnsk/go-tcap":            "a TCAP and BER codec to compare with, up to 127 octets",
	"go.uber.org/goleak":                  "no goroutine outlives its test",
	"pgregory.net/rapid":                  "generated values for properties, and the smallest that breaks one",

	// Brought into the tests.
	"github.com/beorn7/perks":              "quantiles of a stream, for summaries",
	"github.com/cespare/xxhash/v2":         "hash of a metric's labels",
	"github.com/munnerz/goautoneg":         "which form of the metrics the collector asks for",
	"github.com/orcaman/concurrent-map/v2": "the requests that wait for an answer",
	"github.com/prometheus/client_model":   "metrics as structures",
	"github.com/prometheus/common":         "metrics as text",
	"github.com/prometheus/procfs":         "metrics of the process, from /proc",
	"golang.org/x/exp":                     "the package maps, from before the standard library had it",
	"golang.org/x/tools":                   "txtar, the form of the scripts",
	"google.golang.org/protobuf":           "metrics as Protocol Buffers",
}
