package wappush

import "fmt"

// Action is what the handset does with a Service Indication or with a Service
// Loading. The zero value is not sent; it means signal-medium of the one and
// execute-low of the other.
type Action uint8

// Actions of a Service Indication, then those of a Service Loading.
const (
	SignalNone   Action = iota + 1 // store silently
	SignalLow                      // postpone
	SignalMedium                   // as soon as possible without disturbing
	SignalHigh                     // now
	Delete                         // delete the stored one with this si-id
	ExecuteLow                     // load and show without disturbing
	ExecuteHigh                    // load and show now
	Cache                          // load, and do not show
)

var actions = [...]string{
	SignalNone: "signal-none", SignalLow: "signal-low", SignalMedium: "signal-medium", SignalHigh: "signal-high", Delete: "delete",
	ExecuteLow: "execute-low", ExecuteHigh: "execute-high", Cache: "cache",
}

// ParseAction reads the name of an action.
func ParseAction(s string) (Action, bool) {
	for a, name := range actions {
		if name == s && s != "" {
			return Action(a), true
		}
	}
	return 0, false
}

func (a Action) ofSI() bool { return a <= Delete }

func (a Action) ofSL() bool { return a == 0 || a >= ExecuteLow && a <= Cache }

func (a Action) String() string {
	if int(a) < len(actions) {
		return actions[a]
	}
	return fmt.Sprintf("Action(%d)", uint8(a))
}

// MarshalText is the name of the action.
func (a Action) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the name of an action; no name is no action.
func (a *Action) UnmarshalText(s []byte) error {
	v, ok := ParseAction(string(s))
	if !ok && len(s) > 0 {
		return fmt.Errorf("no action %q", s)
	}
	*a = v
	return nil
}
