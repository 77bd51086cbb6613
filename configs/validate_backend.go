package configs

import "time"

func (k *checker) backend(b *Backend) {
	if b.Report == "" {
		k.noBackend(b)
	} else {
		k.report(b)
	}
	k.duration("backend.timeout", b.Timeout, 100*time.Millisecond)
	k.pauses("backend", b.Pause, b.MaxPause)
	k.span("backend.validity", b.Validity, time.Second, maxLife)
}

// noBackend finds what somebody has written for a back-end that is not there.
func (k *checker) noBackend(b *Backend) {
	if b.TokenFile != "" || b.Plain {
		k.add("backend.report", "missing, so nothing else of backend has a use; allowed is a URL such as https://registry.example.org/reports, or no section backend")
	}
}

// report checks where reports go, and that they cannot be read on the way,
// unless somebody wants it so.
func (k *checker) report(b *Backend) {
	u, err := b.URL()
	switch {
	case err != nil:
		k.add("backend.report", "%s; allowed is one such as https://registry.example.org/reports", err)
	case u.Scheme == "https":
		if b.Plain {
			k.add("backend.plain", "true beside an https URL; allowed is one of the two")
		}
	case !b.Plain && !isLoopbackHost(u.Hostname()):
		k.add("backend.report", "http to another machine, so the token and subscribers' numbers could be read on the way; allowed is https, plain: true, or a URL on 127.0.0.1")
	}
	if _, err := b.Token(); err != nil {
		k.add("backend.token_file", "%s; allowed is one that holds a bearer token of up to %d letters, digits and - . _ ~ + / =", err, maxToken)
	}
}
