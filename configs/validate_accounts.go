package configs

import "time"

// doors checks where ESMEs come in.
func (k *checker) doors(s *SMPP) {
	if s.Listen != "" || s.ListenTLS == "" {
		k.listen("smpp.listen", s.Listen)
	}
	if s.ListenTLS == "" {
		if s.TLS != (ServerTLS{}) {
			k.add("smpp.tls", "given without listen_tls, so nobody would see it; allowed is with it")
		}
		return
	}
	k.listen("smpp.listen_tls", s.ListenTLS)
	switch t := &s.TLS; {
	case t.Certificate == "":
		k.add("smpp.tls.certificate", "missing beside listen_tls; allowed is a PEM file")
	case t.Key == "":
		k.add("smpp.tls.key", "missing beside listen_tls; allowed is a PEM file")
	default:
		k.keyPair("smpp.tls", t.Certificate, t.Key)
	}
	if s.TLS.ClientCA != "" {
		k.authorities("smpp.tls.client_ca", s.TLS.ClientCA)
	}
}

func (k *checker) lockOut(key string, l *LockOut) {
	k.between(key+".failures", l.Failures, 0, 1_000_000)
	k.duration(key+".for", l.For, time.Second)
}

// certificateName: it says something only of certificates that are verified.
func (k *checker) certificateName(key string, s *SMPP, a *Account) {
	if a.CertificateName == "" {
		return
	}
	k.text(key+".certificate_name", a.CertificateName, 255)
	if s.ListenTLS == "" || s.TLS.ClientCA == "" {
		k.add(key+".certificate_name", "given, but certificates are not verified, so it could never bind; allowed is with smpp.listen_tls and smpp.tls.client_ca")
	}
}

func (k *checker) quota(key string, q *Quota) {
	if *q == (Quota{}) {
		return
	}
	if q.Messages < 1 {
		k.add(key+".messages", "%d; allowed is 1 or more, without quota there is no limit", q.Messages)
	}
	k.oneOf(key+".per", q.Per, PerHour, PerDay)
}
