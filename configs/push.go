package configs

import "time"

// HTTP is the front door of push initiators: PAP over HTTP. Without Listen
// there is none.
type HTTP struct {
	Listen      string        `mapstructure:"listen"`
	Certificate string        `mapstructure:"certificate"` // PEM file; with Key it is HTTPS
	Key         string        `mapstructure:"key"`         // PEM file
	Plain       bool          `mapstructure:"plain"`       // HTTP without TLS beyond this machine: passwords can be read on the way
	Path        string        `mapstructure:"path"`        // of PAP
	MaxBody     int           `mapstructure:"max_body"`    // octets of a request
	MaxRequests int           `mapstructure:"max_requests"`
	Timeout     time.Duration `mapstructure:"timeout"` // of reading a request
	Initiators  []Initiator   `mapstructure:"initiators"`
}

// Initiator may push. Exactly one of PasswordHash, PasswordHashFile and
// PasswordHashEnv is given.
type Initiator struct {
	Name             string   `mapstructure:"name"` // user of HTTP Basic
	PasswordHash     string   `mapstructure:"password_hash"`
	PasswordHashFile string   `mapstructure:"password_hash_file"`
	PasswordHashEnv  string   `mapstructure:"password_hash_env"`
	Networks         []string `mapstructure:"networks"` // CIDR; empty allows none
	Rate             float64  `mapstructure:"rate"`     // messages a second, 0 = no limit
	// OnDevice lets TO-NAPID and TO-PROXY of its settings name what they do not
	// have themselves: what the device has.
	OnDevice bool `mapstructure:"on_device"`
	// Notify are the beginnings of the URLs to which results may be sent. Empty
	// allows none: a URL of the initiator's choice would let it reach our network.
	Notify []string `mapstructure:"notify"`
}

// Push configures the delivery of messages to handsets.
type Push struct {
	Validity    time.Duration `mapstructure:"validity"`     // of a message that does not say
	MaxValidity time.Duration `mapstructure:"max_validity"` // whatever a message says
	Memory      time.Duration `mapstructure:"memory"`       // how long a push-id is known after its message came
	MaxMessages int           `mapstructure:"max_messages"` // on their way
	Attempts    int           `mapstructure:"attempts"`     // sendings of one part, and questions to the HLR, in a row
	Pause       time.Duration `mapstructure:"pause"`        // before the first repetition; it doubles
	MaxPause    time.Duration `mapstructure:"max_pause"`
	Grace       time.Duration `mapstructure:"grace"` // after the validity, for the last receipts
	Retries     []Retry       `mapstructure:"retries"`
	SS7         PushSS7       `mapstructure:"ss7"`
	Profiles    []Profile     `mapstructure:"profiles"`
}

// Retry says what an error of a link means; it goes before what is built in.
type Retry struct {
	Error string        `mapstructure:"error"` // smpp 0x58, cause 33, error 0x87
	Class string        `mapstructure:"class"` // temporary, permanent, postponed, unknown
	After time.Duration `mapstructure:"after"` // of temporary; 0 is push.pause
}

// LinkSS7 is the name of the way through SMSREQ and SMDPP.
const LinkSS7 = "ss7"

// PushSS7 is the way through the HLR and the serving MSC.
type PushSS7 struct {
	HLR         string        `mapstructure:"hlr"` // a name of ss7.acs; empty: there is no such way
	Teleservice uint16        `mapstructure:"teleservice"`
	MINOfMDN    bool          `mapstructure:"min_of_mdn"` // the last ten digits of the MDN are the MIN, where none is given
	Source      string        `mapstructure:"source"`     // digits of SMS_OriginalOriginatingAddress
	Octets      int           `mapstructure:"octets"`     // of one WDP segment
	Parts       int           `mapstructure:"parts"`
	Window      int           `mapstructure:"window"`    // SMDPP without an answer, per MSC
	Rate        float64       `mapstructure:"rate"`      // SMDPP a second per MSC, 0 = no limit
	AskAgain    time.Duration `mapstructure:"ask_again"` // of the HLR, after so long away; 0 is never
	Resend      bool          `mapstructure:"resend"`    // what is in doubt, with the same MESSAGE_ID
	SMSREQ      time.Duration `mapstructure:"smsreq"`    // how long the HLR may take

	SMSREQWindow int     `mapstructure:"smsreq_window"` // SMSREQ without an answer
	SMSREQRate   float64 `mapstructure:"smsreq_rate"`   // SMSREQ a second, 0 = no limit
}

// Profile is a client provisioning document that a trigger can name.
type Profile struct {
	Name string `mapstructure:"name"`
	File string `mapstructure:"file"` // XML
}
