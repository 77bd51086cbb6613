package configs

import (
	"fmt"
	"net"
	"time"

	"github.com/otagate/otagate/smpp"
)

// Link is a named way to a message centre: its binds, what it may be sent, and
// how messages are written for it.
type Link struct {
	Name string   `mapstructure:"name"`
	URL  string   `mapstructure:"url"`  // smpp://host:2775, or ssmpp://host:3550 for TLS
	URLs []string `mapstructure:"urls"` // instead: hosts of one centre, tried in turn
	TLS  LinkTLS  `mapstructure:"tls"`

	Kind         string `mapstructure:"kind"`    // KindTransceiver or KindPair
	Binds        int    `mapstructure:"binds"`   // of this kind
	Version      string `mapstructure:"version"` // interface_version: 3.3, 3.4, 5.0
	SystemID     string `mapstructure:"system_id"`
	PasswordFile string `mapstructure:"password_file"`
	PasswordEnv  string `mapstructure:"password_env"`
	LongPassword bool   `mapstructure:"long_password"` // it may have more than the standard's 8 octets
	SystemType   string `mapstructure:"system_type"`

	Window      int           `mapstructure:"window"` // submit_sm without an answer, per bind
	Rate        float64       `mapstructure:"rate"`   // segments a second of all binds together, 0 = no limit
	Burst       int           `mapstructure:"burst"`  // segments that may go at once after a rest; 0 is parts
	Bind        time.Duration `mapstructure:"bind"`   // how long connecting and binding may take
	Response    time.Duration `mapstructure:"response"`
	EnquireLink time.Duration `mapstructure:"enquire_link"`
	Retry       Backoff       `mapstructure:"retry"`     // between two binds
	SlowDown    Backoff       `mapstructure:"slow_down"` // while the centre has too much

	Source      string `mapstructure:"source"` // source_addr
	SourceTON   uint8  `mapstructure:"source_ton"`
	SourceNPI   uint8  `mapstructure:"source_npi"`
	DestTON     uint8  `mapstructure:"dest_ton"`
	DestNPI     uint8  `mapstructure:"dest_npi"`
	ServiceType string `mapstructure:"service_type"`
	ESMClass    uint8  `mapstructure:"esm_class"`   // beside the bit of the user data header
	DataCoding  uint8  `mapstructure:"data_coding"` // of octets: 4 or 245

	Way    string `mapstructure:"way"`    // as-is, udh8, udh16, sar, payload
	Octets int    `mapstructure:"octets"` // user data of one short message; with payload of those that the centre makes of it
	Parts  int    `mapstructure:"parts"`  // short messages of one message, at most

	Receipts  bool          `mapstructure:"receipts"`   // ask for them, and wait
	MessageID string        `mapstructure:"message_id"` // how receipts spell it: any, same
	Resend    bool          `mapstructure:"resend"`     // what is in doubt: the centre or the handsets recognise a repetition
	Doubt     time.Duration `mapstructure:"doubt"`      // how long a receipt is waited for that settles a doubt

	Relay LinkRelay `mapstructure:"relay"`
}

// LinkRelay is what is changed of the messages of accounts and other links on their
// way out. What is empty stays as it came.
type LinkRelay struct {
	Source      string         `mapstructure:"source"` // with SourceTON and SourceNPI in the place of theirs
	SourceTON   uint8          `mapstructure:"source_ton"`
	SourceNPI   uint8          `mapstructure:"source_npi"`
	ServiceType string         `mapstructure:"service_type"`
	Strip       []NameOrNumber `mapstructure:"strip"`    // TLVs that are not passed on
	Alphabet    string         `mapstructure:"alphabet"` // what data_coding 0 is there: AlphabetGSM7, …; empty is that
	Join        time.Duration  `mapstructure:"join"`     // with WayPayload: how long segments wait to be one message; 0 is never
	Failover    time.Duration  `mapstructure:"failover"` // after so long without a bind what waits takes another route; 0 is never
}

// WayAsIs is the way of a link that takes what is relayed as it came.
const WayAsIs = "as-is"

// WayPayload is that of one whose centre cuts.
const WayPayload = "payload"

// The words of alphabet.
const (
	AlphabetGSM7   = "gsm7" // one septet an octet
	AlphabetASCII  = "ascii"
	AlphabetLatin1 = "latin1"
	AlphabetUCS2   = "ucs2"
)

// The kinds of Link.
const (
	KindTransceiver = "transceiver"
	KindPair        = "transmitter+receiver" // two binds: one submits, the other takes what is delivered
)

// LinkTLS is TLS 1.2 or later to a centre. Its certificate is always verified.
type LinkTLS struct {
	CA          string `mapstructure:"ca"`          // PEM file of who may sign the centre's certificate; empty: those of the system
	Certificate string `mapstructure:"certificate"` // PEM file; with Key, when the centre wants one of us
	Key         string `mapstructure:"key"`         // PEM file
	ServerName  string `mapstructure:"server_name"` // in the centre's certificate; empty: the host of the URL
}

// Backoff is a pause that grows from Min to Max while what it is for goes on.
type Backoff struct {
	Min time.Duration `mapstructure:"min"`
	Max time.Duration `mapstructure:"max"`
}

// Host is one end of a link.
type Host struct {
	Address string // host:port
	Name    string // the host alone
	TLS     bool
}

// Hosts are the hosts of a link, in the order in which they are tried.
func (l *Link) Hosts() ([]Host, error) {
	list := l.URLs
	if len(list) == 0 {
		list = []string{l.URL}
	}
	hosts := make([]Host, len(list))
	for i, s := range list {
		var ok bool
		if hosts[i], ok = parseURL(s); !ok {
			return nil, fmt.Errorf("a URL of link %s is not one of SMPP", l.Name) // it may have a password in it
		}
	}
	return hosts, nil
}

func parseURL(s string) (Host, bool) {
	e, err := smpp.ParseEndpoint(s)
	if err != nil {
		return Host{}, false
	}
	name, _, err := net.SplitHostPort(e.Address)
	return Host{Address: e.Address, Name: name, TLS: e.TLS}, err == nil
}
