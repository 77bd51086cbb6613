package configs_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
)

// reportTo is a configuration whose sessions are reported to this URL.
func reportTo(s string) func(*configs.Config) {
	return func(c *configs.Config) { c.Backend.Report = s }
}

// tokenIn has its token in this file.
func tokenIn(file string) func(*configs.Config) {
	return func(c *configs.Config) { reportTo("https://registry.example.org/")(c); c.Backend.TokenFile = file }
}

// Every message about the back-end, each from one fault.
func TestValidateBackend(t *testing.T) {
	type cfg = configs.Config
	const wantURL = "; allowed is one such as https://registry.example.org/reports"
	const wantToken = "; allowed is one that holds a bearer token of up to 4096 letters, digits and - . _ ~ + / ="
	const nothing = "backend.report: missing, so nothing else of backend has a use; allowed is a URL such as https://registry.example.org/reports, or no section backend"
	const readable = "backend.report: http to another machine, so the token and subscribers' numbers could be read on the way; allowed is https, plain: true, or a URL on 127.0.0.1"
	for _, tt := range []struct {
		name  string
		fault func(c *cfg)
		want  string
	}{
		{"token for nobody", func(c *cfg) { c.Backend.TokenFile = "geheim" }, nothing},
		{"plain to nobody", func(c *cfg) { c.Backend.Plain = true }, nothing},
		{"relative URL", reportTo("/geheim"), "backend.report: not an absolute http or https URL" + wantURL},
		{"URL of a file", reportTo("file:///geheim"), "backend.report: not an absolute http or https URL" + wantURL},
		{"no URL", reportTo("http://geheim:x/"), "backend.report: not an absolute http or https URL" + wantURL},
		{"URL without a host", reportTo("http://:80/geheim"), "backend.report: not an absolute http or https URL" + wantURL},
		{"URL with a user", reportTo("https://otagate:geheim@example.org/"), "backend.report: a URL with a user" + wantURL},
		{"URL with a fragment", reportTo("https://example.org/#geheim"), "backend.report: a URL with a fragment" + wantURL},
		{"http to another machine", reportTo("http://10.1.2.3/?key=geheim"), readable},
		{"http to a name", reportTo("http://localhost.example.org/"), readable},
		{"plain and https", func(c *cfg) { reportTo("https://example.org/")(c); c.Backend.Plain = true }, "backend.plain: true beside an https URL; allowed is one of the two"},
		{"no token file", tokenIn("geheim"), "backend.token_file: the file of this name cannot be read: no such file or directory" + wantToken},
		{"empty token", tokenIn(write(t, "empty", " \n")), "backend.token_file: there is no token in it" + wantToken},
		{"two tokens", tokenIn(write(t, "two", "geheim\ngeheim\n")), "backend.token_file: the token has characters that no bearer token has" + wantToken},
		{"long token", tokenIn(write(t, "long", strings.Repeat("A", 4097))), "backend.token_file: the token has more than 4096 octets" + wantToken},
		{"timeout", func(c *cfg) { c.Backend.Timeout = 0 }, "backend.timeout: 0s; allowed is 100ms to 24h"},
		{"pause", func(c *cfg) { c.Backend.Pause = 0 }, "backend.pause: 0s; allowed is 100ms to 24h"},
		{"max_pause", func(c *cfg) { c.Backend.MaxPause = 25 * time.Hour }, "backend.max_pause: 25h0m0s; allowed is 100ms to 24h"},
		{"short max_pause", func(c *cfg) { c.Backend.MaxPause = 500 * time.Millisecond }, "backend.max_pause: 500ms is shorter than pause (1s); allowed is pause or longer"},
		{"validity", func(c *cfg) { c.Backend.Validity = 721 * time.Hour }, "backend.validity: 721h0m0s; allowed is 1s to 720h"},
	} {
		t.Run(tt.name, func(t *testing.T) { provoke(t, tt.fault, tt.want) })
	}
}

// What looks odd and is allowed.
func TestValidateBackendAllows(t *testing.T) {
	for name, change := range map[string]func(*configs.Config){
		"nobody":           func(c *configs.Config) { c.Backend = configs.Default().Backend },
		"https everywhere": reportTo("https://10.1.2.3:8443/reports?from=otagate"),
		"http on loopback": reportTo("http://127.0.0.1:8081"),
		"loopback of IPv6": reportTo("http://[::1]:8081/"),
		"localhost":        reportTo("http://localhost/"),
		"plain everywhere": func(c *configs.Config) { reportTo("http://10.1.2.3/")(c); c.Backend.Plain = true },
		"token":            tokenIn(write(t, "b.token", "eyJ0.A-_~+/==\n")),
		"no doubling":      func(c *configs.Config) { c.Backend.MaxPause = c.Backend.Pause },
	} {
		t.Run(name, func(t *testing.T) { allow(t, change) })
	}
}

// The token comes from a file, without white space around it.
func TestToken(t *testing.T) {
	for _, tt := range []struct {
		name, file, want string
		bad              bool
	}{
		{name: "none"},
		{name: "line end", file: write(t, "a", "geheim12\r\n"), want: "geheim12"},
		{name: "no line end", file: write(t, "a", "geheim12"), want: "geheim12"},
		{name: "as long as it gets", file: write(t, "a", strings.Repeat("g", 4096)), want: strings.Repeat("g", 4096)},
		{name: "header", file: write(t, "a", "Bearer geheim"), bad: true},
		{name: "no ASCII", file: write(t, "a", "geh\u00e9im"), bad: true},
		{name: "no file", file: filepath.Join(t.TempDir(), "geheim"), bad: true},
	} {
		b := configs.Backend{TokenFile: tt.file}
		got, err := b.Token()
		if got != tt.want || (err != nil) != tt.bad {
			t.Errorf("%s: %q, %v", tt.name, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "geh") {
			t.Errorf("%s: shows a secret: %v", tt.name, err)
		}
	}
}
