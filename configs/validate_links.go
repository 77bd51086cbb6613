package configs

import (
	"fmt"
	"slices"
	"time"
)

func (k *checker) links(list []Link) {
	n := k.names("links")
	for i := range list {
		k.link(n.entry(i, list[i].Name), &list[i])
	}
}

func (k *checker) link(key string, l *Link) {
	if l.Name == LinkSS7 {
		k.add(key+".name", "ss7 is the way through SMSREQ and SMDPP; allowed is any other name")
	}
	k.hosts(key, l)
	k.oneOf(key+".kind", l.Kind, KindTransceiver, KindPair)
	k.between(key+".binds", l.Binds, 1, 100)
	k.version(key, l)
	k.systemID(key+".system_id", l.SystemID)
	k.password(key, l)
	k.text(key+".system_type", l.SystemType, 12)
	k.between(key+".window", l.Window, 1, 10_000)
	k.perSecond(key+".rate", l.Rate, "segments")
	k.between(key+".burst", l.Burst, 0, 10_000)
	k.duration(key+".bind", l.Bind, 100*time.Millisecond)
	k.duration(key+".response", l.Response, 100*time.Millisecond)
	k.duration(key+".enquire_link", l.EnquireLink, 100*time.Millisecond)
	k.backoff(key+".retry", &l.Retry)
	k.backoff(key+".slow_down", &l.SlowDown)
	k.submission(key, l)
	k.way(key, l)
	k.linkRelay(key+".relay", &l.Relay)
	k.oneOf(key+".message_id", l.MessageID, "any", "same")
	k.duration(key+".doubt", l.Doubt, 100*time.Millisecond)
}

// hosts checks url or urls, and tls. No message shows a URL that may have a
// password in it.
func (k *checker) hosts(key string, l *Link) {
	secure := false
	switch {
	case l.URL != "" && len(l.URLs) > 0:
		k.add(key+".url", "url and urls are given; allowed is one of them")
	case len(l.URLs) > 0:
		for i, s := range l.URLs {
			secure = k.url(fmt.Sprintf("%s.urls[%d]", key, i), s) || secure
		}
	default:
		secure = k.url(key+".url", l.URL)
	}
	if !secure {
		if l.TLS != (LinkTLS{}) {
			k.add(key+".tls", "given, but no URL begins with ssmpp://; allowed is with one that does")
		}
		return
	}
	k.linkTLS(key+".tls", &l.TLS)
}

// url checks one URL of a link, and tells whether it is one of TLS.
func (k *checker) url(key, s string) (secure bool) {
	const allowed = "; allowed is smpp://host:2775, or ssmpp://host:3550 for TLS, without a user or a path"
	if s == "" {
		k.add(key, "missing%s", allowed)
		return false
	}
	h, ok := parseURL(s)
	if !ok {
		k.add(key, "not a URL of SMPP%s", allowed)
		return false
	}
	k.address(key, h.Address, 1)
	return h.TLS
}

func (k *checker) linkTLS(key string, t *LinkTLS) {
	if t.CA != "" {
		k.authorities(key+".ca", t.CA)
	}
	switch {
	case t.Certificate == "" && t.Key == "":
	case t.Certificate == "":
		k.add(key+".certificate", "missing beside a key; allowed are both or none")
	case t.Key == "":
		k.add(key+".key", "missing beside a certificate; allowed are both or none")
	default:
		k.keyPair(key, t.Certificate, t.Key)
	}
	k.text(key+".server_name", t.ServerName, 255)
}

// version: 3.3 has no optional parameters.
func (k *checker) version(key string, l *Link) {
	k.oneOf(key+".version", l.Version, "3.3", "3.4", "5.0")
	if l.Version == "3.3" && (l.Way == "sar" || l.Way == "payload") {
		k.add(key+".way", "%s needs optional parameters, which SMPP 3.3 does not have; allowed with version 3.3 are udh8 and udh16", l.Way)
	}
}

func (k *checker) backoff(key string, b *Backoff) {
	k.duration(key+".min", b.Min, 10*time.Millisecond)
	k.duration(key+".max", b.Max, 10*time.Millisecond)
	if b.Max > 0 && b.Max < b.Min {
		k.add(key+".max", "%s is shorter than min (%s); allowed is min or longer", b.Max, b.Min)
	}
}

// SMPP 3.4 sections 5.2.5 and 5.2.6.
const maxTON, maxNPI = 6, 18

// submission checks the fields of submit_sm.
func (k *checker) submission(key string, l *Link) {
	k.text(key+".source", l.Source, 20)
	k.between(key+".source_ton", int(l.SourceTON), 0, maxTON)
	k.between(key+".source_npi", int(l.SourceNPI), 0, maxNPI)
	k.between(key+".dest_ton", int(l.DestTON), 0, maxTON)
	k.between(key+".dest_npi", int(l.DestNPI), 0, maxNPI)
	k.text(key+".service_type", l.ServiceType, 5)
	if l.ESMClass&0x40 != 0 {
		k.add(key+".esm_class", "%#02x has the bit 0x40, which says that there is a user data header and goes with way; allowed is without it", l.ESMClass)
	}
	if d := l.DataCoding; d < 16 && d != 2 && d != 4 {
		k.add(key+".data_coding", "%d is no coding of octets, they would be changed on the way; allowed are 2, 4, and above 15 what the centre has for octets, such as 245", d)
	}
}

// linkRelay checks what is changed of the messages of others.
func (k *checker) linkRelay(key string, r *LinkRelay) {
	k.text(key+".source", r.Source, 20)
	k.between(key+".source_ton", int(r.SourceTON), 0, maxTON)
	k.between(key+".source_npi", int(r.SourceNPI), 0, maxNPI)
	if r.Source == "" && (r.SourceTON != 0 || r.SourceNPI != 0) {
		k.add(key+".source", "missing beside source_ton or source_npi, which are those of a source; allowed are all of them or none")
	}
	k.text(key+".service_type", r.ServiceType, 5)
	k.alphabet(key+".alphabet", r.Alphabet)
	if f := r.Failover; f != 0 && (f < 100*time.Millisecond || f > 24*time.Hour) {
		k.add(key+".failover", "%s; allowed is 100ms to 24h, or 0s for never", f)
	}
	if j := r.Join; j != 0 && (j < 100*time.Millisecond || j > time.Hour) {
		k.add(key+".join", "%s; allowed is 100ms to 1h, or 0s for never", j)
	}
	for i, s := range r.Strip {
		if _, err := k.dictionary.Find(s); err != nil {
			k.add(fmt.Sprintf("%s.strip[%d]", key, i), "%s", err)
		}
	}
}

// alphabet checks what data_coding 0 is.
func (k *checker) alphabet(key, s string) {
	if s != "" {
		k.oneOf(key, s, AlphabetGSM7, AlphabetASCII, AlphabetLatin1, AlphabetUCS2)
	}
}

// way checks how a message is cut. A user data header with ports and a reference
// of 8 bits takes 12 octets, with one of 16 bits 13.
func (k *checker) way(key string, l *Link) {
	ways := [...]struct {
		word        string
		least, most int
	}{{"as-is", 13, 140}, {"udh8", 13, 140}, {"udh16", 14, 140}, {"sar", 1, 254}, {"payload", 13, 254}}
	var words []string
	for _, w := range ways {
		words = append(words, w.word)
		if l.Way == w.word && (l.Octets < w.least || l.Octets > w.most) {
			k.add(key+".octets", "%d; allowed is %d to %d with way %s", l.Octets, w.least, w.most, w.word)
		}
	}
	k.oneOf(key+".way", l.Way, words...)
	if !slices.Contains(words, l.Way) {
		k.between(key+".octets", l.Octets, 1, 65535)
	}
	k.between(key+".parts", l.Parts, 1, 255)
}

// text checks a C-octet string that may be empty.
func (k *checker) text(key, s string, most int) {
	if len(s) > most || !isPrintable(s) {
		k.add(key, "%q; allowed are up to %d printable ASCII characters", s, most)
	}
}
