package configs

import "time"

// Config is a whole configuration file.
type Config struct {
	Node     Node           `mapstructure:"node"`
	Log      Log            `mapstructure:"log"`
	Store    Store          `mapstructure:"store"`
	SMPP     SMPP           `mapstructure:"smpp"`
	SS7      SS7            `mapstructure:"ss7"`
	OTASP    OTASP          `mapstructure:"otasp"`
	HTTP     HTTP           `mapstructure:"http"`
	Push     Push           `mapstructure:"push"`
	Links    []Link         `mapstructure:"links"`
	Routes   []MessageRoute `mapstructure:"routes"`
	IOTA     IOTA           `mapstructure:"iota"`
	Backend  Backend        `mapstructure:"backend"`
	Triggers []Trigger      `mapstructure:"triggers"`

	// File is where the configuration came from, for messages.
	File string `mapstructure:"-"`
}

// Signalling tells whether there is a signalling network. Without one messages go
// by SMPP only and no handset is programmed.
func (c *Config) Signalling() bool { return len(c.SS7.M3UA.Peers) > 0 }

// Node tells this gateway from others that share its network.
type Node struct {
	Number uint8 `mapstructure:"number"` // 0 to 15, in the high bits of transaction ids
}

// Log configures zerolog.
type Log struct {
	Level    string        `mapstructure:"level"`    // debug, info, warn, error
	Format   string        `mapstructure:"format"`   // json or console
	PDU      bool          `mapstructure:"pdu"`      // one line per PDU through the trace writer
	Counters time.Duration `mapstructure:"counters"` // how often the counters are logged, 0 for never
}

// Store is where sessions live.
type Store struct {
	Path string `mapstructure:"path"` // SQLite file; relative to the configuration file
}

// SMPP configures the server that IVRs and SMSCs bind to.
type SMPP struct {
	Listen         string        `mapstructure:"listen"`     // empty: TLS only
	ListenTLS      string        `mapstructure:"listen_tls"` // empty: without TLS only
	TLS            ServerTLS     `mapstructure:"tls"`        // of listen_tls
	SystemID       string        `mapstructure:"system_id"`
	PDULimit       int           `mapstructure:"pdu_limit"`
	MaxConnections int           `mapstructure:"max_connections"`
	MaxUnbound     int           `mapstructure:"max_unbound"` // connections of one address that are not bound
	LockOut        LockOut       `mapstructure:"lock_out"`
	SessionInit    time.Duration `mapstructure:"session_init"`
	EnquireLink    time.Duration `mapstructure:"enquire_link"`
	Inactivity     time.Duration `mapstructure:"inactivity"`
	Response       time.Duration `mapstructure:"response"`
	Accounts       []Account     `mapstructure:"accounts"`
	TLVs           []NamedTLV    `mapstructure:"tlvs"` // names for those of vendors
}

// Account is one ESME. Exactly one of PasswordHash, PasswordHashFile and
// PasswordHashEnv is given.
type Account struct {
	Name             string   `mapstructure:"name"` // system_id of the bind
	PasswordHash     string   `mapstructure:"password_hash"`
	PasswordHashFile string   `mapstructure:"password_hash_file"`
	PasswordHashEnv  string   `mapstructure:"password_hash_env"`
	LongPasswords    bool     `mapstructure:"long_passwords"`
	Networks         []string `mapstructure:"networks"` // CIDR; empty allows none
	MaxBinds         int      `mapstructure:"max_binds"`
	Window           int      `mapstructure:"window"` // submit_sm without an answer, per bind
	Rate             float64  `mapstructure:"rate"`   // segments a second of all its binds, 0 = no limit
	Modes            []string `mapstructure:"modes"`  // transmitter, receiver, transceiver; empty allows all

	CertificateName string    `mapstructure:"certificate_name"` // that its client certificate has to have; empty: it needs none
	Disabled        bool      `mapstructure:"disabled"`
	Quota           Quota     `mapstructure:"quota"`
	Sources         []Pattern `mapstructure:"sources"`      // source_addr it may use; empty is any
	Destinations    []Pattern `mapstructure:"destinations"` // destination_addr it may use; empty is any
	MaxQueue        int       `mapstructure:"max_queue"`    // messages that wait, 0 = no limit

	// How its messages are relayed.
	MessageID  string        `mapstructure:"message_id"`  // how it is told ours: hex, decimal
	ReceiptTTL time.Duration `mapstructure:"receipt_ttl"` // how long receipts are kept for it
	Dedup      NameOrNumber  `mapstructure:"dedup"`       // TLV that a repeated message has again; empty: none are known
	DedupTime  time.Duration `mapstructure:"dedup_time"`  // for so long
	Alphabet   string        `mapstructure:"alphabet"`    // what data_coding 0 is in its messages: AlphabetGSM7, …; empty is that
	Deliver    string        `mapstructure:"deliver"`     // of its binds to what routes lead to it: DeliverFair, DeliverSticky
}

// The words of Account.Deliver.
const (
	DeliverFair   = "fair"   // the bind with the least under way
	DeliverSticky = "sticky" // a pair of addresses keeps its bind while that is there
)

// SS7 configures the way to the signalling network. Without the section there is none.
type SS7 struct {
	Variant          string        `mapstructure:"variant"` // ansi
	PointCode        string        `mapstructure:"point_code"`
	NetworkIndicator uint8         `mapstructure:"network_indicator"`
	Priority         uint8         `mapstructure:"priority"` // MTP message priority, 0 to 3
	SSN              uint8         `mapstructure:"ssn"`      // our own subsystem; 12 is from memory, not verified
	M3UA             M3UA          `mapstructure:"m3ua"`
	MSCs             []MSC         `mapstructure:"mscs"`
	ACs              []AC          `mapstructure:"acs"`
	Translations     []Translation `mapstructure:"translations"`
	Timers           SS7Timers     `mapstructure:"timers"`
	MaxTransactions  int           `mapstructure:"max_transactions"`
	HopCounter       uint8         `mapstructure:"hop_counter"`
	Screening        Screening     `mapstructure:"screening"`
}

// Screening says who in the signalling network may do what. The nodes of mscs
// and acs may answer what they were asked; to invoke an operation a node has to
// be named in Peers.
type Screening struct {
	Refusal   string         `mapstructure:"refusal"`   // of operations, to nodes that are named: reject, error, discard
	Strangers string         `mapstructure:"strangers"` // the same, to all others
	Rate      float64        `mapstructure:"rate"`      // INVOKEs a second of a node of mscs and acs, and of all strangers together
	Guesses   Guesses        `mapstructure:"guesses"`
	Peers     []ScreenedPeer `mapstructure:"peers"`
}

// Guesses bounds, for each node, the messages that belong to no transaction.
type Guesses struct {
	Rate         float64       `mapstructure:"rate"` // a second, 0 = no limit
	Burst        int           `mapstructure:"burst"`
	Hold         time.Duration `mapstructure:"hold"` // how long a node above the rate gets no answer
	BlockAnswers bool          `mapstructure:"block_answers"`
}

// ScreenedPeer is a node, or several of a kind, and what it may invoke.
type ScreenedPeer struct {
	Name       string   `mapstructure:"name"`
	PointCodes []string `mapstructure:"point_codes"`
	GTPrefixes []string `mapstructure:"gt_prefixes"` // of the calling global title
	SSNs       []uint8  `mapstructure:"ssns"`        // it calls from; empty is any
	Operations []string `mapstructure:"operations"`  // acronyms such as SMSNOT
	Rate       float64  `mapstructure:"rate"`        // INVOKEs a second, 0 = no limit
	Burst      int      `mapstructure:"burst"`
}

// SS7Timers bound how long a peer may take.
type SS7Timers struct {
	SMDPP      time.Duration `mapstructure:"smdpp"`
	OTASPREQ   time.Duration `mapstructure:"otaspreq"`
	SSDUpdate  time.Duration `mapstructure:"ssd_update"`
	Reassembly time.Duration `mapstructure:"reassembly"`
	Ack        time.Duration `mapstructure:"ack"`  // M3UA T(ack)
	Beat       time.Duration `mapstructure:"beat"` // M3UA heartbeat interval
}

// M3UA is our application server.
type M3UA struct {
	RoutingContext    *uint32 `mapstructure:"routing_context"`
	NetworkAppearance *uint32 `mapstructure:"network_appearance"`
	TrafficMode       string  `mapstructure:"traffic_mode"` // override, loadshare, broadcast
	ASPID             *uint32 `mapstructure:"asp_id"`
	Peers             []Peer  `mapstructure:"peers"`
}

// Peer is one association to a signalling gateway.
type Peer struct {
	Name      string   `mapstructure:"name"`
	Transport string   `mapstructure:"transport"` // sctp or tcp
	Addresses []string `mapstructure:"addresses"` // host:port; with SCTP IP addresses, several for multi-homing, one port
	Local     []string `mapstructure:"local"`     // host:port to bind, SCTP only, optional
}

// Route addresses a node of the signalling network: by point code and SSN, or
// by global title, which ss7.translations leads to a node.
type Route struct {
	PointCode       string `mapstructure:"point_code"`
	SSN             uint8  `mapstructure:"ssn"`
	GlobalTitle     string `mapstructure:"global_title"` // digits; empty routes on point code and SSN
	TranslationType uint8  `mapstructure:"translation_type"`
	XUDT            bool   `mapstructure:"xudt"` // this peer takes segmented messages

	// AnswersFrom are point codes from which answers come too, or "any". A node
	// that is asked by its point code needs none.
	AnswersFrom []string `mapstructure:"answers_from"`
}

// MSC is a serving MSC and the temporary reference numbers it hands out.
type MSC struct {
	Name        string     `mapstructure:"name"`
	Route       Route      `mapstructure:"route"`
	TRNRanges   []TRNRange `mapstructure:"trn_ranges"`
	SegmentSize int        `mapstructure:"segment_size"` // octets of PRL per message
}

// TRNRange is a range of ten-digit numbers, both ends included.
type TRNRange struct {
	First string `mapstructure:"first"`
	Last  string `mapstructure:"last"`
}

// AC is an HLR with its authentication centre. The list has one entry today:
// nothing yet says which of several to ask.
type AC struct {
	Name  string `mapstructure:"name"`
	Route Route  `mapstructure:"route"`
}

// Translation is one line of global title translation.
type Translation struct {
	Name            string `mapstructure:"name"`
	TranslationType uint8  `mapstructure:"translation_type"`
	Prefix          string `mapstructure:"prefix"`
	PointCode       string `mapstructure:"point_code"`
	SSN             uint8  `mapstructure:"ssn"`
}

// OTASP configures the programming of handsets.
type OTASP struct {
	ActivationMINs MINRange      `mapstructure:"activation_mins"`
	SessionTime    time.Duration `mapstructure:"session_time"`
	Repeats        uint8         `mapstructure:"repeats"`
	SPCLowFirst    bool          `mapstructure:"spc_low_first"` // first digit of an SPC in the low nibble
	AKeyVersions   []uint8       `mapstructure:"a_key_versions"`
	MaxSessions    int           `mapstructure:"max_sessions"`
	TriggerMemory  time.Duration `mapstructure:"trigger_memory"` // how long a repeated trigger is known

	// Of OTAPA, where the network begins.
	MINOfMDN bool          `mapstructure:"min_of_mdn"` // the last ten digits of the MDN are the MIN, where none is given
	AwayTime time.Duration `mapstructure:"away_time"`  // how long a handset that is away is waited for
	AskAgain time.Duration `mapstructure:"ask_again"`  // of the HLR meanwhile, as its SMSNOT may be lost
}

// MINRange is the pool of activation MINs, both ends included.
type MINRange struct {
	First string `mapstructure:"first"`
	Last  string `mapstructure:"last"`
}

// Trigger says which submit_sm starts which flow. Conditions that are empty
// always hold; the first trigger whose conditions all hold is taken.
type Trigger struct {
	Name        string `mapstructure:"name"`
	Account     string `mapstructure:"account"`
	Destination string `mapstructure:"destination"` // the whole address, or its beginning when prefix is set
	Prefix      bool   `mapstructure:"prefix"`
	ServiceType string `mapstructure:"service_type"`
	ProtocolID  *uint8 `mapstructure:"protocol_id"`
	Flow        string `mapstructure:"flow"` // FlowOTASP, FlowOTAPA, FlowIOTA or FlowPush
	TLVs        []TLV  `mapstructure:"tlvs"` // values that come as TLVs
}

// The flows of a trigger.
const (
	FlowOTASP = "otasp"
	FlowOTAPA = "otapa"
	FlowIOTA  = "iota"
	FlowPush  = "push"
)

// TLV names a value of the trigger that comes in an optional parameter.
type TLV struct {
	Tag  uint16 `mapstructure:"tag"`
	Name string `mapstructure:"name"` // a key of the trigger's text: of otasp TRN, MDN, MIN, PRL, ORDER or CORR
}
