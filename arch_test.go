package otagate_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/otagate/otagate"

// row is what one package, or one tree of packages (DIR/...), may import.
type row struct {
	pkg     string
	may     string // packages of this module
	modules string // packages of others; a name allows what is below it
	tests   string // packages of this module that its tests may import beside
	why     string
}

// table is "who may import whom". An edge that is not in it is an error: add
// it here when it is right, so that a reader sees it.
var table = []row{
	{pkg: ".", why: "nothing to import; this test and the module's needs"},

	// The bottom: octets.
	{pkg: "internal/wire", why: "the cursor every codec reads through"},
	{pkg: "internal/ber", may: "internal/wire", why: "tags and lengths on the cursor"},
	{pkg: "internal/testvec", may: "internal/wire", modules: cmp + rapid, why: "the one test of all codecs; imported by tests only"},
	{pkg: "internal/testcert", why: "certificates; imported by tests only"},
	{pkg: "internal/testlog", why: "a log in memory; imported by tests only"},
	{pkg: "internal/testpassword", why: "the password of accounts; imported by tests only"},
	{pkg: "internal/testwait", why: "waits for what others do; imported by tests only"},
	{pkg: "internal/clock", why: "the time that a part of the program goes by"},
	{pkg: "internal/testclock", may: "internal/clock", why: "a clock that a test moves; imported by tests only"},
	{pkg: "internal/idtable", why: "finds by number what comes and goes together; imports nothing"},
	{pkg: "internal/shortage", why: "errors of a machine that lacks something"},
	{pkg: "internal/spread", why: "which of several a key belongs to"},
	{pkg: "internal/pcap", may: "internal/wire", why: "writes captures; the frames are opaque"},

	// Short messages: what every bearer shares.
	{pkg: "internal/sms/gsm7", may: "internal/wire", why: "the 7-bit alphabet and its packing"},
	{pkg: "internal/sms/udh", may: "internal/wire", why: "user data headers"},
	{pkg: "internal/sms/tpdu", may: "internal/wire internal/sms/gsm7 internal/sms/udh", why: "the messages of 23.040"},
	{pkg: "internal/sms/is637", may: "internal/wire", why: "short messages of CDMA"},
	{pkg: "internal/sms", may: "internal/sms/gsm7 internal/sms/udh", tests: "internal/sms/tpdu", why: "messages without a link, and how they are split"},

	// WAP push.
	{pkg: "wappush/wbxml", may: "internal/wire wappush/xmldoc", why: "binary XML and the tables of its languages"},
	{pkg: "wappush/xmldoc", why: "XML of strangers, in small"},
	{pkg: "wappush/wsp", may: "internal/wire", why: "the PDU; what it carries is opaque"},
	{pkg: "wappush/dmnotify", may: "internal/wire", why: "OMA DM's notification"},
	{pkg: "wappush/pap", may: "internal/wire wappush/xmldoc", why: "what a push initiator says over HTTP, XML and multipart"},
	{pkg: "wappush", may: "internal/wire wappush/...", why: "SI and SL, and what a sender puts in front of any content"},
	{pkg: "wappush/omacp", may: "internal/wire wappush/wbxml wappush/xmldoc", why: "settings of client provisioning and who they are from"},

	// SMPP, a world of its own.
	{pkg: "smpp", may: "internal/wire internal/shortage", modules: zerolog + " golang.org/x/crypto golang.org/x/time/rate golang.org/x/sys", why: "codec, bind machine, server and client"},
	{pkg: "internal/bare", may: "smpp", why: "SMPP peers that cost next to nothing; for who measures others"},
	{pkg: "smpp/smppbench", may: "smpp internal/wire internal/bare", modules: zerolog + " golang.org/x/crypto", why: "measures it against bare sockets"},

	// SS7 climbs: never sideways, never down.
	{pkg: "ss7", why: "a picture"},
	{pkg: "ss7/mtp", why: "point codes and the primitives between M3UA and SCCP"},
	{pkg: "ss7/sctp", modules: zerolog + " github.com/ishidawataru/sctp golang.org/x/sys", why: "associations; the messages are opaque"},
	{pkg: "ss7/m3ua", may: "internal/wire internal/shortage ss7/mtp", modules: zerolog + " github.com/cenkalti/backoff/v5", tests: "ss7/sctp", why: "carries MTP-TRANSFER over an association; declares what it needs of one"},
	{pkg: "ss7/sccp", may: "internal/wire ss7/mtp", modules: zerolog, why: "addresses and messages over MTP-TRANSFER"},
	{pkg: "ss7/tcap/ansi", may: "internal/wire internal/ber", why: "the pure codec of T1.114"},
	{pkg: "ss7/tcap", may: "internal/wire internal/ber ss7/mtp ss7/sccp ss7/tcap/ansi", modules: zerolog, why: "transactions; of sccp the address"},
	{pkg: "ss7/ansi41", may: "internal/wire internal/ber ss7/mtp", tests: "ss7/tcap/ansi", why: "operations: parameters in, parameters out"},
	{pkg: "ss7/screen", may: "ss7/mtp ss7/sccp ss7/tcap ss7/tcap/ansi ss7/ansi41", modules: zerolog + " golang.org/x/time/rate", why: "who may invoke and answer what; stands between tcap and the operations"},

	// OTASP: the payload, which does not know its carrier.
	{pkg: "otasp/is683", may: "internal/wire", why: "messages to and from the handset"},
	{pkg: "otasp/prl", may: "internal/wire", why: "roaming lists"},
	{pkg: "otasp/iota", may: "internal/wire wappush/xmldoc", why: "MMC documents and their parts; what a part holds is opaque"},
	{pkg: "otasp", may: "internal/wire otasp/is683 otasp/prl", why: "one programming session as a machine"},

	// Sessions: what outlives a message. It knows no protocol.
	{pkg: "sessions/cdr", may: "internal/wire", why: "the record of a session"},
	{pkg: "sessions", may: "sessions/cdr internal/idtable", modules: zerolog, why: "runtime, timers and the store contract"},
	{pkg: "sessions/sqlite", may: "sessions sessions/cdr internal/wire", modules: zerolog + " modernc.org/sqlite github.com/pressly/goose/v3", tests: "sessions/storetest", why: "the embedded store"},
	{pkg: "sessions/pagelog", may: "internal/wire sessions sessions/cdr", tests: "sessions/storetest", why: "the log of sessions/pages in files of its own; declares what it needs of the tables"},
	{pkg: "sessions/pages", may: "sessions sessions/cdr internal/idtable internal/wire", tests: "sessions/pagelog sessions/sqlite sessions/storetest", why: "the log-structured store of messages; declares what it needs of the log"},
	{pkg: "sessions/disk", may: "sessions sessions/pagelog sessions/pages", tests: "sessions/cdr sessions/sqlite", why: "messages on a disk beside the tables"},
	{pkg: "sessions/storetest", may: "sessions sessions/cdr", modules: cmp + rapid, tests: "sessions/sqlite", why: "the one test of all stores; imported by tests only"},

	// A message on its way: opaque, like its carriers.
	{pkg: "internal/delivery", may: "internal/wire", why: "the way of one message to a handset, as a machine"},

	{pkg: "configs", may: "ss7/mtp smpp", modules: "github.com/spf13/viper go.yaml.in/yaml/v3 golang.org/x/crypto", tests: "otasp otasp/prl", why: "the configuration; of the protocols only what a point code looks like, and the names of SMPP"},

	// Those that see several protocols.
	{pkg: "internal/dissect", may: protocols, why: "decode and encode any message by name"},
	{pkg: "internal/gateway/web", modules: zerolog, tests: "internal/gateway/web/webtest", why: "HTTP within bounds; what it carries is opaque"},
	{pkg: "internal/gateway/web/webtest", why: "a network in memory; imported by tests only"},
	{pkg: "internal/gateway/binds", may: "internal/clock internal/spread smpp internal/gateway/links", why: "where the ESMEs of accounts are reached, and how much they take"},
	{pkg: "internal/gateway/route", may: "internal/wire internal/spread smpp configs", tests: "internal/sms/udh", why: "which rule takes a message, and which target; no I/O"},
	{pkg: "internal/gateway/links", may: "internal/clock smpp configs", modules: zerolog + " github.com/cenkalti/backoff/v5", why: "binds to message centres and how much goes over them; what a message means is for others"},
	{pkg: "internal/gateway/push", may: protocols + " configs sessions sessions/cdr internal/clock internal/delivery internal/idtable internal/spread internal/gateway/binds internal/gateway/links internal/gateway/route", modules: zerolog + " golang.org/x/time/rate", tests: "sessions/disk sessions/sqlite sessions/pages internal/sim internal/sim/...", why: "carries messages to handsets: the delivery machine, its store and its carriers"},
	{pkg: "internal/gateway/ppg", may: protocols + " configs sessions internal/delivery internal/gateway/push internal/gateway/web", modules: zerolog + " golang.org/x/time/rate", tests: "sessions/disk sessions/sqlite sessions/pages internal/gateway/route internal/gateway/web/webtest", why: "the push proxy gateway: PAP over HTTP in front of internal/gateway/push"},
	{pkg: "internal/gateway/status", may: "smpp internal/gateway/links internal/gateway/push", why: "what an operator is told of a running gateway, and what limits it"},
	{pkg: "internal/gateway/relay", may: "internal/wire internal/sms smpp configs sessions internal/delivery internal/gateway/push internal/gateway/route", modules: zerolog + " golang.org/x/time/rate", tests: "sessions/cdr sessions/sqlite sessions/pages", why: "the messages of others: what goes on as it came, and its receipts"},
	{pkg: "internal/gateway/rendezvous", may: "configs sessions otasp/iota internal/gateway/web", modules: zerolog + " golang.org/x/time/rate", tests: "internal/gateway/web/webtest", why: "where handsets fetch MMC documents; it knows no session but its number"},
	{pkg: "internal/gateway/backend", may: "configs sessions internal/gateway/web", modules: zerolog, tests: "sessions/sqlite internal/gateway/web/webtest", why: "tells the operator's back-end how sessions have ended"},
	{pkg: "internal/gateway", may: protocols + " configs sessions sessions/... internal/clock internal/delivery internal/gateway/binds internal/gateway/links internal/gateway/route internal/gateway/push internal/gateway/ppg internal/gateway/relay internal/gateway/rendezvous internal/gateway/status internal/gateway/backend internal/dissect internal/pcap", modules: zerolog + prometheus + " golang.org/x/time/rate", tests: "internal/sim internal/sim/...", why: "composition: the one place that knows every package"},
	{pkg: "internal/sim/...", may: strings.Replace(protocols, " otasp/...", " otasp/is683 otasp/prl", 1) + " internal/sim/... internal/dissect internal/pcap", modules: zerolog + " golang.org/x/time/rate", why: "peers of the gateway, which they know only by its protocols; MMC documents the handset reads by means of its own"},
	{pkg: "internal/process", may: "configs internal/gateway", modules: zerolog, why: "the gateway as a process of its own"},
	{pkg: "internal/demo/...", may: protocols + " configs sessions sessions/... internal/gateway internal/process internal/sim/... internal/dissect internal/pcap", modules: zerolog, why: "plays stories between the gateway and the simulated network"},
	{pkg: "internal/bench", may: protocols + " smpp/smppbench internal/bare configs sessions sessions/... internal/gateway internal/gateway/binds internal/sim", modules: zerolog, why: "measures all of it against bare ceilings"},
	{pkg: "internal/interop/differential", tests: "smpp ss7/m3ua ss7/mtp internal/ber internal/interop/doctable", why: "our codecs against those of other Go libraries; tests only"},
	{pkg: "internal/interop/doctable", why: "tables of the tests below, and their place in a document; imported by tests only"},
	{pkg: "internal/interop/libwbxml", tests: "wappush wappush/... internal/interop/doctable", why: "our binary XML against that of libwbxml; tests only"},
	{pkg: "internal/interop/killed", tests: protocols + " sessions sessions/... internal/process internal/sim", why: "the gateway killed while messages are on their way; tests only"},
	{pkg: "internal/interop/resources", tests: protocols + " configs sessions sessions/... internal/clock internal/gateway internal/gateway/binds internal/sim internal/interop/doctable", why: "the program with the machine taken away from it; tests only"},
	{pkg: "internal/interop/simulation", tests: protocols + " configs sessions sessions/... internal/clock internal/gateway internal/gateway/binds internal/gateway/push internal/sim internal/interop/doctable", why: "the whole gateway on virtual time, one seed deciding everything; tests only"},
	{pkg: "internal/interop/smpp", tests: "smpp internal/interop/doctable internal/process internal/sim", why: "our SMPP and the gateway's process against other implementations; tests only"},
	{pkg: "internal/interop/soak", tests: "smpp internal/bare sessions sessions/... internal/process internal/sim", why: "very many messages over links that are cut all the time; tests only"},
	{pkg: "internal/interop/stp", tests: "ss7/mtp ss7/m3ua ss7/sctp internal/interop/doctable", why: "our M3UA and the gateway's processes behind somebody else's STP; tests only"},
	{pkg: "internal/interop/supply", why: "what otagate is made of beside itself: checksums, licences, reasons; tests only"},
	{pkg: "internal/interop/tshark", tests: protocols + " configs internal/dissect internal/gateway internal/pcap internal/sim internal/interop/doctable", why: "our encoders against Wireshark's dissectors; tests only"},
	{pkg: "cmd/otagate/...", may: "...", modules: zerolog + prometheus + " github.com/spf13/cobra golang.org/x/term golang.org/x/sys", why: "puts everything together"},
}

const (
	zerolog    = " github.com/rs/zerolog"
	prometheus = " github.com/prometheus"
	cmp        = " github.com/google/go-cmp"
	rapid      = " pgregory.net/rapid"

	protocols = "internal/wire internal/ber internal/sms/... smpp ss7/... otasp otasp/... wappush wappush/..."

	// What any test may import: tools, and other people's implementations to
	// hold ours against.
	testModules = cmp + rapid + " go.uber.org/goleak github.com/rogpeppe/go-internal/testscript golang.org/x/tools/txtar golang.org/x/crypto" +
		" github.com/fiorix/go-smpp github.com/linxGnu/gosmpp github.com/wmnsk/go-m3ua/messages github.com/wmnsk/go-tcap" + zerolog + prometheus
	testPackages = "internal/testvec internal/testcert internal/testclock internal/testlog internal/testpassword internal/testwait internal/wire"
)

// source is one Go file of the module.
type source struct {
	dir, name string // with slashes, from the module's root
	test      bool
	generated bool
	text      []byte
	fset      *token.FileSet
	file      *ast.File
}

// sources parses all files. What does not parse is the compiler's to report.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && name != "." && (e.Name() == "testdata" || strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "_")):
			return filepath.SkipDir
		case e.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		s := source{name: filepath.ToSlash(name), text: text, fset: token.NewFileSet()}
		s.dir, s.test = path.Dir(s.name), strings.HasSuffix(name, "_test.go")
		if s.file, err = parser.ParseFile(s.fset, name, text, parser.ParseComments); err != nil {
			t.Logf("not looked at: %v", err)
			return nil
		}
		s.generated = ast.IsGenerated(s.file)
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (s *source) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", s.name, s.fset.Position(n.Pos()).Line)
}

// TestImports holds every import against the table.
func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		if s.name == "tools_test.go" {
			continue // keeps modules in go.mod that nobody imports yet
		}
		r, ok := rowOf(s.dir)
		if !ok {
			t.Errorf("%s: package %s is not in the table of arch_test.go", s.name, s.dir)
			continue
		}
		for _, imp := range s.file.Imports {
			to, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if !r.allows(s, to) {
				t.Errorf("%s: %s imports %s, which its line in arch_test.go does not allow (%s)", s.at(imp), s.dir, to, r.why)
			}
		}
	}
}

func rowOf(dir string) (row, bool) {
	for _, r := range table {
		if within(dir, r.pkg) {
			return r, true
		}
	}
	return row{}, false
}

func (r row) allows(s source, to string) bool {
	if first, _, _ := strings.Cut(to, "/"); !strings.Contains(first, ".") {
		return true // the standard library
	}
	inner, ours := strings.CutPrefix(to, module+"/")
	switch {
	case !ours:
		return anyBelow(to, r.modules) || s.test && anyBelow(to, testModules)
	case inner == s.dir:
		return s.test
	case anyWithin(inner, r.may):
		return true
	}
	return s.test && (anyWithin(inner, r.tests) || anyWithin(inner, testPackages))
}

// within tells whether dir is pkg, or below it where pkg ends in "/...".
func within(dir, pkg string) bool {
	tree, isTree := strings.CutSuffix(pkg, "...")
	if !isTree {
		return dir == pkg
	}
	return strings.HasPrefix(dir+"/", tree)
}

func anyWithin(dir, list string) bool {
	return slices.ContainsFunc(strings.Fields(list), func(p string) bool { return within(dir, p) })
}

func anyBelow(pkg, list string) bool {
	return slices.ContainsFunc(strings.Fields(list), func(p string) bool { return within(pkg, p+"/...") })
}

// TestTable checks that a wrong edge is found at all.
func TestTable(t *testing.T) {
	for _, tt := range []struct {
		from  string
		test  bool
		to    string
		allow bool
	}{
		{"smpp", false, "bufio", true},
		{"smpp", false, module + "/internal/wire", true},
		{"smpp", false, module + "/ss7/mtp", false},
		{"smpp", false, module + "/sessions", false},
		{"smpp", false, module + "/internal/testvec", false},
		{"smpp", true, module + "/internal/testvec", true},
		{"smpp", false, "github.com/fiorix/go-smpp/smpp", false},
		{"smpp", true, "github.com/fiorix/go-smpp/smpp", true},
		{"smpp", true, module + "/smpp", true},
		{"smpp", false, "github.com/rs/zerologger", false},
		{"ss7/mtp", false, module + "/ss7/sccp", false},
		{"ss7/ansi41", false, module + "/otasp/is683", false},
		{"otasp", false, "github.com/rs/zerolog", false},
		{"sessions", false, module + "/otasp", false},
		{"internal/gateway", false, module + "/ss7/tcap/ansi", true},
		{"internal/gateway", false, module + "/internal/sim/radio", false},
		{"internal/gateway", true, module + "/internal/sim/radio", true},
		{"internal/sim/radio", false, module + "/internal/gateway", false},
		{"internal/sim", false, module + "/internal/sim/radio", true},
		{"internal/gateway", false, "github.com/spf13/viper", false},
		{"internal/gateway", false, "github.com/spf13/cobra", false},
		{"cmd/otagate", false, module + "/internal/gateway", true},
		{"cmd/otagate", false, "github.com/spf13/viper", false},
	} {
		r, ok := rowOf(tt.from)
		if !ok {
			t.Fatalf("%s is not in the table", tt.from)
		}
		if got := r.allows(source{dir: tt.from, test: tt.test}, tt.to); got != tt.allow {
			t.Errorf("%s (test %t) imports %s: allowed %t, want %t", tt.from, tt.test, tt.to, got, tt.allow)
		}
	}
	for _, dir := range []string{"util", "smpp/extra", "internal/simulator", "cmd/other"} {
		if r, ok := rowOf(dir); ok {
			t.Errorf("%s found in the table as %s", dir, r.pkg)
		}
	}
}

// TestTree: the README's tree names each package, of those below internal/interop the
// place, and the table has each once.
func TestTree(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tree, _ := strings.Cut(string(text), "\n## The tree\n")
	tree, _, _ = strings.Cut(tree, "\n## ")
	seen := map[string]bool{}
	for _, r := range table {
		if seen[r.pkg] {
			t.Errorf("%s is in the table twice", r.pkg)
		}
		seen[r.pkg] = true
		name := path.Base(strings.TrimSuffix(r.pkg, "/..."))
		if strings.HasPrefix(r.pkg, "internal/interop/") || name == "." {
			continue
		}
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + "/").MatchString(tree) {
			t.Errorf("the tree of the README has no %s", r.pkg)
		}
	}
}

// TestNames refuses package names that say nothing.
func TestNames(t *testing.T) {
	bad := []string{"util", "utils", "common", "helper", "helpers", "types", "pkg", "impl", "manager", "misc"}
	for _, s := range sources(t) {
		for _, part := range append(strings.Split(s.dir, "/"), s.file.Name.Name) {
			if slices.Contains(bad, strings.TrimSuffix(part, "_test")) {
				t.Errorf("%s: the name %q says nothing about what is inside", s.name, part)
			}
		}
	}
}

// TestMainIsShort keeps main.go a list of what there is.
func TestMainIsShort(t *testing.T) {
	for _, s := range sources(t) {
		if n := bytes.Count(s.text, []byte("\n")); path.Base(s.name) == "main.go" && n > 80 {
			t.Errorf("%s has %d lines; at most 80", s.name, n)
		}
	}
}

// TestNoInit: what happens at start is written where it starts.
func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		if s.generated {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: an init function", s.at(f))
			}
		}
	}
}

// TestNoSleep: tests wait for what they wait for, on virtual time or on a
// channel.
func TestNoSleep(t *testing.T) {
	for _, s := range sources(t) {
		if !s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Sleep" {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && !inSynctest(s.file) {
					t.Errorf("%s: time.Sleep in a test", s.at(n))
				}
			}
			return true
		})
	}
}

// inSynctest tells whether the file's tests run on virtual time, where Sleep
// waits for nobody: it only moves the clock.
func inSynctest(f *ast.File) bool {
	return slices.ContainsFunc(f.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"testing/synctest"` })
}

// machinePath matches paths that exist on one machine only. Places that every
// Unix system has, and those of temporary files, are not among them.
var machinePath = regexp.MustCompile(`(^|[^\w./:-])/(home|work|root|Users|mnt|media|workspace)/[\w.-]`)

// TestDocsNameTests: a test, fuzz target or example that a document names is there.
func TestDocsNameTests(t *testing.T) {
	have := map[string]bool{}
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && s.test && f.Recv == nil {
				have[f.Name.Name] = true
			}
		}
	}
	files, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9]*)`")
	found := 0
	for _, file := range append(files, "README.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllSubmatch(text, -1) {
			found++
			if !have[string(m[1])] {
				t.Errorf("%s names %s, which is not there", file, m[1])
			}
		}
	}
	if found == 0 {
		t.Error("no test was found in the documents")
	}
}

// TestNoMachinePaths: the tree must work wherever it is.
func TestNoMachinePaths(t *testing.T) {
	for line, want := range map[string]bool{
		`"/Users/me/otagate"`: true, "see /media/x": true, "https://example.org/media/x": false, "a/media/b": false, "/etc/otagate.yaml": false,
	} {
		if machinePath.MatchString(line) != want {
			t.Errorf("%q: want %t", line, want)
		}
	}
	err := filepath.WalkDir(".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.Name() == ".git" { // a file in a linked worktree
			if e.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if e.IsDir() || !e.Type().IsRegular() || name == "arch_test.go" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if bytes.IndexByte(text, 0) >= 0 {
			return nil // not text
		}
		for i, line := range bytes.Split(text, []byte("\n")) {
			if machinePath.Match(line) {
				t.Errorf("%s:%d: a path of one machine: %s", name, i+1, line)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
