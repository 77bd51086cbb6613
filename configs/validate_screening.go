package configs

import (
	"fmt"
	"slices"
	"time"
)

// AnswersFromAny is the word that lets every node answer.
const AnswersFromAny = "any"

const maxRate = 1_000_000

func (k *checker) screening(s *Screening) {
	const key = "ss7.screening"
	k.oneOf(key+".refusal", s.Refusal, "reject", "error", "discard")
	k.oneOf(key+".strangers", s.Strangers, "reject", "error", "discard")
	k.perSecond(key+".rate", s.Rate, "INVOKEs")
	k.perSecond(key+".guesses.rate", s.Guesses.Rate, "guesses")
	k.between(key+".guesses.burst", s.Guesses.Burst, 1, maxRate)
	k.duration(key+".guesses.hold", s.Guesses.Hold, time.Minute)
	n := k.names(key + ".peers")
	for i := range s.Peers {
		k.screenedPeer(n.entry(i, s.Peers[i].Name), &s.Peers[i])
	}
}

func (k *checker) perSecond(key string, rate float64, what string) {
	if !(rate >= 0 && rate <= maxRate) {
		k.add(key, "%v; allowed is 0 (no limit) to %d %s a second", rate, maxRate, what)
	}
}

// screenedPeer checks one peer. Its operations are judged where they are known.
func (k *checker) screenedPeer(key string, p *ScreenedPeer) {
	if len(p.PointCodes) == 0 && len(p.GTPrefixes) == 0 {
		k.add(key+".point_codes", "missing, and no gt_prefixes either, so nobody would be this peer; allowed is a list of point codes")
	}
	for i, pc := range p.PointCodes {
		k.pointCode(fmt.Sprintf("%s.point_codes[%d]", key, i), pc)
	}
	for i, prefix := range p.GTPrefixes {
		if !isDigits(prefix) || len(prefix) > 15 {
			k.add(fmt.Sprintf("%s.gt_prefixes[%d]", key, i), "%q; allowed are 1 to 15 digits", prefix)
		}
	}
	for i, n := range p.SSNs {
		k.ssn(fmt.Sprintf("%s.ssns[%d]", key, i), n)
	}
	k.perSecond(key+".rate", p.Rate, "INVOKEs")
	k.between(key+".burst", p.Burst, 1, maxRate)
}

// answersFrom checks who may answer beside the node that is asked.
func (k *checker) answersFrom(key string, list []string) {
	if slices.Contains(list, AnswersFromAny) {
		if len(list) > 1 {
			k.add(key, "%s beside point codes; allowed is one of the two", AnswersFromAny)
		}
		return
	}
	for i, pc := range list {
		k.pointCode(fmt.Sprintf("%s[%d]", key, i), pc)
	}
}
