package route

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/spread"
)

// Kind says what a target is.
type Kind uint8

// The kinds of targets.
const (
	Link    Kind = iota + 1 // a bind, or several, to a message centre
	Account                 // the binds of an ESME
	SS7                     // SMSREQ and SMDPP
)

func (k Kind) String() string {
	switch k {
	case Link:
		return "link"
	case Account:
		return "account"
	case SS7:
		return configs.LinkSS7
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// Target is where a message goes.
type Target struct {
	Kind Kind
	Name string // empty of SS7
}

// String is the kind and the name, as in a configuration.
func (t Target) String() string {
	if t.Kind == SS7 {
		return t.Kind.String()
	}
	return t.Kind.String() + " " + t.Name
}

// Share is a target of a rule, and how much of the messages it takes.
type Share struct {
	Target
	Tier, Weight int
	hash         uint64
}

func newShares(list []configs.Via) ([]Share, error) {
	var out []Share
	takes := false
	for i, v := range list {
		s := Share{Tier: v.Tier, Weight: v.Weight}
		switch {
		case v.Link != "":
			s.Target = Target{Link, v.Link}
		case v.Account != "":
			s.Target = Target{Account, v.Account}
		case v.SS7:
			s.Target = Target{Kind: SS7}
		default:
			return nil, fmt.Errorf("via[%d]: neither link nor account nor ss7", i)
		}
		s.hash = spread.Text(spread.Text(spread.Seed, s.Kind.String()), s.Name)
		takes = takes || s.Weight > 0
		out = append(out, s)
	}
	if !takes {
		return nil, errors.New("via: there is no target with a weight")
	}
	slices.SortStableFunc(out, func(a, b Share) int { return cmp.Compare(a.Tier, b.Tier) })
	return out, nil
}

// Part is the part of its tier's messages that a target takes, of 1, when all
// targets of the tier are up.
func (r *Rule) Part(s Share) float64 {
	all := 0
	for _, o := range r.Shares {
		if o.Tier == s.Tier {
			all += o.Weight
		}
	}
	if all == 0 {
		return 0
	}
	return float64(s.Weight) / float64(all)
}

// Choose is the target for a message with this key. The rule must have targets.
func (r *Rule) Choose(key uint64, up func(Target) bool) Target {
	var best Target
	var greatest float64
	for i := range r.Shares {
		s := &r.Shares[i]
		if greatest > 0 && s.Tier != r.Shares[i-1].Tier {
			break
		}
		if s.Weight <= 0 || !up(s.Target) {
			continue
		}
		if n := s.score(key); n > greatest {
			best, greatest = s.Target, n
		}
	}
	if greatest > 0 {
		return best
	}
	return r.first()
}

// first is the target for which a message waits.
func (r *Rule) first() Target {
	for i := range r.Shares {
		if r.Shares[i].Weight > 0 {
			return r.Shares[i].Target
		}
	}
	return Target{}
}

// score is positive, and the greatest of its tier with the probability of the
// weight among all weights: -w/ln u for an even u between 0 and 1.
func (s *Share) score(key uint64) float64 {
	u := (float64(spread.Mix(key^s.hash)>>11) + 0.5) / (1 << 53)
	return -float64(s.Weight) / math.Log(u)
}

// Key is what [Rule.Choose] spreads by: the pair of addresses of a sticky rule,
// that and the reference for a part of a long message, or else the id.
func (r *Rule) Key(m *Message, id uint64) uint64 {
	if !r.Sticky && !m.Part {
		return id
	}
	h := spread.Pair(plain(m.Source), plain(m.Destination))
	if !r.Sticky {
		h = spread.Number(h, uint64(m.Reference))
	}
	return h
}
