package configs

import "time"

// ServerTLS is TLS 1.2 or later of a server.
type ServerTLS struct {
	Certificate string `mapstructure:"certificate"` // PEM file
	Key         string `mapstructure:"key"`         // PEM file
	ClientCA    string `mapstructure:"client_ca"`   // PEM file of who signs the certificates of accounts with a certificate_name
}

// LockOut says when connections of an address are not taken for a time: after
// so many refused binds within it.
type LockOut struct {
	Failures int           `mapstructure:"failures"` // 0 = never
	For      time.Duration `mapstructure:"for"`
}

// The words of Quota.Per.
const (
	PerHour = "hour"
	PerDay  = "day"
)

// Quota bounds the short messages of an account, counted as its rate, in an
// hour or a day of UTC.
type Quota struct {
	Messages int    `mapstructure:"messages"` // 0 = no limit
	Per      string `mapstructure:"per"`
}
