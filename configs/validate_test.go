package configs_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
)

// lab is the laboratory configuration, to be broken in one place.
func lab(t *testing.T) *configs.Config {
	t.Helper()
	c, err := configs.Load("lab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c.File = "lab.yaml"
	return c
}

const bcryptHash = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"

// screened is a configuration with one peer, that has this fault.
func screened(fault func(p *configs.ScreenedPeer)) func(c *configs.Config) {
	return func(c *configs.Config) {
		p := configs.ScreenedPeer{Name: "hlr", PointCodes: []string{"1-12-7"}, Rate: 1, Burst: 1}
		fault(&p)
		c.SS7.Screening.Peers = []configs.ScreenedPeer{p}
	}
}

func octet(n uint8) *uint8 { return &n }

// Every message, each from one fault in a good configuration.
func TestValidate(t *testing.T) {
	type cfg = configs.Config
	for _, tt := range []struct {
		name  string
		fault func(c *cfg)
		want  string // the whole line behind the file
	}{
		{"node", func(c *cfg) { c.Node.Number = 16 }, "node.number: 16; allowed is 0 to 15"},
		{"level", func(c *cfg) { c.Log.Level = "warning" }, `log.level: unknown value "warning"; allowed are debug, info, warn and error (did you mean warn)`},
		{"format", func(c *cfg) { c.Log.Format = "" }, "log.format: missing; allowed are json and console"},
		{"counters", func(c *cfg) { c.Log.Counters = time.Millisecond }, "log.counters: 1ms; allowed is 1s to 24h, or 0s for never"},
		{"negative counters", func(c *cfg) { c.Log.Counters = -time.Minute }, "log.counters: -1m0s; allowed is 1s to 24h, or 0s for never"},
		{"counters of a week", func(c *cfg) { c.Log.Counters = 168 * time.Hour }, "log.counters: 168h0m0s; allowed is 1s to 24h, or 0s for never"},
		{"no store", func(c *cfg) { c.Store.Path = "" }, "store.path: missing; allowed is the name of the SQLite file"},
		{"store is a directory", func(c *cfg) { c.Store.Path = "." }, "store.path: . is a directory; allowed is the name of a file in it"},
		{"store nowhere", func(c *cfg) { c.Store.Path = "none/x.db" }, "store.path: there is no directory none; allowed is a file in a directory that exists"},

		{"listen", func(c *cfg) { c.SMPP.Listen = "2775" }, `smpp.listen: "2775" is not an address; allowed is host:port such as 127.0.0.1:2775`},
		{"listen port", func(c *cfg) { c.SMPP.Listen = ":smpp" }, `smpp.listen: port "smpp"; allowed is 0 to 65535`},
		{"listen host", func(c *cfg) { c.SMPP.Listen = "127.0.0.256:1" }, `smpp.listen: "127.0.0.256" is not an IP address; allowed is one, or the name of a host`},
		{"system_id", func(c *cfg) { c.SMPP.SystemID = "" }, "smpp.system_id: 0 characters; allowed are 1 to 15 (SMPP 3.4 system_id)"},
		{"pdu_limit", func(c *cfg) { c.SMPP.PDULimit = 16 }, "smpp.pdu_limit: 16; allowed is 1024 to 1048576"},
		{"max_connections", func(c *cfg) { c.SMPP.MaxConnections = 0 }, "smpp.max_connections: 0; allowed is 1 to 100000"},
		{"session_init", func(c *cfg) { c.SMPP.SessionInit = 0 }, "smpp.session_init: 0s; allowed is 100ms to 24h"},
		{"enquire_link", func(c *cfg) { c.SMPP.EnquireLink = -time.Second }, "smpp.enquire_link: -1s; allowed is 100ms to 24h"},
		{"response", func(c *cfg) { c.SMPP.Response = 48 * time.Hour }, "smpp.response: 48h0m0s; allowed is 100ms to 24h"},
		{"inactivity", func(c *cfg) { c.SMPP.Inactivity = 30 * time.Second },
			"smpp.inactivity: 30s is not longer than enquire_link (30s), so idle binds would be closed before they are asked; allowed is more than enquire_link"},
		{"inactivity zero", func(c *cfg) { c.SMPP.Inactivity = 0 }, "smpp.inactivity: 0s; allowed is 100ms to 24h"},
		{"no accounts", func(c *cfg) { c.SMPP.Accounts = nil; c.Triggers[0].Account = "" }, "smpp.accounts: missing; allowed is one entry or more, nobody could bind"},
		{"account name twice", func(c *cfg) { c.SMPP.Accounts = append(c.SMPP.Accounts, c.SMPP.Accounts[0]) }, "smpp.accounts[ivr].name: two entries have this name; allowed is one"},
		{"account without a name", func(c *cfg) { c.SMPP.Accounts[0].Name = ""; c.Triggers[0].Account = "" }, "smpp.accounts[0].name: missing; allowed is any name that no other entry has"},
		{"account name", func(c *cfg) { c.SMPP.Accounts[0].Name = "iv\u00fc"; c.Triggers[0].Account = "" }, `smpp.accounts[ivü].name: "ivü" is not ASCII text; allowed are printable ASCII characters (SMPP 3.4 system_id)`},
		{"long account name", func(c *cfg) { c.SMPP.Accounts[0].Name = "ivr.example.org1"; c.Triggers[0].Account = "" }, "smpp.accounts[ivr.example.org1].name: 16 characters; allowed are 1 to 15 (SMPP 3.4 system_id)"},
		{"no networks", func(c *cfg) { c.SMPP.Accounts[0].Networks = nil }, "smpp.accounts[ivr].networks: missing, so nobody could bind; allowed is a list of CIDR blocks such as 10.0.0.0/8"},
		{"network", func(c *cfg) { c.SMPP.Accounts[0].Networks[0] = "10.0.0.0/33" }, `smpp.accounts[ivr].networks[0]: "10.0.0.0/33" is not a network; allowed is a CIDR block such as 10.0.0.0/8`},
		{"one address", func(c *cfg) { c.SMPP.Accounts[0].Networks[1] = "::1" }, `smpp.accounts[ivr].networks[1]: "::1" has no prefix length; allowed is ::1/128 for one address`},
		{"host bits", func(c *cfg) { c.SMPP.Accounts[0].Networks[0] = "10.1.2.3/8" }, `smpp.accounts[ivr].networks[0]: "10.1.2.3/8" has bits behind its prefix; allowed is 10.0.0.0/8`},
		{"max_binds", func(c *cfg) { c.SMPP.Accounts[0].MaxBinds = 0 }, "smpp.accounts[ivr].max_binds: 0; allowed is 1 to 1000"},
		{"window", func(c *cfg) { c.SMPP.Accounts[0].Window = -1 }, "smpp.accounts[ivr].window: -1; allowed is 1 to 10000"},
		{"message_id", func(c *cfg) { c.SMPP.Accounts[0].MessageID = "octal" }, `smpp.accounts[ivr].message_id: unknown value "octal"; allowed are hex and decimal`},
		{"receipt_ttl", func(c *cfg) { c.SMPP.Accounts[0].ReceiptTTL = time.Second }, "smpp.accounts[ivr].receipt_ttl: 1s; allowed is 1m0s to 720h"},
		{"dedup", func(c *cfg) { c.SMPP.Accounts[0].Dedup = "mesage_payload" }, `smpp.accounts[ivr].dedup: "mesage_payload" is no TLV; allowed is 1 to 65535, or a name of smpp.tlvs or of SMPP (did you mean message_payload)`},
		{"dedup_time", func(c *cfg) { c.SMPP.Accounts[0].Dedup, c.SMPP.Accounts[0].DedupTime = "0x1401", 0 }, "smpp.accounts[ivr].dedup_time: 0s; allowed is 1s to 24h"},
		{"alphabet", func(c *cfg) { c.SMPP.Accounts[0].Alphabet = "utf8" }, `smpp.accounts[ivr].alphabet: unknown value "utf8"; allowed are gsm7, ascii, latin1 and ucs2`},
		{"deliver", func(c *cfg) { c.SMPP.Accounts[0].Deliver = "" }, "smpp.accounts[ivr].deliver: missing; allowed are fair and sticky"},
		{"rate", func(c *cfg) { c.SMPP.Accounts[0].Rate = -0.5 }, "smpp.accounts[ivr].rate: -0.5; allowed is 0 (no limit) to 1000000 segments a second"},
		{"mode", func(c *cfg) { c.SMPP.Accounts[0].Modes[0] = "transciever" }, `smpp.accounts[ivr].modes[0]: unknown value "transciever"; allowed are transmitter, receiver and transceiver (did you mean transceiver)`},
		{"mode twice", func(c *cfg) { c.SMPP.Accounts[0].Modes[1] = "transmitter" }, "smpp.accounts[ivr].modes[1]: transmitter is given twice; allowed is once"},

		{"screening refusal", func(c *cfg) { c.SS7.Screening.Refusal = "drop" }, `ss7.screening.refusal: unknown value "drop"; allowed are reject, error and discard`},
		{"screening strangers", func(c *cfg) { c.SS7.Screening.Strangers = "" }, "ss7.screening.strangers: missing; allowed are reject, error and discard"},
		{"screening rate", func(c *cfg) { c.SS7.Screening.Rate = -1 }, "ss7.screening.rate: -1; allowed is 0 (no limit) to 1000000 INVOKEs a second"},
		{"no rate at all", func(c *cfg) { c.SS7.Screening.Guesses.Rate = math.NaN() }, "ss7.screening.guesses.rate: NaN; allowed is 0 (no limit) to 1000000 guesses a second"},
		{"guesses burst", func(c *cfg) { c.SS7.Screening.Guesses.Burst = 0 }, "ss7.screening.guesses.burst: 0; allowed is 1 to 1000000"},
		{"guesses hold", func(c *cfg) { c.SS7.Screening.Guesses.Hold = time.Second }, "ss7.screening.guesses.hold: 1s; allowed is 1m0s to 24h"},
		{"peer without a name", screened(func(p *configs.ScreenedPeer) { p.Name = "" }), "ss7.screening.peers[0].name: missing; allowed is any name that no other entry has"},
		{"peer that is nobody", screened(func(p *configs.ScreenedPeer) { p.PointCodes = nil }), "ss7.screening.peers[hlr].point_codes: missing, and no gt_prefixes either, so nobody would be this peer; allowed is a list of point codes"},
		{"peer's point code", screened(func(p *configs.ScreenedPeer) { p.PointCodes[0] = "0-0-0" }), `ss7.screening.peers[hlr].point_codes[0]: "0-0-0" is nobody's point code; allowed is any other`},
		{"peer's title", screened(func(p *configs.ScreenedPeer) { p.GTPrefixes = []string{""} }), `ss7.screening.peers[hlr].gt_prefixes[0]: ""; allowed are 1 to 15 digits`},
		{"peer's SSN", screened(func(p *configs.ScreenedPeer) { p.SSNs = []uint8{6, 1} }), "ss7.screening.peers[hlr].ssns[1]: 1; allowed is 2 to 255 (0 is unknown, 1 is SCCP management)"},
		{"peer's rate", screened(func(p *configs.ScreenedPeer) { p.Rate = 2e6 }), "ss7.screening.peers[hlr].rate: 2e+06; allowed is 0 (no limit) to 1000000 INVOKEs a second"},
		{"peer's burst", screened(func(p *configs.ScreenedPeer) { p.Burst = 0 }), "ss7.screening.peers[hlr].burst: 0; allowed is 1 to 1000000"},
		{"answers from", func(c *cfg) { c.SS7.MSCs[0].Route.AnswersFrom = []string{"1-12"} }, `ss7.mscs[msc1].route.answers_from[0]: "1-12" is not a point code; allowed is network-cluster-member (each 0 to 255) or a number below 2^24`},
		{"answers from any and one", func(c *cfg) { c.SS7.ACs[0].Route.AnswersFrom = []string{"1-12-9", "any"} }, "ss7.acs[hlr1].route.answers_from: any beside point codes; allowed is one of the two"},

		{"no hash", func(c *cfg) { c.SMPP.Accounts[0].PasswordHash = "" }, "smpp.accounts[ivr].password_hash: 0 of password_hash, password_hash_file and password_hash_env are given; allowed is exactly one"},
		{"two hashes", func(c *cfg) { c.SMPP.Accounts[0].PasswordHashEnv = "X" }, "smpp.accounts[ivr].password_hash: 2 of password_hash, password_hash_file and password_hash_env are given; allowed is exactly one"},
		{"plain password", hash("geheim"), "smpp.accounts[ivr].password_hash: not a hash (plain-text passwords are refused); allowed is " + allowed},
		{"argon2i", hash("$argon2i$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"), "smpp.accounts[ivr].password_hash: another kind of argon2 than argon2id; allowed is " + allowed},
		{"argon2id version", hash("$argon2id$v=16$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"), "smpp.accounts[ivr].password_hash: not a complete argon2id hash of version 19; allowed is " + allowed},
		{"argon2id cut", hash("$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAA"), "smpp.accounts[ivr].password_hash: an argon2id hash with a damaged salt or sum; allowed is " + allowed},
		{"argon2id parameters", hash("$argon2id$v=19$m=65536$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"), "smpp.accounts[ivr].password_hash: an argon2id hash without m, t and p; allowed is " + allowed},
		{"argon2id memory", hash("$argon2id$v=19$m=99999999,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"), "smpp.accounts[ivr].password_hash: an argon2id hash with m out of 8 to 262144; allowed is " + allowed},
		{"bcrypt cut", hash("$2b$10$N9qo8uLOickgx2ZMRZoMye"), "smpp.accounts[ivr].password_hash: not a complete bcrypt hash; allowed is " + allowed},
		{"bcrypt cost", hash(strings.Replace(bcryptHash, "$10$", "$17$", 1)), "smpp.accounts[ivr].password_hash: a bcrypt hash with a cost over 16; allowed is " + allowed},
		{"hash file", func(c *cfg) { c.SMPP.Accounts[0].PasswordHash, c.SMPP.Accounts[0].PasswordHashFile = "", "geheim" },
			"smpp.accounts[ivr].password_hash_file: the file of this name cannot be read: no such file or directory; allowed is one that holds " + allowed},
		{"hash variable", func(c *cfg) { c.SMPP.Accounts[0].PasswordHash, c.SMPP.Accounts[0].PasswordHashEnv = "", "geheim" },
			"smpp.accounts[ivr].password_hash_env: no environment variable of this name is set; allowed is one that holds " + allowed},

		{"variant", func(c *cfg) { c.SS7.Variant = "itu" }, `ss7.variant: unknown value "itu"; allowed is ansi`},
		{"no point code", func(c *cfg) { c.SS7.PointCode = "" }, "ss7.point_code: missing; allowed is network-cluster-member such as 1-12-5"},
		{"point code", func(c *cfg) { c.SS7.PointCode = "1-12-256" }, `ss7.point_code: "1-12-256" is not a point code; allowed is network-cluster-member (each 0 to 255) or a number below 2^24`},
		{"point code zero", func(c *cfg) { c.SS7.PointCode = "0-0-0" }, `ss7.point_code: "0-0-0" is nobody's point code; allowed is any other`},
		{"network indicator", func(c *cfg) { c.SS7.NetworkIndicator = 4 }, "ss7.network_indicator: 4; allowed is 0 to 3"},
		{"priority", func(c *cfg) { c.SS7.Priority = 4 }, "ss7.priority: 4; allowed is 0 to 3"},
		{"ssn", func(c *cfg) { c.SS7.SSN = 0 }, "ss7.ssn: 0; allowed is 2 to 255 (0 is unknown, 1 is SCCP management)"},
		{"max_transactions", func(c *cfg) { c.SS7.MaxTransactions = 0 }, "ss7.max_transactions: 0; allowed is 1 to 1048576"},
		{"hop counter", func(c *cfg) { c.SS7.HopCounter = 16 }, "ss7.hop_counter: 16; allowed is 1 to 15"},
		{"timer smdpp", func(c *cfg) { c.SS7.Timers.SMDPP = 0 }, "ss7.timers.smdpp: 0s; allowed is 100ms to 24h"},
		{"timer otaspreq", func(c *cfg) { c.SS7.Timers.OTASPREQ = 0 }, "ss7.timers.otaspreq: 0s; allowed is 100ms to 24h"},
		{"timer ssd_update", func(c *cfg) { c.SS7.Timers.SSDUpdate = 0 }, "ss7.timers.ssd_update: 0s; allowed is 100ms to 24h"},
		{"timer reassembly", func(c *cfg) { c.SS7.Timers.Reassembly = 0 }, "ss7.timers.reassembly: 0s; allowed is 100ms to 24h"},
		{"timer ack", func(c *cfg) { c.SS7.Timers.Ack = 0 }, "ss7.timers.ack: 0s; allowed is 100ms to 24h"},
		{"timer beat", func(c *cfg) { c.SS7.Timers.Beat = 0 }, "ss7.timers.beat: 0s; allowed is 100ms to 24h"},
		{"traffic mode", func(c *cfg) { c.SS7.M3UA.TrafficMode = "load-share" }, `ss7.m3ua.traffic_mode: unknown value "load-share"; allowed are override, loadshare and broadcast (did you mean loadshare)`},
		{"no peers", func(c *cfg) { c.SS7.M3UA.Peers = nil }, "ss7.m3ua.peers: missing, so nothing else of ss7 has a use; allowed is one signalling gateway or more, or no section ss7"},
		{"peer name twice", func(c *cfg) { c.SS7.M3UA.Peers = append(c.SS7.M3UA.Peers, c.SS7.M3UA.Peers[0]) }, "ss7.m3ua.peers[sim].name: two entries have this name; allowed is one"},
		{"transport", func(c *cfg) { c.SS7.M3UA.Peers[0].Transport = "udp" }, `ss7.m3ua.peers[sim].transport: unknown value "udp"; allowed are sctp and tcp`},
		{"no addresses", func(c *cfg) { c.SS7.M3UA.Peers[0].Addresses = nil }, "ss7.m3ua.peers[sim].addresses: missing; allowed is a list of host:port"},
		{"address", addresses("tcp", "10.1.2.3"), `ss7.m3ua.peers[sim].addresses[0]: "10.1.2.3" is not an address; allowed is host:port such as 10.1.2.3:2905`},
		{"address port", addresses("tcp", "10.1.2.3:0"), `ss7.m3ua.peers[sim].addresses[0]: port "0"; allowed is 1 to 65535`},
		{"address host", addresses("tcp", "10.1.2:2905"), `ss7.m3ua.peers[sim].addresses[0]: "10.1.2" is not an IP address; allowed is one, or the name of a host`},
		{"two addresses over tcp", addresses("tcp", "10.1.2.3:1", "10.1.2.4:1"), "ss7.m3ua.peers[sim].addresses: 2 addresses; allowed is one, only sctp has several"},
		{"two ports", addresses("sctp", "10.1.2.3:1", "10.1.2.4:2"), "ss7.m3ua.peers[sim].addresses[1]: port 2, but the first address has 1; allowed is one port for all addresses"},
		{"local", func(c *cfg) {
			addresses("sctp", "10.1.2.3:2905")(c)
			c.SS7.M3UA.Peers[0].Local = []string{":x"}
		}, `ss7.m3ua.peers[sim].local[0]: ":x" is not an address; allowed is host:port such as 10.1.2.3:2905`},

		{"local over tcp", func(c *cfg) { c.SS7.M3UA.Peers[0].Local = []string{"127.0.0.1:0"} }, "ss7.m3ua.peers[sim].local: given for tcp; allowed is with sctp only"},
		{"name over sctp", addresses("sctp", "stp1.example.org:2905"), `ss7.m3ua.peers[sim].addresses[0]: "stp1.example.org" is the name of a host; allowed is an IP address with sctp`},

		{"no mscs", func(c *cfg) { c.SS7.MSCs = nil }, "ss7.mscs: missing; allowed is one serving MSC or more"},
		{"msc point code", func(c *cfg) { c.SS7.MSCs[0].Route.PointCode = "x" }, `ss7.mscs[msc1].route.point_code: "x" is not a point code; allowed is network-cluster-member (each 0 to 255) or a number below 2^24`},
		{"msc ssn", func(c *cfg) { c.SS7.MSCs[0].Route.SSN = 1 }, "ss7.mscs[msc1].route.ssn: 1; allowed is 2 to 255 (0 is unknown, 1 is SCCP management)"},
		{"translation type alone", func(c *cfg) { c.SS7.MSCs[0].Route.TranslationType = 9 }, "ss7.mscs[msc1].route.translation_type: 9 without a global_title; allowed is with one"},
		{"segment over UDT", func(c *cfg) { c.SS7.MSCs[0].SegmentSize = 190 }, "ss7.mscs[msc1].segment_size: 190 does not fit into a UDT; allowed is 1 to 189, or up to 251 with route.xudt"},
		{"segment over XUDT", func(c *cfg) { c.SS7.MSCs[0].SegmentSize, c.SS7.MSCs[0].Route.XUDT = 252, true }, "ss7.mscs[msc1].segment_size: 252; allowed is 1 to 189, or up to 251 with route.xudt"},
		{"no segment", func(c *cfg) { c.SS7.MSCs[0].SegmentSize = 0 }, "ss7.mscs[msc1].segment_size: 0; allowed is 1 to 189, or up to 251 with route.xudt"},
		{"no ranges", func(c *cfg) { c.SS7.MSCs[0].TRNRanges = nil }, "ss7.mscs[msc1].trn_ranges: missing, so this MSC would never be asked; allowed is a list of first and last"},
		{"TRN", func(c *cfg) { c.SS7.MSCs[0].TRNRanges[0].First = "222222" }, `ss7.mscs[msc1].trn_ranges[0].first: "222222" is not a TRN; allowed are 10 digits`},
		{"no last TRN", func(c *cfg) { c.SS7.MSCs[0].TRNRanges[0].Last = "" }, `ss7.mscs[msc1].trn_ranges[0].last: "" is not a TRN; allowed are 10 digits`},
		{"range backwards", func(c *cfg) { c.SS7.MSCs[0].TRNRanges[0].Last = "1000000000" }, "ss7.mscs[msc1].trn_ranges[0]: the first TRN 2222220000 is after the last 1000000000; allowed is first up to last"},
		{"overlap", func(c *cfg) {
			c.SS7.MSCs = append(c.SS7.MSCs, configs.MSC{
				Name: "msc2", Route: c.SS7.MSCs[0].Route, SegmentSize: 180,
				TRNRanges: []configs.TRNRange{{First: "2222229999", Last: "2222230000"}},
			})
		}, "ss7.mscs[msc2].trn_ranges[0]: 2222229999 to 2222230000 overlaps 2222220000 to 2222229999 of ss7.mscs[msc1].trn_ranges[0]; allowed is one MSC for a TRN"},
		{"no ac", func(c *cfg) { c.SS7.ACs = nil }, "ss7.acs: 0 entries; allowed is one HLR/AC, several could not be told apart"},
		{"ac ssn", func(c *cfg) { c.SS7.ACs[0].Route.SSN = 0 }, "ss7.acs[hlr1].route.ssn: 0; allowed is 2 to 255 (0 is unknown, 1 is SCCP management)"},
		{"title leads nowhere", title(configs.Route{GlobalTitle: "9195551234", TranslationType: 14}),
			"ss7.acs[hlr1].route.global_title: no line of ss7.translations leads 9195551234 (translation type 14) anywhere; allowed is a title that one leads on"},
		{"title with letters", title(configs.Route{GlobalTitle: "1x", TranslationType: 14}), `ss7.acs[hlr1].route.global_title: "1x"; allowed are 1 to 15 digits`},
		{"title and point code", title(configs.Route{GlobalTitle: "16", TranslationType: 14, PointCode: "1-12-7"}),
			"ss7.acs[hlr1].route.point_code: 1-12-7 beside a global_title; allowed is one of the two, ss7.translations says who translates"},
		{"title and xudt", title(configs.Route{GlobalTitle: "16", TranslationType: 14, XUDT: true}),
			"ss7.acs[hlr1].route.xudt: true beside a global_title; allowed is with a point_code, how far a title leads is not known here"},
		{"title to SCCP management", title(configs.Route{GlobalTitle: "16", TranslationType: 14, SSN: 1}), "ss7.acs[hlr1].route.ssn: 1; allowed is 2 to 255 (0 is unknown, 1 is SCCP management)"},
		{"translation prefix", translation(configs.Translation{Name: "x", Prefix: "+1", PointCode: "1-1-1"}), `ss7.translations[x].prefix: "+1"; allowed are up to 15 digits`},
		{"translation twice", translation(configs.Translation{Name: "x", TranslationType: 14, Prefix: "1", PointCode: "1-1-1"}), `ss7.translations[x].prefix: "1" with translation type 14 is also that of stp; allowed is once`},
		{"translation point code", translation(configs.Translation{Name: "x"}), "ss7.translations[x].point_code: missing; allowed is network-cluster-member such as 1-12-5"},
		{"translation ssn", translation(configs.Translation{Name: "x", PointCode: "1-1-1", SSN: 1}), "ss7.translations[x].ssn: 1; allowed is 2 to 255 (0 is unknown, 1 is SCCP management)"},

		{"no activation MINs", func(c *cfg) { c.OTASP.ActivationMINs = configs.MINRange{} }, "otasp.activation_mins: missing; allowed are first and last of 10 digits, both included"},
		{"activation MIN", func(c *cfg) { c.OTASP.ActivationMINs.Last = "61912399991" }, `otasp.activation_mins.last: "61912399991" is not a MIN; allowed are 10 digits`},
		{"activation MINs backwards", func(c *cfg) { c.OTASP.ActivationMINs.Last = "6191220000" }, "otasp.activation_mins: the first MIN 6191230000 is after the last 6191220000; allowed is first up to last"},
		{"session time", func(c *cfg) { c.OTASP.SessionTime = 0 }, "otasp.session_time: 0s; allowed is 1s to 24h"},
		{"trigger memory", func(c *cfg) { c.OTASP.TriggerMemory = 0 }, "otasp.trigger_memory: 0s; allowed is 1s to 24h"},
		{"repeats", func(c *cfg) { c.OTASP.Repeats = 11 }, "otasp.repeats: 11; allowed is 0 to 10"},
		{"max_sessions", func(c *cfg) { c.OTASP.MaxSessions = 0 }, "otasp.max_sessions: 0; allowed is 1 to 100000000"},
		{"A-key version", func(c *cfg) { c.OTASP.AKeyVersions = []uint8{1} }, "otasp.a_key_versions[0]: 1; allowed is 2, the one version of the key exchange that is spoken"},
		{"later A-key version", func(c *cfg) { c.OTASP.AKeyVersions = []uint8{2, 3} }, "otasp.a_key_versions[1]: 3; allowed is 2, the one version of the key exchange that is spoken"},
		{"A-key version twice", func(c *cfg) { c.OTASP.AKeyVersions = []uint8{2, 2} }, "otasp.a_key_versions[1]: 2 is given twice; allowed is once"},

		{"nothing to do", func(c *cfg) { c.Triggers, c.HTTP, c.Routes = nil, configs.Default().HTTP, nil },
			"routes: missing, and triggers and http.initiators too, so whatever is submitted would be refused; allowed is one entry or more of one of them"},
		{"flow", func(c *cfg) { c.Triggers[0].Flow = "otapaa" }, `triggers[star228].flow: unknown value "otapaa"; allowed are otasp, otapa, iota and push (did you mean otapa)`},
		{"away time", func(c *cfg) { c.OTASP.AwayTime = 31 * 24 * time.Hour }, "otasp.away_time: 744h0m0s; allowed is 1s to 720h"},
		{"ask again", func(c *cfg) { c.OTASP.AskAgain = 0 }, "otasp.ask_again: 0s; allowed is 1s to 720h"},
		{"prefix of nothing", func(c *cfg) { c.Triggers[0].Destination = "" }, "triggers[star228].prefix: a prefix without a destination; allowed is with one"},
		{"destination", func(c *cfg) { c.Triggers[0].Destination = "* 228" }, `triggers[star228].destination: "* 228" can match no destination_addr; allowed are up to 20 digits, *, # and +`},
		{"service type", func(c *cfg) { c.Triggers[0].ServiceType = "OTASP1" }, `triggers[star228].service_type: "OTASP1" can match no service_type; allowed are up to 5 characters`},
		{"unknown account", func(c *cfg) { c.Triggers[0].Account = "ivr1" }, `triggers[star228].account: there is no account "ivr1" in smpp.accounts; allowed are ivr (did you mean ivr)`},
		{"account cannot submit", func(c *cfg) { c.SMPP.Accounts[0].Modes = []string{"receiver"} }, "triggers[star228].account: ivr binds as receiver only and can submit nothing; allowed is an account with transmitter or transceiver"},
		{"trigger twice", more(configs.Trigger{Name: "star228", Destination: "*229", Flow: "otasp"}), "triggers[star228].name: two entries have this name; allowed is one"},
		{"never taken", more(configs.Trigger{Name: "b", Account: "ivr", Destination: "*22801", Flow: "otasp", ProtocolID: octet(3)}), "triggers[b]: never taken, everything it matches is matched by star228 before it; allowed is the narrower one first"},
		{"TLV name", tlvs(configs.TLV{Tag: 0x1401, Name: "TMR"}), `triggers[star228].tlvs[TMR].name: unknown value "TMR"; allowed are TRN, MDN, MIN, PRL, ORDER and CORR`},
		{"TLV without tag", tlvs(configs.TLV{Name: "TRN"}), "triggers[star228].tlvs[TRN].tag: missing; allowed is 1 to 65535, vendors have 0x1400 to 0x3fff"},
		{"TLV message_payload", tlvs(configs.TLV{Tag: 0x424, Name: "TRN"}), "triggers[star228].tlvs[TRN].tag: 0x0424 is message_payload, which carries the text; allowed is another tag"},
		{"TLV name twice", tlvs(configs.TLV{Tag: 0x1401, Name: "TRN"}, configs.TLV{Tag: 0x1402, Name: "TRN"}), "triggers[star228].tlvs[TRN].name: two tags for TRN; allowed is one"},
		{"TLV tag twice", tlvs(configs.TLV{Tag: 0x1401, Name: "TRN"}, configs.TLV{Tag: 0x1401, Name: "MDN"}), "triggers[star228].tlvs[MDN].tag: 0x1401 is also that of TRN; allowed is one value a tag"},
	} {
		t.Run(tt.name, func(t *testing.T) { provoke(t, tt.fault, tt.want) })
	}
}

// provoke breaks the laboratory configuration, and wants this line among its
// problems.
func provoke(t *testing.T, fault func(*configs.Config), want string) {
	t.Helper()
	c := lab(t)
	fault(c)
	err := c.Validate()
	if err == nil {
		t.Fatal("valid")
	}
	found := false
	for line := range strings.Lines(err.Error()) {
		found = found || strings.TrimSuffix(line, "\n") == "lab.yaml: "+want
	}
	if !found {
		t.Errorf("\n got %s\nwant lab.yaml: %s", err, want)
	}
	if strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "AAAAA") {
		t.Errorf("shows a secret: %s", err)
	}
}

// allow makes a configuration odd that is allowed all the same.
func allow(t *testing.T, change func(*configs.Config)) {
	t.Helper()
	c := lab(t)
	change(c)
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
}

const allowed = "an argon2id ($argon2id$v=19$...) or bcrypt ($2b$...) hash as otagate hash-password prints it"

func hash(s string) func(*configs.Config) {
	return func(c *configs.Config) { c.SMPP.Accounts[0].PasswordHash = s }
}

func addresses(transport string, list ...string) func(*configs.Config) {
	return func(c *configs.Config) {
		c.SS7.M3UA.Peers[0].Transport, c.SS7.M3UA.Peers[0].Addresses = transport, list
	}
}

var stp = configs.Translation{Name: "stp", TranslationType: 14, Prefix: "1", PointCode: "1-12-1"}

func title(r configs.Route) func(*configs.Config) {
	return func(c *configs.Config) {
		c.SS7.Translations = []configs.Translation{stp}
		c.SS7.ACs[0].Route = r
	}
}

func translation(t configs.Translation) func(*configs.Config) {
	return func(c *configs.Config) { c.SS7.Translations = []configs.Translation{stp, t} }
}

func more(t configs.Trigger) func(*configs.Config) {
	return func(c *configs.Config) { c.Triggers = append(c.Triggers, t) }
}

func tlvs(list ...configs.TLV) func(*configs.Config) {
	return func(c *configs.Config) { c.Triggers[0].TLVs = list }
}

// What looks odd and is allowed.
func TestValidateAllows(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "ivr.hash")
	if err := os.WriteFile(file, []byte(bcryptHash+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("OTAGATE_TEST_HASH", bcryptHash)
	for name, change := range map[string]func(c *configs.Config){
		"bcrypt":         hash(bcryptHash),
		"hash in a file": func(c *configs.Config) { hash("")(c); c.SMPP.Accounts[0].PasswordHashFile = file },
		"hash in a var":  func(c *configs.Config) { hash("")(c); c.SMPP.Accounts[0].PasswordHashEnv = "OTAGATE_TEST_HASH" },
		"all modes":      func(c *configs.Config) { c.SMPP.Accounts[0].Modes = nil },
		"free port":      func(c *configs.Config) { c.SMPP.Listen = ":0" },
		"multi-homing":   addresses("sctp", "10.1.2.3:2905", "[2001:db8::1]:2905"),
		"host name":      addresses("tcp", "stp1.example.org:2905"),
		"local": func(c *configs.Config) {
			addresses("sctp", "10.1.2.3:2905")(c)
			c.SS7.M3UA.Peers[0].Local = []string{"127.0.0.1:0"}
		},
		"decimal":       func(c *configs.Config) { c.SS7.PointCode = "68613" },
		"global title":  title(configs.Route{GlobalTitle: "16195551234", TranslationType: 14}),
		"large segment": func(c *configs.Config) { c.SS7.MSCs[0].SegmentSize, c.SS7.MSCs[0].Route.XUDT = 251, true },
		"no versions":   func(c *configs.Config) { c.OTASP.AKeyVersions = nil },
		"wider after":   more(configs.Trigger{Name: "rest", Flow: "otasp"}),
		"other service": func(c *configs.Config) {
			c.Triggers[0].ServiceType = "OTA"
			more(configs.Trigger{Name: "b", Destination: "*228", Flow: "otasp"})(c)
		},
		"other protocol": func(c *configs.Config) {
			c.Triggers[0].ProtocolID = octet(1)
			more(configs.Trigger{Name: "b", Destination: "*228", Flow: "otasp"})(c)
		},
		"whole then begin": func(c *configs.Config) {
			c.Triggers[0].Prefix = false
			more(configs.Trigger{Name: "b", Destination: "*228", Prefix: true, Flow: "otasp"})(c)
		},
	} {
		t.Run(name, func(t *testing.T) { allow(t, change) })
	}
}

// A configuration that says nothing lacks everything, all told at once.
func TestValidateTellsAll(t *testing.T) {
	err := configs.Default().Validate()
	var ps configs.Problems
	if !errors.As(err, &ps) {
		t.Fatal(err)
	}
	var keys []string
	for _, p := range ps {
		keys = append(keys, p.Key)
	}
	want := "store.path smpp.accounts routes"
	if got := strings.Join(keys, " "); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// Without a signalling network what needs one is refused, and nothing else is missing.
func TestValidateRelay(t *testing.T) {
	type cfg = configs.Config
	const nobody = ", but there is no section ss7, without which no handset can be programmed"
	given := "given" + nobody + " or looked for; allowed is with one, or leave it out"
	for _, tt := range []struct {
		name  string
		fault func(c *cfg)
		want  string
	}{
		{"otasp", func(c *cfg) { c.OTASP.SessionTime = time.Minute }, "otasp: " + given},
		{"iota", func(c *cfg) { c.IOTA.Listen, c.IOTA.Base = "127.0.0.1:8082", "http://127.0.0.1:8082/iota" }, "iota.listen: " + given},
		{"back-end", func(c *cfg) { c.Backend.Report = "https://registry.example.org/" }, "backend.report: " + given},
		{"flow otasp", trigger(configs.FlowOTASP), "triggers[x].flow: otasp" + nobody + "; allowed is push, or with a section ss7"},
		{"flow otapa", trigger(configs.FlowOTAPA), "triggers[x].flow: otapa" + nobody + "; allowed is push, or with a section ss7"},
		{"flow iota", trigger(configs.FlowIOTA), "triggers[x].flow: iota" + nobody + "; allowed is push, or with a section ss7"},
		{"flow push", trigger(configs.FlowPush), ""},
		{"route", func(c *cfg) { c.Routes[2].Via[0] = configs.Via{SS7: true, Weight: 1, Tier: 1} },
			"routes[out].via[0].ss7: true, but there is no section ss7; allowed is link or account, or with that section and push.ss7.hlr"},
		{"no routes", func(c *cfg) { c.Routes = nil },
			"routes: missing, and triggers and http.initiators too, so whatever is submitted would be refused; allowed is one entry or more of one of them"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := relay(t)
			tt.fault(c)
			got := ""
			if err := c.Validate(); err != nil {
				got = strings.TrimPrefix(err.Error(), "relay.yaml: ")
			}
			if got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
	if c := relay(t); c.Signalling() || !lab(t).Signalling() {
		t.Error("a file without a section ss7 has a signalling network, or one with it has none")
	}
	c := relay(t)
	c.Push.SS7.HLR = "hlr1"
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "push.ss7.hlr: "+given) {
		t.Errorf("push.ss7.hlr: %v", err)
	}
}

// relay is the configuration of a relay, to be broken in one place.
func relay(t *testing.T) *configs.Config {
	t.Helper()
	c, err := configs.Load("relay.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c.File = "relay.yaml"
	return c
}

// trigger adds one with this flow.
func trigger(flow string) func(*configs.Config) {
	return func(c *configs.Config) { c.Triggers = []configs.Trigger{{Name: "x", Flow: flow}} }
}

func TestCountersNever(t *testing.T) {
	c := lab(t)
	c.Log.Counters = 0
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
}
