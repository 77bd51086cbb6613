package configs_test

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/configs"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func argon2Parts(t *testing.T, hash string) (salt, sum []byte) {
	t.Helper()
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[3] != "m=19456,t=2,p=1" {
		t.Fatalf("hash of %d parts with parameters that this test does not know", len(parts))
	}
	var errs [2]error
	salt, errs[0] = base64.RawStdEncoding.DecodeString(parts[4])
	sum, errs[1] = base64.RawStdEncoding.DecodeString(parts[5])
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	return salt, sum
}

// A file that says nothing is the defaults.
func TestDefaults(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "smpp:\ntriggers:\n"} {
		file := write(t, "empty.yaml", text)
		got, err := configs.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		want := configs.Default()
		want.File = file
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q (-want +got):\n%s", text, d)
		}
	}
}

// Defaults of a list entry hold for what the entry does not say, and only
// for that.
func TestEntryDefaults(t *testing.T) {
	c, err := configs.Load(write(t, "c.yaml", `
smpp: {accounts: [{name: a}, {name: b, window: 0, max_binds: 7}]}
push: {attempts: 3, ss7: {ask_again: 0s}}
links: [{name: l}, {name: m, receipts: false, dest_ton: 0, way: sar, retry: {max: 1m}, slow_down: {min: 2s}}]
ss7: {network_indicator: 0, mscs: [{name: m}], m3ua: {peers: [{name: p}]}}
otasp: {repeats: 0, a_key_versions: []}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []configs.Account{{Name: "a", MaxBinds: 2, Window: 10, MessageID: "hex", ReceiptTTL: 72 * time.Hour, DedupTime: time.Hour, Deliver: "fair"}, {Name: "b", MaxBinds: 7, MessageID: "hex", ReceiptTTL: 72 * time.Hour, DedupTime: time.Hour, Deliver: "fair"}}
	if d := cmp.Diff(want, c.SMPP.Accounts); d != "" {
		t.Errorf("accounts (-want +got):\n%s", d)
	}
	if c.SS7.MSCs[0].SegmentSize != 180 || c.SS7.M3UA.Peers[0].Transport != "sctp" {
		t.Errorf("msc %+v, peer %+v", c.SS7.MSCs[0], c.SS7.M3UA.Peers[0])
	}
	links := []configs.Link{
		{
			Name: "l", Kind: "transceiver", Binds: 1, Version: "3.4", Window: 10, Bind: 15 * time.Second, Response: time.Minute, EnquireLink: 30 * time.Second,
			Retry: configs.Backoff{Min: 500 * time.Millisecond, Max: 30 * time.Second}, SlowDown: configs.Backoff{Min: time.Second, Max: 30 * time.Second}, DestTON: 1, DestNPI: 1, DataCoding: 4,
			Way: "as-is", Octets: 140, Parts: 5, Receipts: true, MessageID: "any", Doubt: 10 * time.Minute, Relay: configs.LinkRelay{Failover: 30 * time.Second, Join: time.Minute},
		},
		{
			Name: "m", Kind: "transceiver", Binds: 1, Version: "3.4", Window: 10, Bind: 15 * time.Second, Response: time.Minute, EnquireLink: 30 * time.Second,
			Retry: configs.Backoff{Min: 500 * time.Millisecond, Max: time.Minute}, SlowDown: configs.Backoff{Min: 2 * time.Second, Max: 30 * time.Second},
			DestNPI: 1, DataCoding: 4,
			Way: "sar", Octets: 140, Parts: 5, MessageID: "any", Doubt: 10 * time.Minute, Relay: configs.LinkRelay{Failover: 30 * time.Second, Join: time.Minute},
		},
	}
	if d := cmp.Diff(links, c.Links); d != "" {
		t.Errorf("links (-want +got):\n%s", d)
	}
	if p := c.Push; p.Attempts != 3 || p.Pause != 30*time.Second || p.SS7.AskAgain != 0 || p.SS7.Teleservice != 4100 {
		t.Errorf("push %+v", p)
	}
	if c.SS7.NetworkIndicator != 0 || c.OTASP.Repeats != 0 || len(c.OTASP.AKeyVersions) != 0 {
		t.Errorf("a zero that was written became a default: %+v %+v", c.SS7, c.OTASP)
	}
}

func TestLoadValues(t *testing.T) {
	file := write(t, "c.yaml", `
node: {number: 3}
store: {path: data/x.db}
smpp:
  inactivity: 2m30s
  accounts:
    - &ivr {name: IVR.Main, password_hash_file: ivr.hash, rate: 2.5}
    - {<<: *ivr, name: second}
ss7:
  m3ua: {routing_context: 0, network_appearance: 0xffffffff}
  mscs: [{name: m, trn_ranges: [{first: 2222220000, last: "0000000001"}]}]
triggers: [{name: t, protocol_id: 0, tlvs: [{tag: 0x1401, name: TRN}]}]
`)
	c, err := configs.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(file)
	if got, want := c.Store.Path, filepath.Join(dir, "data/x.db"); got != want {
		t.Errorf("store.path %s, want %s", got, want)
	}
	if c.Node.Number != 3 || c.SMPP.Inactivity != 150*time.Second {
		t.Errorf("node %d, inactivity %s", c.Node.Number, c.SMPP.Inactivity)
	}
	first, second := c.SMPP.Accounts[0], c.SMPP.Accounts[1]
	if first.Name != "IVR.Main" || second.Name != "second" || second.Rate != 2.5 ||
		second.PasswordHashFile != filepath.Join(dir, "ivr.hash") {
		t.Errorf("accounts %+v %+v", first, second)
	}
	m := c.SS7.M3UA
	if m.RoutingContext == nil || *m.RoutingContext != 0 || m.NetworkAppearance == nil || *m.NetworkAppearance != 1<<32-1 || m.ASPID != nil {
		t.Errorf("m3ua %+v", m)
	}
	want := configs.TRNRange{First: "2222220000", Last: "0000000001"}
	if got := c.SS7.MSCs[0].TRNRanges[0]; got != want {
		t.Errorf("range %+v, want %+v", got, want)
	}
	tr := c.Triggers[0]
	if tr.ProtocolID == nil || *tr.ProtocolID != 0 || tr.TLVs[0].Tag != 0x1401 {
		t.Errorf("trigger %+v", tr)
	}
}

// Names of files are relative to the configuration, wherever it is read from.
func TestLoadFiles(t *testing.T) {
	file := write(t, "c.yaml", `
http: {certificate: tls/a.crt, key: /etc/a.key, initiators: [{name: i, password_hash_file: i.hash}]}
links: [{name: l, password_file: l.password, tls: {ca: l.ca, certificate: l.crt, key: /etc/l.key}}, {name: m, password_env: M}]
push:
  profiles: [{name: p, file: ../p.xml}]
iota: {certificate: tls/b.crt, key: /etc/b.key, client_ca: ../ca.pem}
backend: {token_file: b.token}
`)
	c, err := configs.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(file)
	for _, f := range [...]struct{ got, want string }{
		{c.HTTP.Certificate, filepath.Join(dir, "tls/a.crt")},
		{c.HTTP.Key, "/etc/a.key"},
		{c.IOTA.Certificate, filepath.Join(dir, "tls/b.crt")},
		{c.IOTA.Key, "/etc/b.key"},
		{c.IOTA.ClientCA, filepath.Join(filepath.Dir(dir), "ca.pem")},
		{c.HTTP.Initiators[0].PasswordHashFile, filepath.Join(dir, "i.hash")},
		{c.Links[0].PasswordFile, filepath.Join(dir, "l.password")},
		{c.Links[0].TLS.CA, filepath.Join(dir, "l.ca")},
		{c.Links[0].TLS.Certificate, filepath.Join(dir, "l.crt")},
		{c.Links[0].TLS.Key, "/etc/l.key"},
		{c.Links[1].PasswordFile, ""},
		{c.Push.Profiles[0].File, filepath.Join(filepath.Dir(dir), "p.xml")},
		{c.Backend.TokenFile, filepath.Join(dir, "b.token")},
	} {
		if f.got != f.want {
			t.Errorf("%q, want %q", f.got, f.want)
		}
	}
}

func TestEnvironment(t *testing.T) {
	for name, value := range map[string]string{
		"OTAGATE_NODE_NUMBER": "9", "OTAGATE_LOG_LEVEL": "debug", "OTAGATE_LOG_FORMAT": "console",
		"OTAGATE_STORE_PATH": "env.db", "OTAGATE_SMPP_LISTEN": "127.0.0.9:1", "OTAGATE_HTTP_LISTEN": "127.0.0.9:2",
		"OTAGATE_IOTA_LISTEN": "127.0.0.9:3",
	} {
		t.Setenv(name, value)
	}
	c, err := configs.Load(write(t, "c.yaml", "log: {level: warn, pdu: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Node.Number != 9 || c.SMPP.Listen != "127.0.0.9:1" || c.HTTP.Listen != "127.0.0.9:2" || c.IOTA.Listen != "127.0.0.9:3" || filepath.Base(c.Store.Path) != "env.db" {
		t.Errorf("node %d, listen %s and %s, store %s", c.Node.Number, c.SMPP.Listen, c.HTTP.Listen, c.Store.Path)
	}
	if want := (configs.Log{Level: "debug", Format: "console", PDU: true, Counters: time.Minute}); c.Log != want {
		t.Errorf("log %+v, want %+v", c.Log, want)
	}
	t.Setenv("OTAGATE_NODE_NUMBER", "900")
	if _, err := configs.Load(write(t, "c.yaml", "")); err == nil || !strings.Contains(err.Error(), "OTAGATE_NODE_NUMBER") {
		t.Errorf("a node number of 900: %v", err)
	}
}

// What cannot be read as a configuration is said with its line.
func TestLoadProblems(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"syntax", "smpp:\n  listen: [a\nstore: b\n", `:2: did not find expected ',' or ']'`},
		{"indentation", "log: {}\nsmpp:\n  listen: a\n system_id: b\n", ":4: did not find expected key"},
		{"colon", "log: {}\nsmpp: listen: a\n", ":2: mapping values are not allowed in this context"},
		{"tab", "smpp:\n\tlisten: a\n", ":2: found character that cannot start any token"},
		{"key twice", "log: {}\nsmpp: {}\nlog: {}\n", `:3: mapping key "log" already defined at line 1`},
		{"asterisk", "triggers:\n  - name: t\n    destination: *228\n", `:3: *228 means something else to YAML; allowed is the text in quotes, "*228"`},
		{"anchor in itself", "log: &a {level: *a}\n", "anchor 'a' value contains itself"},
		{"second document", "log: {}\n---\nlog: {}\n", ": a second YAML document; allowed is one"},
		{"near miss", "smpp:\n  listn: 127.0.0.1:1\n", ":2: smpp.listn: unknown key, did you mean listen; allowed are listen, listen_tls, tls, system_id,"},
		{"dash", "ss7: {point-code: 1-2-3}\n", ":1: ss7.point-code: unknown key, did you mean point_code;"},
		{"upper case", "SMPP: {}\n", ":1: SMPP: unknown key, did you mean smpp; allowed are node, log, store, smpp, ss7, otasp, http, push, links, routes, iota, backend, triggers"},
		{"beginning", "ss7: {network: 2}\n", ":1: ss7.network: unknown key, did you mean network_indicator;"},
		{"dot", "smpp.listen: 127.0.0.1:1\n", ":1: smpp.listen: unknown key, did you mean smpp; allowed are"},
		{"strange", "log: {frobnicate: 1}\n", ":1: log.frobnicate: unknown key; allowed are level, format, pdu"},
		{"in a named entry", "ss7:\n  mscs:\n    - name: msc1\n      ssn: 8\n", ":4: ss7.mscs[msc1].ssn: unknown key"},
		{"in an entry without a name", "ss7:\n  mscs:\n    - ssn: 8\n", ":3: ss7.mscs[0].ssn: unknown key"},
		{"mapping of accounts", "smpp:\n  accounts:\n    ivr: {}\n", ":3: smpp.accounts: a mapping where a list is expected; each entry begins with a dash"},
		{"value for keys", "smpp: 7\n", ":1: smpp: a value where keys are expected; allowed are listen,"},
		{"list for value", "log: {level: [a]}\n", ":1: log.level: a list where one value is expected"},
		{"no value", "log:\n  level:\n", ":2: log.level: a key without a value; allowed is a value, or no key"},
		{"not a flag", "log: {pdu: 1}\n", `:1: log.pdu: "1"; allowed is true or false`},
		{"yes", "log: {pdu: yes}\n", `:1: log.pdu: "yes"; allowed is true or false`},
		{"no unit", "smpp: {response: 45}\n", ":1: smpp.response: 45 has no unit; allowed is a duration such as 45s, 500ms or 15m"},
		{"strange unit", "smpp: {response: 45sec}\n", `:1: smpp.response: "45sec" is not a duration; allowed is one such as 45s, 500ms or 15m`},
		{"octal", "smpp: {pdu_limit: 010}\n", `:1: smpp.pdu_limit: "010"; allowed is a whole number without leading zeros, or 0x and hexadecimal digits`},
		{"not a number", "ss7: {ssn: twelve}\n", `:1: ss7.ssn: "twelve"; allowed is a whole number`},
		{"too big for an octet", "ss7: {ssn: 300}\n", ":1: ss7.ssn: 300 is out of range; allowed is 0 to 255"},
		{"negative", "ss7: {ssn: -1}\n", ":1: ss7.ssn: -1 is out of range; allowed is 0 to 255"},
		{"too big for a context", "ss7: {m3ua: {routing_context: 4294967296}}\n", ":1: ss7.m3ua.routing_context: 4294967296 is out of range; allowed is 0 to 4294967295"},
		{"too big at all", "smpp: {pdu_limit: 9223372036854775808}\n", ":1: smpp.pdu_limit: 9223372036854775808 is out of range"},
		{"rate", "smpp:\n  accounts: [{name: a, rate: fast}]\n", `:2: smpp.accounts[a].rate: "fast" is not a number`},
		{"digits that would change", "otasp: {activation_mins: {first: 0191230000}}\n", `:1: otasp.activation_mins.first: 0191230000 is read as another value without quotes; allowed is the text in quotes, "0191230000"`},
		{"text that is a flag", "node: {}\nstore: {path: true}\n", `:2: store.path: true is read as another value without quotes`},
		{"password", "smpp:\n  accounts:\n    - name: ivr\n      password: geheim\n", ":4: smpp.accounts[ivr].password: a password is never written here; allowed are password_hash, password_hash_file, password_hash_env"},
		{"password of an initiator", "http:\n  initiators:\n    - name: acme\n      password: geheim\n", ":4: http.initiators[acme].password: a password is never written here; allowed are password_hash, password_hash_file, password_hash_env"},
		{"password of a link", "links:\n  - name: smsc1\n    password: geheim\n", ":3: links[smsc1].password: a password is never written here; allowed are password_file, password_env"},
		{"password of a link as a number", "links: [{name: smsc1, password_env: 0123}]\n", ":1: links[smsc1].password_env: cannot be read (not shown here)"},
		{"password of a link as a file", "links: [{name: smsc1, password_file: 0123}]\n", ":1: links[smsc1].password_file: cannot be read (not shown here)"},
		{"key of push", "push: {validty: 1h}\n", ":1: push.validty: unknown key, did you mean validity; allowed are validity, max_validity,"},
		{"key of boot", "iota: {boot: {trust: true}}\n", ":1: iota.boot.trust: unknown key, did you mean trust_query; allowed are enabled, trust_query, esn_key, meid_key"},
		{"application of a push", "iota: {app_id: 65536}\n", ":1: iota.app_id: 65536 is out of range; allowed is 0 to 65535"},
		{"TON", "links: [{name: l, source_ton: 256}]\n", ":1: links[l].source_ton: 256 is out of range; allowed is 0 to 255"},
		{"teleservice", "push: {ss7: {teleservice: 65536}}\n", ":1: push.ss7.teleservice: 65536 is out of range; allowed is 0 to 65535"},
		{"token", "backend:\n  token: geheim\n", ":2: backend.token: a token is never written here; allowed is token_file"},
		{"token as a file", "backend: {token_file: 0123}\n", ":1: backend.token_file: cannot be read (not shown here)"},
		{"key of backend", "backend: {reports: x}\n", ":1: backend.reports: unknown key, did you mean report; allowed are report, token_file, plain,"},
		{"password as a number", "smpp: {accounts: [{name: ivr, password_hash: 0123}]}\n", ":1: smpp.accounts[ivr].password_hash: cannot be read (not shown here)"},
		{"password as a variable", "smpp: {accounts: [{name: ivr, password_hash_env: 0123}]}\n", ":1: smpp.accounts[ivr].password_hash_env: cannot be read (not shown here)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := write(t, "lab.yaml", tt.text)
			c, err := configs.Load(file)
			if c != nil || err == nil {
				t.Fatalf("no error")
			}
			if !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), file) {
				t.Errorf("\n got %s\nwant %s", err, tt.want)
			}
			if strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "0123\"") {
				t.Errorf("shows a secret: %s", err)
			}
			var ps configs.Problems
			if !errors.As(err, &ps) || len(ps) != 1 {
				t.Errorf("%d problems, want 1: %v", len(ps), err)
			}
		})
	}
}

func TestLoadAllProblemsAtOnce(t *testing.T) {
	_, err := configs.Load(write(t, "c.yaml", "a: 1\nlog: {b: 2}\nss7: {ssn: 999}\n"))
	var ps configs.Problems
	if !errors.As(err, &ps) || len(ps) != 3 {
		t.Fatalf("%v", err)
	}
	for i, p := range ps {
		if p.Line != i+1 {
			t.Errorf("problem %d in line %d: %s", i, p.Line, p)
		}
	}
}

func TestLoadWithoutFile(t *testing.T) {
	if _, err := configs.Load(filepath.Join(t.TempDir(), "none.yaml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
