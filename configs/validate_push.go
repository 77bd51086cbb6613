package configs

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// maxLife is the longest that a message may be on its way.
const maxLife = 30 * 24 * time.Hour

func (k *checker) push(c *Config) {
	p := &c.Push
	k.lives(p)
	k.between("push.max_messages", p.MaxMessages, 1, 100_000_000)
	k.between("push.attempts", p.Attempts, 1, 255)
	k.pauses("push", p.Pause, p.MaxPause)
	k.duration("push.grace", p.Grace, 0)
	k.retries(p.Retries)
	k.pushSS7(&p.SS7, &c.SS7)
	k.profiles(p.Profiles)
}

// pauses checks the first pause before a repetition, and the longest.
func (k *checker) pauses(section string, first, longest time.Duration) {
	k.duration(section+".pause", first, 100*time.Millisecond)
	k.duration(section+".max_pause", longest, 100*time.Millisecond)
	if longest > 0 && longest < first {
		k.add(section+".max_pause", "%s is shorter than pause (%s); allowed is pause or longer", longest, first)
	}
}

// lives checks how long a message may be on its way, and is known.
func (k *checker) lives(p *Push) {
	k.span("push.validity", p.Validity, time.Second, maxLife)
	k.span("push.max_validity", p.MaxValidity, time.Second, maxLife)
	k.span("push.memory", p.Memory, time.Second, maxLife)
	if p.MaxValidity > 0 && p.Validity > p.MaxValidity {
		k.add("push.validity", "%s is longer than max_validity (%s); allowed is up to max_validity", p.Validity, p.MaxValidity)
	}
}

func (k *checker) retries(list []Retry) {
	type code struct {
		kind string
		n    uint32
	}
	seen := map[code]int{}
	for i := range list {
		r := &list[i]
		key := fmt.Sprintf("push.retries[%d]", i)
		k.oneOf(key+".class", r.Class, "temporary", "permanent", "postponed", "unknown")
		k.duration(key+".after", r.After, 0)
		if r.After > 0 && r.Class != "temporary" {
			k.add(key+".after", "%s with class %s; allowed is with temporary only", r.After, r.Class)
		}
		kind, n, err := r.Code()
		if err != nil {
			k.add(key+".error", "%s", err)
			continue
		}
		if kind == RetrySMPP && r.Class == "postponed" {
			k.add(key+".class", "postponed, but a message centre does not tell that a handset is back; allowed with smpp are temporary, permanent and unknown")
		}
		if first, ok := seen[code{kind, n}]; ok {
			k.add(key+".error", "%s is also that of push.retries[%d]; allowed is once", r.Error, first)
			continue
		}
		seen[code{kind, n}] = i
	}
}

// pushSS7 checks the way through the HLR.
func (k *checker) pushSS7(p *PushSS7, s *SS7) {
	const key = "push.ss7"
	if p.HLR != "" {
		k.hlr(key+".hlr", p.HLR, s)
	}
	k.between(key+".teleservice", int(p.Teleservice), 4097, 65535)
	if p.Source != "" && !isDigits(p.Source) || len(p.Source) > 15 {
		k.add(key+".source", "%q; allowed are up to 15 digits", p.Source)
	}
	k.between(key+".octets", p.Octets, 20, 250)
	k.between(key+".parts", p.Parts, 1, 255)
	k.between(key+".window", p.Window, 1, 10_000)
	k.perSecond(key+".rate", p.Rate, "SMDPP")
	if n := p.AskAgain; n != 0 && (n < time.Second || n > maxLife) {
		k.add(key+".ask_again", "%s; allowed is 1s to %dh, or 0s for never", n, maxLife/time.Hour)
	}
	k.between(key+".smsreq_window", p.SMSREQWindow, 1, 10_000)
	k.perSecond(key+".smsreq_rate", p.SMSREQRate, "SMSREQ")
	k.duration(key+".smsreq", p.SMSREQ, 100*time.Millisecond)
}

// hlr checks that the HLR is there, and may say that a handset is back.
func (k *checker) hlr(key, name string, s *SS7) {
	var known []string
	for i := range s.ACs {
		known = append(known, s.ACs[i].Name)
	}
	i := slices.Index(known, name)
	if i < 0 {
		k.add(key, "there is no entry %q in ss7.acs; %s", name, allowedEntries(name, known))
		return
	}
	if slices.ContainsFunc(s.Screening.Peers, mayNotify) {
		return
	}
	k.add("ss7.screening.peers", "nobody may invoke SMSNOT, by which %s (push.ss7.hlr) says that a handset is back; allowed is with an entry such as {name: %s, point_codes: [%s], operations: [SMSNOT]}",
		name, name, pointCodeOf(&s.ACs[i].Route, s.Translations))
}

// mayNotify knows the spellings of SMSNotification that are operations.
func mayNotify(p ScreenedPeer) bool {
	return slices.ContainsFunc(p.Operations, func(op string) bool {
		return op == "SMSNOT" || op == "SMSNotification" || op == "54"
	})
}

// pointCodeOf is from where the messages of a node come. Of a global title it
// is the node that translates.
func pointCodeOf(r *Route, translations []Translation) string {
	if r.PointCode != "" {
		return r.PointCode
	}
	best := Translation{PointCode: "network-cluster-member"}
	for _, t := range translations {
		if t.TranslationType == r.TranslationType && strings.HasPrefix(r.GlobalTitle, t.Prefix) && len(t.Prefix) >= len(best.Prefix) {
			best = t
		}
	}
	return best.PointCode
}

func (k *checker) profiles(list []Profile) {
	n := k.names("push.profiles")
	for i, p := range list {
		key := n.entry(i, p.Name)
		if len(p.Name) > 64 || !isPrintable(p.Name) || strings.Contains(p.Name, ";") {
			k.add(key+".name", "%q can be named by no trigger; allowed are up to 64 printable ASCII characters without a semicolon", p.Name)
		}
		if text := checkFile(p.File); text != "" {
			k.add(key+".file", "%s; allowed is the name of an XML file", text)
		}
	}
}

// checkFile says why there is nothing to read, or nothing.
func checkFile(file string) string {
	if file == "" {
		return "missing"
	}
	st, err := os.Stat(file)
	switch {
	case err != nil:
		return err.Error()
	case !st.Mode().IsRegular(): // to open some of the others would wait
		return file + " is not a file"
	}
	f, err := os.Open(file)
	if err != nil {
		return err.Error()
	}
	f.Close()
	return ""
}
