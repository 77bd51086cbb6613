package configs_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/testcert"
)

func retry(list ...configs.Retry) func(*configs.Config) {
	return func(c *configs.Config) { c.Push.Retries = list }
}

func routes(list ...configs.MessageRoute) func(*configs.Config) {
	return func(c *configs.Config) { c.Routes = list }
}

// to is a route of all messages over a link.
func to(link string) configs.MessageRoute {
	return configs.MessageRoute{Name: link, Via: []configs.Via{{Link: link, Weight: 1, Tier: 1}}}
}

func notify(s string) func(*configs.Config) {
	return func(c *configs.Config) { c.HTTP.Initiators[0].Notify = []string{s} }
}

func profile(p ...configs.Profile) func(*configs.Config) {
	return func(c *configs.Config) { c.Push.Profiles = p }
}

// Every message about push and its front door, each from one fault.
func TestValidatePush(t *testing.T) {
	type cfg = configs.Config
	dir := t.TempDir()
	certificate, key := keyPair(t, dir, "a")
	_, other := keyPair(t, dir, "b")
	const acme = "http.initiators[acme]"
	const wantRetry = " is not an error; allowed are smpp with a command_status such as 0x58, cause with 0 to 255, and error with 0x81 to 0xff"
	const wantURL = "; allowed is the beginning of a URL such as https://push.example.org/results"
	for _, tt := range []struct {
		name  string
		fault func(c *cfg)
		want  string
	}{
		{"listen", func(c *cfg) { c.HTTP.Listen = "8080" }, `http.listen: "8080" is not an address; allowed is host:port such as 127.0.0.1:2775`},
		{"listen to all", func(c *cfg) { c.HTTP.Listen = ":8080" }, "http.listen: :8080 can be reached from other machines, and passwords could be read on the way; allowed is with certificate and key, with plain: true, or on 127.0.0.1"},
		{"listen to a name", func(c *cfg) { c.HTTP.Listen = "push.example.org:80" }, "http.listen: push.example.org:80 can be reached from other machines, and passwords could be read on the way; allowed is with certificate and key, with plain: true, or on 127.0.0.1"},
		{"initiators without a door", func(c *cfg) { c.HTTP.Listen = "" }, "http.listen: missing, so nothing else of http has a use; allowed is host:port such as 127.0.0.1:8080, or no section http"},
		{"door for nobody", func(c *cfg) { c.HTTP.Initiators = nil }, "http.initiators: missing; allowed is one entry or more, nobody could push"},
		{"key alone", func(c *cfg) { c.HTTP.Key = key }, "http.certificate: missing beside a key; allowed are both or none"},
		{"certificate alone", func(c *cfg) { c.HTTP.Certificate = certificate }, "http.key: missing beside a certificate; allowed are both or none"},
		{"no certificate", func(c *cfg) { c.HTTP.Certificate, c.HTTP.Key = "none", key }, "http.certificate: the file of this name cannot be read: no such file or directory; allowed is a PEM file"},
		{"key itself", func(c *cfg) { c.HTTP.Certificate, c.HTTP.Key = certificate, "geheim" }, "http.key: the file of this name cannot be read: no such file or directory; allowed is a PEM file"},
		{"key of another", func(c *cfg) { c.HTTP.Certificate, c.HTTP.Key = certificate, other },
			"http.certificate: cannot be used with the key: tls: private key does not match public key; allowed is a PEM file with the certificate of the key"},
		{"plain and certificate", func(c *cfg) { c.HTTP.Certificate, c.HTTP.Key, c.HTTP.Plain = certificate, key, true }, "http.plain: true beside a certificate; allowed is one of the two"},
		{"path", func(c *cfg) { c.HTTP.Path = "pap" }, `http.path: "pap"; allowed is a path that begins with /, of letters, digits, / - . _ and ~, such as /pap`},
		{"path with a wildcard", func(c *cfg) { c.HTTP.Path = "/{pap}" }, `http.path: "/{pap}"; allowed is a path that begins with /, of letters, digits, / - . _ and ~, such as /pap`},
		{"path with an empty part", func(c *cfg) { c.HTTP.Path = "//pap" }, `http.path: "//pap"; allowed is a path that begins with /, of letters, digits, / - . _ and ~, such as /pap`},
		{"max_body", func(c *cfg) { c.HTTP.MaxBody = 0 }, "http.max_body: 0; allowed is 1024 to 1048576"},
		{"max_requests", func(c *cfg) { c.HTTP.MaxRequests = 0 }, "http.max_requests: 0; allowed is 1 to 10000"},
		{"http timeout", func(c *cfg) { c.HTTP.Timeout = 0 }, "http.timeout: 0s; allowed is 100ms to 24h"},
		{"initiator without a name", func(c *cfg) { c.HTTP.Initiators[0].Name = "" }, "http.initiators[0].name: missing; allowed is any name that no other entry has"},
		{"initiator twice", func(c *cfg) { c.HTTP.Initiators = append(c.HTTP.Initiators, c.HTTP.Initiators[0]) }, acme + ".name: two entries have this name; allowed is one"},
		{"initiator with a colon", func(c *cfg) { c.HTTP.Initiators[0].Name = "a:b" }, `http.initiators[a:b].name: "a:b" can be no user of HTTP Basic here; allowed are up to 64 printable ASCII characters without a colon`},
		{"initiator without a hash", func(c *cfg) { c.HTTP.Initiators[0].PasswordHash = "" }, acme + ".password_hash: 0 of password_hash, password_hash_file and password_hash_env are given; allowed is exactly one"},
		{"plain password of an initiator", func(c *cfg) { c.HTTP.Initiators[0].PasswordHash = "geheim" }, acme + ".password_hash: not a hash (plain-text passwords are refused); allowed is " + allowed},
		{"hash file of an initiator", func(c *cfg) { c.HTTP.Initiators[0].PasswordHash, c.HTTP.Initiators[0].PasswordHashFile = "", "geheim" },
			acme + ".password_hash_file: the file of this name cannot be read: no such file or directory; allowed is one that holds " + allowed},
		{"initiator from nowhere", func(c *cfg) { c.HTTP.Initiators[0].Networks = nil }, acme + ".networks: missing, so nobody could push; allowed is a list of CIDR blocks such as 10.0.0.0/8"},
		{"network of an initiator", func(c *cfg) { c.HTTP.Initiators[0].Networks[1] = "10.1.2.3/8" }, acme + `.networks[1]: "10.1.2.3/8" has bits behind its prefix; allowed is 10.0.0.0/8`},
		{"rate of an initiator", func(c *cfg) { c.HTTP.Initiators[0].Rate = -1 }, acme + ".rate: -1; allowed is 0 (no limit) to 1000000 messages a second"},
		{"relative URL", notify("/geheim"), acme + ".notify[0]: not an absolute http or https URL" + wantURL},
		{"URL of a file", notify("file:///geheim"), acme + ".notify[0]: not an absolute http or https URL" + wantURL},
		{"no URL", notify("http://geheim:x/"), acme + ".notify[0]: not an absolute http or https URL" + wantURL},
		{"URL without a host", notify("http://:80/"), acme + ".notify[0]: not an absolute http or https URL" + wantURL},
		{"URL with a password", notify("https://acme:geheim@example.org/"), acme + ".notify[0]: a URL with a user" + wantURL},
		{"URL of many hosts", notify("https://push.example"), acme + ".notify[0]: no / behind the host, so another host could begin like this one" + wantURL},
		{"URL with a query", notify("https://push.example.org/?key=geheim"), acme + ".notify[0]: a URL with a query or a fragment" + wantURL},

		{"validity", func(c *cfg) { c.Push.Validity = 0 }, "push.validity: 0s; allowed is 1s to 720h"},
		{"long validity", func(c *cfg) { c.Push.Validity = 200 * time.Hour }, "push.validity: 200h0m0s is longer than max_validity (168h0m0s); allowed is up to max_validity"},
		{"max_validity", func(c *cfg) { c.Push.MaxValidity = 721 * time.Hour }, "push.max_validity: 721h0m0s; allowed is 1s to 720h"},
		{"memory", func(c *cfg) { c.Push.Memory = -time.Second }, "push.memory: -1s; allowed is 1s to 720h"},
		{"max_messages", func(c *cfg) { c.Push.MaxMessages = 0 }, "push.max_messages: 0; allowed is 1 to 100000000"},
		{"attempts", func(c *cfg) { c.Push.Attempts = 256 }, "push.attempts: 256; allowed is 1 to 255"},
		{"no attempts", func(c *cfg) { c.Push.Attempts = 0 }, "push.attempts: 0; allowed is 1 to 255"},
		{"pause", func(c *cfg) { c.Push.Pause = 0 }, "push.pause: 0s; allowed is 100ms to 24h"},
		{"max_pause", func(c *cfg) { c.Push.MaxPause = 25 * time.Hour }, "push.max_pause: 25h0m0s; allowed is 100ms to 24h"},
		{"short max_pause", func(c *cfg) { c.Push.MaxPause = time.Second }, "push.max_pause: 1s is shorter than pause (30s); allowed is pause or longer"},
		{"grace", func(c *cfg) { c.Push.Grace = -time.Second }, "push.grace: -1s; allowed is 0s to 24h"},

		{"retry class", retry(configs.Retry{Error: "cause 33", Class: "permanant"}), `push.retries[0].class: unknown value "permanant"; allowed are temporary, permanent, postponed and unknown (did you mean permanent)`},
		{"retry without a class", retry(configs.Retry{Error: "cause 33"}), "push.retries[0].class: missing; allowed are temporary, permanent, postponed and unknown"},
		{"retry after", retry(configs.Retry{Error: "cause 33", Class: "temporary", After: 25 * time.Hour}), "push.retries[0].after: 25h0m0s; allowed is 0s to 24h"},
		{"after of permanent", retry(configs.Retry{Error: "cause 33", Class: "permanent", After: time.Second}), "push.retries[0].after: 1s with class permanent; allowed is with temporary only"},
		{"retry error", retry(configs.Retry{Error: "88", Class: "temporary"}), `push.retries[0].error: "88"` + wantRetry},
		{"retry without an error", retry(configs.Retry{Class: "temporary"}), `push.retries[0].error: ""` + wantRetry},
		{"retry of success", retry(configs.Retry{Error: "smpp 0", Class: "temporary"}), `push.retries[0].error: "smpp 0"` + wantRetry},
		{"octal error", retry(configs.Retry{Error: "cause 010", Class: "temporary"}), `push.retries[0].error: "cause 010"` + wantRetry},
		{"cause", retry(configs.Retry{Error: "cause 256", Class: "temporary"}), `push.retries[0].error: "cause 256"` + wantRetry},
		{"error code", retry(configs.Retry{Error: "error 0x80", Class: "temporary"}), `push.retries[0].error: "error 0x80"` + wantRetry},
		{"command_status", retry(configs.Retry{Error: "smpp 0x100000000", Class: "temporary"}), `push.retries[0].error: "smpp 0x100000000"` + wantRetry},
		{"words behind an error", retry(configs.Retry{Error: "cause 33 busy", Class: "temporary"}), `push.retries[0].error: "cause 33 busy"` + wantRetry},
		{"smpp postponed", retry(configs.Retry{Error: "smpp 8", Class: "postponed"}), "push.retries[0].class: postponed, but a message centre does not tell that a handset is back; allowed with smpp are temporary, permanent and unknown"},
		{"retry twice", retry(configs.Retry{Error: "smpp 0x58", Class: "unknown"}, configs.Retry{Error: "smpp 88", Class: "permanent"}), "push.retries[1].error: smpp 88 is also that of push.retries[0]; allowed is once"},

		{"hlr", func(c *cfg) { c.Push.SS7.HLR = "hlr2" }, `push.ss7.hlr: there is no entry "hlr2" in ss7.acs; allowed are hlr1 (did you mean hlr1)`},
		{"hlr may not notify", func(c *cfg) { c.SS7.Screening.Peers[0].Operations = []string{"REGNOT"} },
			"ss7.screening.peers: nobody may invoke SMSNOT, by which hlr1 (push.ss7.hlr) says that a handset is back; allowed is with an entry such as {name: hlr1, point_codes: [1-12-7], operations: [SMSNOT]}"},
		{"hlr behind a title may not notify", func(c *cfg) {
			title(configs.Route{GlobalTitle: "16195551234", TranslationType: 14})(c)
			c.SS7.Screening.Peers = nil
		}, "ss7.screening.peers: nobody may invoke SMSNOT, by which hlr1 (push.ss7.hlr) says that a handset is back; allowed is with an entry such as {name: hlr1, point_codes: [1-12-1], operations: [SMSNOT]}"},
		{"teleservice", func(c *cfg) { c.Push.SS7.Teleservice = 4096 }, "push.ss7.teleservice: 4096; allowed is 4097 to 65535"},
		{"originator", func(c *cfg) { c.Push.SS7.Source = "ACME" }, `push.ss7.source: "ACME"; allowed are up to 15 digits`},
		{"segment", func(c *cfg) { c.Push.SS7.Octets = 19 }, "push.ss7.octets: 19; allowed is 20 to 250"},
		{"segments", func(c *cfg) { c.Push.SS7.Parts = 0 }, "push.ss7.parts: 0; allowed is 1 to 255"},
		{"window of an MSC", func(c *cfg) { c.Push.SS7.Window = 0 }, "push.ss7.window: 0; allowed is 1 to 10000"},
		{"rate of an MSC", func(c *cfg) { c.Push.SS7.Rate = -1 }, "push.ss7.rate: -1; allowed is 0 (no limit) to 1000000 SMDPP a second"},
		{"ask_again", func(c *cfg) { c.Push.SS7.AskAgain = time.Millisecond }, "push.ss7.ask_again: 1ms; allowed is 1s to 720h, or 0s for never"},
		{"window of the HLR", func(c *cfg) { c.Push.SS7.SMSREQWindow = 0 }, "push.ss7.smsreq_window: 0; allowed is 1 to 10000"},
		{"rate of the HLR", func(c *cfg) { c.Push.SS7.SMSREQRate = -1 }, "push.ss7.smsreq_rate: -1; allowed is 0 (no limit) to 1000000 SMSREQ a second"},
		{"smsreq", func(c *cfg) { c.Push.SS7.SMSREQ = 0 }, "push.ss7.smsreq: 0s; allowed is 100ms to 24h"},

		{"profile without a name", profile(configs.Profile{File: "lab.yaml"}), "push.profiles[0].name: missing; allowed is any name that no other entry has"},
		{"profile's name", profile(configs.Profile{Name: "a;b", File: "lab.yaml"}), `push.profiles[a;b].name: "a;b" can be named by no trigger; allowed are up to 64 printable ASCII characters without a semicolon`},
		{"profile twice", profile(configs.Profile{Name: "a", File: "lab.yaml"}, configs.Profile{Name: "a", File: "lab.yaml"}), "push.profiles[a].name: two entries have this name; allowed is one"},
		{"profile without a file", profile(configs.Profile{Name: "a"}), "push.profiles[a].file: missing; allowed is the name of an XML file"},
		{"profile nowhere", profile(configs.Profile{Name: "a", File: "none.xml"}), "push.profiles[a].file: stat none.xml: no such file or directory; allowed is the name of an XML file"},
		{"profile is a directory", profile(configs.Profile{Name: "a", File: "."}), "push.profiles[a].file: . is not a file; allowed is the name of an XML file"},

		{"TRN of a push", func(c *cfg) { c.Triggers[1].TLVs = []configs.TLV{{Tag: 0x1401, Name: "TRN"}} },
			`triggers[push].tlvs[TRN].name: unknown value "TRN"; allowed are TYPE, HREF, TEXT, ACTION, SIID, CREATED, EXPIRES, PROFILE, SEC, PIN, IMSI, VALID, LINK, MDN, MIN, CORR and FLOW`},
		{"HREF of a programming", tlvs(configs.TLV{Tag: 0x1401, Name: "HREF"}), `triggers[star228].tlvs[HREF].name: unknown value "HREF"; allowed are TRN, MDN, MIN, PRL, ORDER and CORR`},
	} {
		t.Run(tt.name, func(t *testing.T) { provoke(t, tt.fault, tt.want) })
	}
}

// What looks odd and is allowed.
func TestValidatePushAllows(t *testing.T) {
	dir := t.TempDir()
	certificate, key := keyPair(t, dir, "a")
	for name, change := range map[string]func(*configs.Config){
		"https everywhere":    func(c *configs.Config) { c.HTTP.Listen, c.HTTP.Certificate, c.HTTP.Key = ":443", certificate, key },
		"plain everywhere":    func(c *configs.Config) { c.HTTP.Listen, c.HTTP.Plain = "10.1.2.3:80", true },
		"plain on loopback":   func(c *configs.Config) { c.HTTP.Plain = true },
		"loopback of IPv6":    func(c *configs.Config) { c.HTTP.Listen = "[::1]:0" },
		"localhost":           func(c *configs.Config) { c.HTTP.Listen = "localhost:8080" },
		"path of all":         func(c *configs.Config) { c.HTTP.Path = "/" },
		"no door":             func(c *configs.Config) { c.HTTP = configs.Default().HTTP },
		"initiators only":     func(c *configs.Config) { c.Triggers = nil },
		"no results":          func(c *configs.Config) { c.HTTP.Initiators[0].Notify = nil },
		"results to one path": notify("https://push.example.org:8443/a/b"),
		"no push at all": func(c *configs.Config) {
			d := configs.Default()
			c.HTTP, c.Push, c.Routes, c.Triggers = d.HTTP, d.Push, nil, c.Triggers[:1]
			c.SS7.Screening.Peers = nil
		},
		"centre only": func(c *configs.Config) {
			link(func(*configs.Link) {})(c)
			routes(to("smsc1"))(c)
			c.Push.SS7.HLR, c.SS7.Screening.Peers = "", nil
		},
		"centre and HLR": func(c *configs.Config) {
			link(func(*configs.Link) {})(c)
			first, last := to("smsc1"), to("smsc1")
			first.Name, first.To = "south", []configs.Pattern{"1619"}
			routes(first, configs.MessageRoute{Name: "network", To: []configs.Pattern{"1"}, Via: []configs.Via{{SS7: true, Weight: 1, Tier: 1}}}, last)(c)
		},
		"a month":             func(c *configs.Config) { c.Push.Validity, c.Push.MaxValidity = 720*time.Hour, 720*time.Hour },
		"always asked":        func(c *configs.Config) { c.Push.SS7.AskAgain = 0 },
		"operation as number": func(c *configs.Config) { c.SS7.Screening.Peers[0].Operations = []string{"54"} },
		"operation in full":   func(c *configs.Config) { c.SS7.Screening.Peers[0].Operations = []string{"SMSNotification"} },
		"retries": retry(
			configs.Retry{Error: "smpp 0x58", Class: "temporary", After: time.Second}, configs.Retry{Error: "smpp 0xffffffff", Class: "unknown"},
			configs.Retry{Error: "cause 0", Class: "permanent"}, configs.Retry{Error: "cause 255", Class: "postponed"},
			configs.Retry{Error: "error 129", Class: "permanent"}, configs.Retry{Error: "error 0xff", Class: "postponed"}),
		"names of values": func(c *configs.Config) {
			c.Triggers[1].TLVs = []configs.TLV{{Tag: 0x1401, Name: "PIN"}, {Tag: 0x1402, Name: "MDN"}}
		},
	} {
		t.Run(name, func(t *testing.T) { allow(t, change) })
	}
}

func TestRetryCode(t *testing.T) {
	for text, want := range map[string]struct {
		kind string
		code uint32
	}{
		"smpp 0x58": {configs.RetrySMPP, 0x58}, "smpp 88": {configs.RetrySMPP, 88}, "smpp 4294967295": {configs.RetrySMPP, 1<<32 - 1},
		"cause 0": {configs.RetryCause, 0}, "cause 0x21": {configs.RetryCause, 33}, "error 0x81": {configs.RetryError, 0x81},
	} {
		r := configs.Retry{Error: text}
		if kind, code, err := r.Code(); kind != want.kind || code != want.code || err != nil {
			t.Errorf("%s: %s %d %v", text, kind, code, err)
		}
	}
	for _, text := range []string{"", "smpp", "smpp ", "smpp  8", "SMPP 8", " 8", "smpp -1", "error 0x100", "cause 1_0", "smpp 0b1", "smpp throttled"} {
		r := configs.Retry{Error: text}
		if kind, code, err := r.Code(); err == nil {
			t.Errorf("%q is %s %d", text, kind, code)
		}
	}
}

// The password of a link comes from a file or a variable, without the line end.
func TestPassword(t *testing.T) {
	t.Setenv("OTAGATE_TEST_PASSWORD", "p w=\"1\"")
	t.Setenv("OTAGATE_TEST_EMPTY", "")
	l := smsc()
	for _, tt := range []struct {
		name, file, env, want string
		bad                   bool
	}{
		{name: "none"},
		{name: "variable", env: "OTAGATE_TEST_PASSWORD", want: `p w="1"`},
		{name: "file", file: write(t, "a", "geheim12\r\n"), want: "geheim12"},
		{name: "space at the end", file: write(t, "a", "geheim \n"), want: "geheim "},
		{name: "one too many", file: write(t, "a", "geheim123"), bad: true},
		{name: "no ASCII", file: write(t, "a", "geh\u00e9im"), bad: true},
		{name: "empty file", file: write(t, "a", ""), bad: true},
		{name: "no file", file: filepath.Join(t.TempDir(), "geheim"), bad: true},
		{name: "empty variable", env: "OTAGATE_TEST_EMPTY", bad: true},
	} {
		l.PasswordFile, l.PasswordEnv = tt.file, tt.env
		got, err := l.Password()
		if got != tt.want || (err != nil) != tt.bad {
			t.Errorf("%s: %q, %v", tt.name, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "geh") {
			t.Errorf("%s: shows a secret: %v", tt.name, err)
		}
	}
}

// keyPair writes a certificate and its key.
func keyPair(t *testing.T, dir, name string) (certificate, key string) {
	t.Helper()
	ca := testcert.New(t)
	return ca.Write(filepath.Join(dir, name), ca.Pair(name))
}
