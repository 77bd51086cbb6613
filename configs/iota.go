package configs

import "time"

// IOTA programs handsets over their own data connection: a push calls them back,
// and they fetch MMC documents over HTTP. Without Listen there is no such way.
type IOTA struct {
	Listen         string   `mapstructure:"listen"`
	Base           string   `mapstructure:"base"`            // what call-back URLs begin with, as handsets see it
	BootPath       string   `mapstructure:"boot_path"`       // of handsets that come by themselves
	Certificate    string   `mapstructure:"certificate"`     // PEM file; with Key it is HTTPS
	Key            string   `mapstructure:"key"`             // PEM file
	ClientCA       string   `mapstructure:"client_ca"`       // PEM file; certificates of handsets are from there
	ClientRequired bool     `mapstructure:"client_required"` // a handset without a certificate is not served
	TLSMin         string   `mapstructure:"tls_min"`         // 1.0, 1.1, 1.2, 1.3
	Plain          bool     `mapstructure:"plain"`           // HTTP without TLS beyond this machine: codes can be read on the way
	Proxies        []string `mapstructure:"proxies"`         // CIDR; whose word of ESN, MEID and MDN is taken, and who speaks for many handsets
	ESNHeader      string   `mapstructure:"esn_header"`      // empty: no header is looked at
	MEIDHeader     string   `mapstructure:"meid_header"`
	MDNHeader      string   `mapstructure:"mdn_header"`
	Boot           IOTABoot `mapstructure:"boot"`

	Validity    time.Duration `mapstructure:"validity"`     // of a call-back
	Idle        time.Duration `mapstructure:"idle"`         // between two documents
	SessionTime time.Duration `mapstructure:"session_time"` // from the call-back on
	AnswerTime  time.Duration `mapstructure:"answer_time"`  // how long a request waits for its document
	Timeout     time.Duration `mapstructure:"timeout"`      // of reading a request
	MaxBody     int           `mapstructure:"max_body"`     // octets of a report
	MaxRequests int           `mapstructure:"max_requests"` // at a time
	Rate        float64       `mapstructure:"rate"`         // requests a second of one address, 0 = no limit
	PerAddress  int           `mapstructure:"per_address"`  // requests of one address at a time, 0 = no limit

	Dialect      string `mapstructure:"dialect"`        // phonecom20, iota10, auto: as the handset's Accept has it
	ListAsObject bool   `mapstructure:"list_as_object"` // the roaming list goes as phone:cdma.prl, not in IS-683 blocks
	Chunk        int    `mapstructure:"chunk"`          // octets of the list in one document
	OTAPARequest bool   `mapstructure:"otapa_request"`  // IS-683 OTAPA Requests stand around the session
	Invite       string `mapstructure:"invite"`         // the push that calls back: sl, si
	AppID        uint16 `mapstructure:"app_id"`         // of that push; 0x8010 is x-wap-openwave:iota.ua
	Welcome      string `mapstructure:"welcome"`        // text message before the push, to who has called a star code
}

// IOTABoot lets handsets come by themselves.
type IOTABoot struct {
	Enabled    bool   `mapstructure:"enabled"`
	TrustQuery bool   `mapstructure:"trust_query"` // anybody's word of who they are is taken
	ESNKey     string `mapstructure:"esn_key"`     // of the query
	MEIDKey    string `mapstructure:"meid_key"`
}

// The words of IOTA.
const (
	DialectAuto       = "auto"
	DialectPhonecom20 = "phonecom20"
	DialectIOTA10     = "iota10"
	InviteSL          = "sl"
	InviteSI          = "si"
)

func defaultIOTA() IOTA {
	return IOTA{
		BootPath: "/boot", TLSMin: "1.2", Boot: IOTABoot{ESNKey: "esn", MEIDKey: "meid"},
		Validity: 72 * time.Hour, Idle: 120 * time.Second, SessionTime: 15 * time.Minute, AnswerTime: 30 * time.Second,
		Timeout: 10 * time.Second, MaxBody: 64 << 10, MaxRequests: 1000, Rate: 20, PerAddress: 20,
		Dialect: DialectAuto, Chunk: 1024, Invite: InviteSL, AppID: 0x8010,
	}
}
