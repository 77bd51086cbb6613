package configs

import (
	"slices"
	"time"
)

func (k *checker) links(list []SMSLink) {
	n := k.names("push.links")
	for i := range list {
		k.link(n.entry(i, list[i].Name), &list[i])
	}
}

func (k *checker) link(key string, l *SMSLink) {
	if l.Name == LinkSS7 {
		k.add(key+".name", "ss7 is the way through SMSREQ and SMDPP; allowed is any other name")
	}
	k.address(key+".address", l.Address, 1)
	k.systemID(key+".system_id", l.SystemID)
	k.password(key, l)
	k.text(key+".system_type", l.SystemType, 12)
	k.between(key+".window", l.Window, 1, 10_000)
	k.perSecond(key+".rate", l.Rate, "submit_sm")
	k.duration(key+".response", l.Response, 100*time.Millisecond)
	k.duration(key+".enquire_link", l.EnquireLink, 100*time.Millisecond)
	k.submission(key, l)
	k.way(key, l)
	k.oneOf(key+".message_id", l.MessageID, "any", "same")
	k.duration(key+".doubt", l.Doubt, 100*time.Millisecond)
}

// submission checks the fields of submit_sm.
func (k *checker) submission(key string, l *SMSLink) {
	const maxTON, maxNPI = 6, 18 // SMPP 3.4 sections 5.2.5 and 5.2.6
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

// way checks how a message is cut. A user data header with ports and a reference
// of 8 bits takes 12 octets, with one of 16 bits 13.
func (k *checker) way(key string, l *SMSLink) {
	ways := [...]struct {
		word        string
		least, most int
	}{{"udh8", 13, 140}, {"udh16", 14, 140}, {"sar", 1, 254}, {"payload", 13, 254}}
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
