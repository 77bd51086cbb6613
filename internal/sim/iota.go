package sim

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// IOTAConfig is a handset as far as provisioning over HTTP is concerned.
type IOTAConfig struct {
	Handset *Handset // whose memory is programmed

	// What it says of itself. MDN empty is that of the handset's memory.
	MDN                  string
	OEM, Model, Software string
	PSA                  string // version of the provisioning agent
	UserAgent            string

	// ESNHeader, MEIDHeader and MDNHeader are the headers in which the operator's
	// proxy says who the handset is: 8 digits of the handset's ESN, MEID, and MDN.
	// Empty names are not said.
	ESNHeader, MEIDHeader, MDNHeader string
	MEID                             string
	Header                           map[string]string // further headers of each request

	Trusted []string          // browser:domain.trusted, scheme:host or scheme:.suffix; nil trusts all
	Objects map[string]string // what the objects of text hold at first
	Lacks   []string          // objects that it does not have

	// MediaType is that of the documents, application/vnd.phonecom.mmc-xml when empty.
	MediaType string
	// WantsOTAPA: nothing but an OTAPA Request opens the handset in a session that
	// the network has started. It is not known which handsets do so.
	WantsOTAPA bool
	// Critical are the results after which a session is over. The standard says
	// that there are such and not which; nil is CidMissing, DownLoadFailed,
	// CheckFailed and UnknownError.
	Critical []string

	SessionTime time.Duration // 15 min when zero
	Client      *http.Client  // nil is one without a proxy and without a memory for connections
	Observe     func(Sight)   // shown requests and answers with tokens masked; may be nil
	Faults      []IOTAFault   // each strikes once
}

// mdn is what the handset says to be.
func (cfg *IOTAConfig) mdn() string { return cmp.Or(cfg.MDN, cfg.Handset.Memory().MDN) }

// IOTA is the provisioning agent of a handset: it fetches MMC documents over
// HTTP, does what they ask, and reports.
type IOTA struct {
	cfg  IOTAConfig
	http *http.Client
	news news

	mu       sync.Mutex
	faults   []IOTAFault
	sessions []IOTASession
	objects  map[string]string
	actions  []string
	trusted  []string
}

// IOTASession is one session, of which it tells how far it came.
type IOTASession struct {
	URL          string // the first one
	Mode         IOTAMode
	MMCID        int   // -1 when none was opened
	Documents    int   // documents done
	Committed    bool  // an MMC commit has succeeded
	Disconnected bool  // the server has ended it
	Ended        bool  // false while it runs
	Statuses     []int // of all HTTP answers, those to faults included; 0 when none came
	Err          error // what CallBack or Boot returned
}

// IOTAMode is how a session came about.
type IOTAMode uint8

// Modes of a session.
const (
	IOTAClientInitial    IOTAMode = 0 // CIIP: the handset has nothing yet
	IOTAClientSubsequent IOTAMode = 1 // CISP
	IOTANetwork          IOTAMode = 2 // NIP: by a push
)

// IOTAFault is what the handset does wrong, once.
type IOTAFault struct {
	Kind  IOTAFaultKind
	At    int           // the first request that it may strike: 0 is the GET, 1 the first report
	Again bool          // the right request follows as if nothing had happened
	Pause time.Duration // between two octets of IOTASlow, 100 ms when zero
	Value string        // another ESN, MDN, mmcID, number of a document, result, or hex of an answer, in place of one made up
}

// IOTAFaultKind says what is wrong.
type IOTAFaultKind string

// Faults. Those that spoil a request end the session with it unless Again is set.
const (
	IOTAReplayURL   IOTAFaultKind = "replay-url"   // the first URL is fetched once more, beside the request
	IOTAOtherESN    IOTAFaultKind = "other-esn"    // another ESN in the header
	IOTAOtherMDN    IOTAFaultKind = "other-mdn"    // another MDN in the header
	IOTADropBefore  IOTAFaultKind = "drop-before"  // link lost before the request is sent
	IOTADropAfter   IOTAFaultKind = "drop-after"   // connection cut when it is sent
	IOTALoseAnswer  IOTAFaultKind = "lose-answer"  // its answer does not arrive
	IOTARepeat      IOTAFaultKind = "repeat"       // the same request once more after its answer, which counts
	IOTAWrongMMCID  IOTAFaultKind = "wrong-mmcid"  // report with another mmcID
	IOTAMissingCID  IOTAFaultKind = "missing-cid"  // report without a part that it refers to
	IOTAOldURI      IOTAFaultKind = "old-uri"      // report to the status-uri of the document before, or of that with Value
	IOTAOldReport   IOTAFaultKind = "old-report"   // the report before, to this status-uri
	IOTABigPOST     IOTAFaultKind = "big-post"     // 10 MB
	IOTASlow        IOTAFaultKind = "slow"         // octet by octet; Value body: what comes behind the head
	IOTAEmpty       IOTAFaultKind = "empty"        // empty report
	IOTANoCommit    IOTAFaultKind = "no-commit"    // link lost when the document with commit comes, before it is done
	IOTARefuse      IOTAFaultKind = "refuse"       // commit fails with Value, CheckFailed when empty
	IOTAGone        IOTAFaultKind = "gone"         // the user goes away instead of request At, without a word
	IOTACancel      IOTAFaultKind = "cancel"       // the user cancels instead: all is Abort, status error
	IOTAOtherAnswer IOTAFaultKind = "other-answer" // the answer to another IS-683 message
)

// NewIOTA gives a handset a provisioning agent.
func NewIOTA(cfg IOTAConfig) *IOTA {
	if cfg.MediaType == "" {
		cfg.MediaType = mmcPhonecom
	}
	if cfg.SessionTime == 0 {
		cfg.SessionTime = 15 * time.Minute
	}
	if cfg.UserAgent == "" {
		cfg.UserAgent = "sim/1.0 MMP/2.0"
	}
	c := &IOTA{cfg: cfg, http: cfg.client(), faults: slices.Clone(cfg.Faults), trusted: slices.Clone(cfg.Trusted), objects: map[string]string{}}
	maps.Copy(c.objects, cfg.Objects)
	return c
}

// CallBack runs a session that the network has asked for, by the URL of an SL,
// until it is over. It is nil when the server has ended it.
func (c *IOTA) CallBack(ctx context.Context, url string) error {
	return c.run(ctx, IOTANetwork, url)
}

// Boot runs a session that the user has asked for; url empty is the object
// phone:boot.url.
func (c *IOTA) Boot(ctx context.Context, url string) error {
	if url == "" {
		url = c.Object(objectBoot)
	}
	return c.run(ctx, IOTAClientInitial, url)
}

// Update runs a session by which the user renews what the handset has; url empty
// is the object phone:boot.naiurl.
func (c *IOTA) Update(ctx context.Context, url string) error {
	if url == "" {
		url = c.Object(objectNAIBoot)
	}
	return c.run(ctx, IOTAClientSubsequent, url)
}

// Sessions is all sessions, in order.
func (c *IOTA) Sessions() []IOTASession {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := slices.Clone(c.sessions)
	for i := range all {
		all[i].Statuses = slices.Clone(all[i].Statuses)
	}
	return all
}

// Object is what an object of text holds.
func (c *IOTA) Object(name string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.objects[name]
}

// Actions is the objects written that are actions, such as phone:reset, in order.
func (c *IOTA) Actions() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.actions)
}

// Wait returns when there holds, which is asked after each document.
func (c *IOTA) Wait(ctx context.Context, there func() bool) error { return c.news.until(ctx, there) }
