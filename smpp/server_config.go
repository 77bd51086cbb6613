package smpp

import (
	"fmt"
	"time"
)

const (
	// DefaultPDULimit is the largest command_length taken unless configured.
	DefaultPDULimit = 64 << 10

	minPDULimit       = 1 << 10
	maxPDULimit       = 16 << 20
	maxWindow         = 1 << 16
	defaultReadBuffer = 16 << 10
)

// ServerConfig configures a Server. A zero field takes the default; a negative
// duration turns a timer off.
type ServerConfig struct {
	SystemID       string        // of bind responses
	PDULimit       int           // largest command_length, 64 KiB
	SessionInit    time.Duration // from connection to bind, 5 s
	EnquireLink    time.Duration // silence before enquire_link, 30 s
	Inactivity     time.Duration // silence before unbind, 300 s; any PDU ends a silence
	Response       time.Duration // for the peer's responses, 60 s
	WriteTimeout   time.Duration // for a peer that does not read, 10 s
	InboundWindow  int           // unanswered requests per bind, 100; ESME_RTHROTTLED above
	OutboundWindow int           // unanswered deliver_sm and data_sm per bind, 100
	MaxConnections int           // 1000
	MaxUnbound     int           // connections of one address that are not bound, 32
	ReadBuffer     int           // 16 KiB per connection

	// InterfaceVersion is the highest edition of SMPP that is spoken, 0x50. The
	// lower one of both sides' counts; see Version.
	InterfaceVersion uint8
	// RequireCertificates makes an account without a CertificateName a mistake.
	RequireCertificates bool

	// UniformBindFailure answers every refused bind with ESME_RBINDFAIL, so
	// that nobody learns which system_ids exist. Otherwise ESME_RINVSYSID and
	// ESME_RINVPASWD say what is wrong.
	UniformBindFailure bool
	BindFailureDelay   time.Duration // from a bind request to its refusal, 1 s
	Hashing            int           // passwords looked at at the same time, 2
	LockOut            LockOut
	ShutdownTimeout    time.Duration // for binds to end when Serve's context does, 5 s

	Accounts []Account
}

func defaultTo[T int | time.Duration](v *T, d T) {
	if *v == 0 {
		*v = d
	}
}

func (c *ServerConfig) setDefaults() {
	defaultTo(&c.PDULimit, DefaultPDULimit)
	defaultTo(&c.SessionInit, 5*time.Second)
	defaultTo(&c.EnquireLink, 30*time.Second)
	defaultTo(&c.Inactivity, 300*time.Second)
	defaultTo(&c.Response, 60*time.Second)
	defaultTo(&c.WriteTimeout, 10*time.Second)
	defaultTo(&c.InboundWindow, 100)
	defaultTo(&c.OutboundWindow, 100)
	defaultTo(&c.MaxConnections, 1000)
	defaultTo(&c.MaxUnbound, 32)
	defaultTo(&c.LockOut.Failures, 10)
	defaultTo(&c.LockOut.For, 5*time.Minute)
	defaultTo(&c.LockOut.Addresses, 4096)
	if c.InterfaceVersion == 0 {
		c.InterfaceVersion = uint8(Version50)
	}
	defaultTo(&c.ReadBuffer, defaultReadBuffer)
	defaultTo(&c.BindFailureDelay, time.Second)
	defaultTo(&c.Hashing, 2)
	defaultTo(&c.ShutdownTimeout, 5*time.Second)
}

// Validate says what is wrong with the configuration; Serve asks it first.
func (c ServerConfig) Validate() error {
	c.setDefaults()
	switch {
	case len(c.SystemID) > MaxSystemID:
		return fmt.Errorf("smpp: system_id %q is longer than %d octets", c.SystemID, MaxSystemID)
	case c.PDULimit < minPDULimit || c.PDULimit > maxPDULimit:
		return fmt.Errorf("smpp: PDU limit %d is not between %d and %d", c.PDULimit, minPDULimit, maxPDULimit)
	case c.InboundWindow < 1 || c.InboundWindow > maxWindow || c.OutboundWindow < 1 || c.OutboundWindow > maxWindow:
		return fmt.Errorf("smpp: a window must be between 1 and %d", maxWindow)
	case c.MaxConnections < 1 || c.MaxUnbound < 1 || c.Hashing < 1:
		return fmt.Errorf("smpp: connections and hashing must be at least 1")
	case c.LockOut.For < 0 || c.LockOut.Addresses < 1:
		return fmt.Errorf("smpp: a lock-out has a time and at least 1 address")
	case c.ReadBuffer < 512 || c.WriteTimeout < 0 || c.ShutdownTimeout < 0:
		return fmt.Errorf("smpp: read buffer below 512 octets or a negative write or shutdown timeout")
	}
	_, err := c.readAccounts(c.Accounts)
	return err
}

func (c *ServerConfig) conn() *connConfig {
	return &connConfig{
		role: RoleServer, version: versionOf(c.InterfaceVersion), pduLimit: c.PDULimit, readBuffer: c.ReadBuffer, systemID: c.SystemID,
		timers:       Timers{SessionInit: c.SessionInit, EnquireLink: c.EnquireLink, Inactivity: c.Inactivity, Response: c.Response},
		writeTimeout: c.WriteTimeout, inboundWindow: c.InboundWindow, outboundWindow: c.OutboundWindow,
	}
}
