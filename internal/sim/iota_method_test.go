package sim_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/otasp/prl"
)

// TestIOTAResults: what the handset says to one document.
func TestIOTAResults(t *testing.T) {
	r := ` reportstatus="true"/>`
	write := func(id, object, value string) string {
		return `<method id="` + id + `" name="write" object="` + object + `" value="` + value + `"` + r
	}
	read := func(id, object string) string {
		return `<method id="` + id + `" name="read" object="` + object + `"` + r
	}
	for _, c := range []struct {
		name, methods string
		want          string
		failed        bool
	}{
		{"what can be read", read("2", "phone:oem") + read("3", "phone:psa.version") + read("4", "phone:cdma.nam.mdn") + read("5", "phone:cdma.nam.msid") +
			read("6", "phone:prl.storage.available") + read("7", "phone:boot.url") + read("8", "phone:nai.current"),
			status("ok", opened, `id="2" name="read" object="phone:oem" value="RIM" result="ok"`, `id="3" name="read" object="phone:psa.version" value="2.0" result="ok"`,
				`id="4" name="read" object="phone:cdma.nam.mdn" value="0000004567" result="ok"`, `id="5" name="read" object="phone:cdma.nam.msid" value="0000004567" result="ok"`,
				`id="6" name="read" object="phone:prl.storage.available" value="8192" result="ok"`, `id="7" name="read" object="phone:boot.url" value="http://boot.example/" result="ok"`,
				`id="8" name="read" object="phone:nai.current" value="old@example" result="ok"`), false},
		{"unknown object", read("2", "phone:teapot") + write("3", "phone:Homepage", "x") + read("4", "phone:model"),
			status("warning", opened, `id="2" name="read" object="phone:teapot" result="UnknownObject"`, `id="3" name="write" object="phone:Homepage" result="UnknownObject"`,
				`id="4" name="read" object="phone:model" value="8330" result="ok"`), false},
		{"object that it lacks", write("2", "phone:proxy..0.address..0.wdp", "C4000050441C1F01"),
			status("warning", opened, `id="2" name="write" object="phone:proxy..0.address..0.wdp" result="UnknownObject"`), false},
		{"write only", read("2", "phone:cdma.prl") + read("3", "phone:homepage") + read("4", "phone:reset"),
			status("warning", opened, `id="2" name="read" object="phone:cdma.prl" result="WriteOnly"`, `id="3" name="read" object="phone:homepage" result="WriteOnly"`,
				`id="4" name="read" object="phone:reset" result="WriteOnly"`), false},
		{"read only", write("2", "phone:oem", "ACME"), status("error", opened, `id="2" name="write" object="phone:oem" result="UnknownError"`), true},
		{"no part", `<method id="2" name="write" object="phone:cdma.is683" valueref="cid:2@acme"` + r + read("3", "phone:cdma.is683.result") + read("4", "phone:model") + commitMMC,
			status("error", opened, `id="2" name="write" object="phone:cdma.is683" result="CidMissing"`, `id="3" name="read" object="phone:cdma.is683.result" result="Abort"`,
				`id="4" name="read" object="phone:model" result="Abort"`, `id="9" name="commit" result="Abort"`), true},
		{"only what is asked is told", `<method id="2" name="read" object="phone:model" reportstatus="false"/><method id="3" name="read" object="phone:oem" reportstatus="TRUE"/>`, status("ok", opened), false},
		{"no answer to read", read("2", "phone:cdma.is683.result"), status("error", opened, `id="2" name="read" object="phone:cdma.is683.result" result="UnknownError"`), true},
		{"octets as text", write("2", "phone:cdma.is683", "06"), status("error", opened, `id="2" name="write" object="phone:cdma.is683" result="UnknownError"`), true},
		{"message that it cannot read", `<method id="2" name="write" object="phone:cdma.is683" valueref="cid:1%40acme"` + r, status("error", opened, `id="2" name="write" object="phone:cdma.is683" result="UnknownError"`), true},
		{"no URL", write("2", "phone:boot.url", "boot"), status("error", opened, `id="2" name="write" object="phone:boot.url" result="UnknownError"`), true},
		{"unknown method", `<method id="2" name="dance"` + r, status("error", opened, `id="2" name="dance" result="UnknownError"`), true},
		{"opened twice", `<method id="2" name="open"` + r, status("error", opened, `id="2" name="open" result="UnknownError"`), true},
		{"after the end", `<method id="2" name="disconnect"` + r + commitMMC, status("ok", opened, `id="2" name="disconnect" result="ok"`, `id="9" name="commit" result="Abort"`), false},
		{"what has to be escaped", write("2&lt;&quot;", "phone:nai.current", "a&amp;b"), status("ok", opened, `id="2&lt;&#34;" name="write" object="phone:nai.current" result="ok"`), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSubject(func(_ *sim.HandsetConfig, i *sim.IOTAConfig) { i.Lacks = []string{"phone:proxy..0.address..0.wdp"} })
			d := newDesk(t, first("/1", c.methods).with(t, "ff"))
			err := s.a.CallBack(t.Context(), d.url())
			var failed *sim.IOTAFailed
			if errors.As(err, &failed) != c.failed {
				t.Errorf("ends with %v", err)
			}
			if got := d.report(1); got != c.want {
				t.Errorf("it reports\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestIOTAUnopened: without a transaction nothing is written.
func TestIOTAUnopened(t *testing.T) {
	for _, methods := range []string{commitMMC, `<method id="2" name="write" object="phone:homepage" value="x" reportstatus="true"/>` + commitMMC} {
		s := newSubject(nil)
		d := newDesk(t, page{media: phonecom, body: `<mmc status-uri="{URL}/1">` + methods + `</mmc>`})
		var failed *sim.IOTAFailed
		if err := s.a.CallBack(t.Context(), d.url()); !errors.As(err, &failed) || !strings.Contains(d.report(1), `<status mmc="error">`) {
			t.Errorf("%v\n%s", err, d.report(1))
		}
	}
}

// TestIOTACritical: which results end a session can be told.
func TestIOTACritical(t *testing.T) {
	s := newSubject(func(_ *sim.HandsetConfig, c *sim.IOTAConfig) { c.Critical = []string{"UnknownObject"} })
	d := newDesk(t, first("/1", `<method id="2" name="read" object="x"/>`))
	var failed *sim.IOTAFailed
	if err := s.a.CallBack(t.Context(), d.url()); !errors.As(err, &failed) || d.report(1) != status("error", opened) {
		t.Errorf("%v", err)
	}
}

// TestIOTAObjects: what is written is there after commit, and only then.
func TestIOTAObjects(t *testing.T) {
	w := func(object, value string) string {
		return `<method id="2" name="write" object="` + object + `" value="` + value + `"/>`
	}
	s := newSubject(func(_ *sim.HandsetConfig, c *sim.IOTAConfig) { c.Trusted = []string{"http:127.0.0.1"} })
	methods := w("phone:homepage", "http://new.example/") + w("phone:proxy..0.address..0.wdp", "C4000050441C1F01") + w("phone:nai.current", "a@b") +
		w("phone:boot.naiurl", "https://b.example/cisp") + w("phone:reset", "1") + w("browser:domain.trusted", "https:.acme.example, http:other.example") +
		`<method id="3" name="read" object="phone:nai.current" reportstatus="true"/>`
	d := newDesk(t, first("/1", methods), doc("/2", commitMMC+`<method id="11" name="commit"/>`), doc("/3", disconnect))
	if err := s.a.CallBack(t.Context(), d.url()); err != nil {
		t.Fatal(err)
	}
	if got := d.report(1); !strings.Contains(got, `value="old@example"`) {
		t.Errorf("before commit:\n%s", got)
	}
	for object, want := range map[string]string{"phone:homepage": "http://new.example/", "phone:proxy..0.address..0.wdp": "C4000050441C1F01",
		"phone:nai.current": "a@b", "phone:boot.naiurl": "https://b.example/cisp"} {
		if got := s.a.Object(object); got != want {
			t.Errorf("%s is %q", object, got)
		}
	}
	if a := s.a.Actions(); len(a) != 1 || a[0] != "phone:reset" {
		t.Errorf("actions %q", a)
	}
	if err := s.a.CallBack(t.Context(), d.url()); !errors.Is(err, sim.ErrIOTAUntrusted) {
		t.Errorf("with the new list: %v", err)
	}
}

// TestIOTAProxyAddress: the octets of the object have a form.
func TestIOTAProxyAddress(t *testing.T) {
	for value, want := range map[string]string{
		"C4000050441C1F01": "ok", "c4000050441c1f01": "ok", "04441C1F01": "ok", "8400441C1F01": "ok", // with and without bearer and port
		"": "UnknownError", "C4": "UnknownError", "C4000050441C1F": "UnknownError", "C4000050441C1F0101": "UnknownError", "C400005044,C1F01": "UnknownError", "00": "UnknownError",
	} {
		s := newSubject(nil)
		d := newDesk(t, first("/1", `<method id="2" name="write" object="phone:proxy..0.address..0.wdp" value="`+value+`" reportstatus="true"/>`))
		_ = s.a.CallBack(t.Context(), d.url()) // the server has no more to say
		if got := d.report(1); !strings.Contains(got, `wdp" result="`+want+`"`) {
			t.Errorf("%s:\n%s", value, got)
		}
	}
}

func chunk(id, ref, offset string) string {
	return `<method id="` + id + `" name="write" object="phone:cdma.prl" valueref="` + ref + `" reportstatus="true"` + offset + `/>`
}

// TestIOTAList: a roaming list in parts is checked at commit.
func TestIOTAList(t *testing.T) {
	bad := minimal[:len(minimal)-2] + "4c"
	for _, c := range []struct {
		name  string
		pages []page
		ok    bool
	}{
		{"in one", []page{doc("/2", chunk("2", "cid:1@acme", "")).with(t, minimal)}, true},
		{"in two documents", []page{doc("/2", chunk("2", "cid:1@acme", ` size="10" offset="0"`)).with(t, minimal[:20]),
			doc("/2", chunk("2", "cid:1@acme", ` size="13" offset="10"`)).with(t, minimal[20:])}, true},
		{"a part again", []page{doc("/2", chunk("2", "cid:1@acme", ` offset="0"`)+chunk("3", "cid:2@acme", ` offset="10"`)+chunk("4", "cid:1@acme", ` offset="0"`)).with(t, minimal[:20], minimal[20:])}, true},
		{"a part is missing", []page{doc("/2", chunk("2", "cid:1@acme", ` offset="0"`)+chunk("3", "cid:2@acme", ` offset="11"`)).with(t, minimal[:20], minimal[20:])}, false},
		{"the end is missing", []page{doc("/2", chunk("2", "cid:1@acme", "")).with(t, minimal[:20])}, false},
		{"wrong CRC", []page{doc("/2", chunk("2", "cid:1@acme", "")).with(t, bad)}, false},
		{"empty", []page{doc("/2", chunk("2", "cid:1@acme", "")).with(t, "")}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSubject(nil)
			d := newDesk(t, append(append([]page{first("/1")}, c.pages...), doc("/3", commitMMC), doc("/4", disconnect))...)
			err := s.a.CallBack(t.Context(), d.url())
			report := d.report(2 + len(c.pages))
			m := s.h.Memory()
			if c.ok && (err != nil || hex.EncodeToString(m.PRL) != minimal || s.h.Commits() != 1 || report != status("ok", `id="9" name="commit" result="ok"`)) {
				t.Errorf("%v, list %x\n%s", err, m.PRL, report)
			}
			if !c.ok && (err == nil || len(m.PRL) != 0 || s.h.Commits() != 0 || report != status("error", `id="9" name="commit" result="CheckFailed"`)) {
				t.Errorf("%v, list %x\n%s", err, m.PRL, report)
			}
		})
	}
}

// TestIOTAPlace: a part of a list has the size that is said, and room in the handset.
func TestIOTAPlace(t *testing.T) {
	for place, want := range map[string]string{` size="23"`: "ok", ` size="22"`: "UnknownError", ` size="24"`: "UnknownError", ` offset="8169"`: "ok", ` offset="8170"`: "UnknownError"} {
		s := newSubject(nil)
		d := newDesk(t, first("/1", chunk("2", "cid:1@acme", place)).with(t, minimal))
		_ = s.a.CallBack(t.Context(), d.url()) // the server has no more to say
		if got := d.report(1); !strings.Contains(got, `prl" result="`+want+`"`) {
			t.Errorf("%s:\n%s", place, got)
		}
	}
}

// TestIOTAExtendedList: the list says itself which kind it is.
func TestIOTAExtendedList(t *testing.T) {
	vs, err := testvec.Load("../../testdata/prl")
	if err != nil {
		t.Fatal(err)
	}
	lists := 0
	for _, v := range vs {
		l, err := prl.Decode(v.Octets)
		if err != nil || l.PRev != is683.SSPRPRevExtended || len(v.Octets) > 8192 {
			continue
		}
		lists++
		s := newSubject(nil)
		d := newDesk(t, first("/1", chunk("2", "cid:1@acme", "")).with(t, hex.EncodeToString(v.Octets)), doc("/2", commitMMC), doc("/3", disconnect))
		if err := s.a.CallBack(t.Context(), d.url()); err != nil || !bytes.Equal(s.h.Memory().PRL, v.Octets) {
			t.Errorf("%x: %v", v.Octets, err)
		}
	}
	if lists == 0 {
		t.Error("no extended list among the vectors")
	}
}

// TestIOTAListAndNAM: both are in effect at once, and a bad list takes the rest
// with it.
func TestIOTAListAndNAM(t *testing.T) {
	for list, want := range map[string]string{minimal: "5551234567", minimal[2:]: "0000004567"} {
		s := newSubject(nil)
		d := newDesk(t, first("/1"), ask683(t, "/2", newMDN), ask683(t, "/3", "05"), doc("/4", chunk("2", "cid:1@acme", "")).with(t, list), doc("/5", commitMMC), doc("/6", disconnect))
		err := s.a.CallBack(t.Context(), d.url())
		if m := s.h.Memory(); m.MDN != want || (err == nil) != (len(m.PRL) > 0) {
			t.Errorf("%v: %s, list %x", err, m.MDN, m.PRL)
		}
	}
}

// TestIOTAByURL: an object that is fetched, whole and in parts.
func TestIOTAByURL(t *testing.T) {
	part := func(from, to int, header string) page {
		p := page{status: http.StatusPartialContent, media: "application/octet-stream", body: string(unhex(t, minimal)[from:to])}
		if header != "" {
			p.header = http.Header{"Content-Range": {header}}
		}
		return p
	}
	s := newSubject(nil)
	d := newDesk(t, first("/1", chunk("2", "{URL}/prl", ` size="12" offset="0"`)+chunk("3", "{URL}/prl", ` size="13" offset="10"`)),
		part(0, 12, "bytes 0-11/23"), part(8, 23, "bytes 8-22/23"), doc("/2", commitMMC), doc("/3", disconnect))
	if err := s.a.CallBack(t.Context(), d.url()); err != nil || hex.EncodeToString(s.h.Memory().PRL) != minimal {
		t.Errorf("%v, list %x", err, s.h.Memory().PRL)
	}
	all := d.all()
	if all[1].header.Get("Range") != "bytes=0-11" || all[2].header.Get("Range") != "bytes=10-22" {
		t.Errorf("asked for %q and %q", all[1].header.Get("Range"), all[2].header.Get("Range"))
	}
	for name, p := range map[string]page{
		"missing": {status: http.StatusNotFound}, "another type": {media: "text/plain", body: "x"},
		"no range": {status: http.StatusPartialContent, media: "application/octet-stream", body: "x", header: http.Header{"Content-Range": {"bytes x-y/z"}}},
	} {
		s := newSubject(nil)
		d := newDesk(t, first("/1", chunk("2", "{URL}/prl", "")), p)
		err := s.a.CallBack(t.Context(), d.url())
		if want := status("error", opened, `id="2" name="write" object="phone:cdma.prl" result="DownLoadFailed"`); err == nil || d.report(2) != want {
			t.Errorf("%s: %v\n%s", name, err, d.report(2))
		}
	}
}

// TestIOTAOTAPA: a handset that wants an OTAPA Request takes nothing before, and
// what it has committed stays after stop.
func TestIOTAOTAPA(t *testing.T) {
	answer := func(d *desk, n int) string {
		lines := strings.Split(strings.TrimSpace(d.report(n)), "\n")
		return lines[len(lines)-1]
	}
	s := newSubject(func(_ *sim.HandsetConfig, c *sim.IOTAConfig) { c.WantsOTAPA = true })
	d := newDesk(t, first("/1"), ask683(t, "/2", newMDN), ask683(t, "/3", "0a80"), ask683(t, "/4", newMDN), ask683(t, "/5", "05"), ask683(t, "/6", "0a00"), ask683(t, "/7", newMDN), doc("/8", commitMMC), doc("/9", disconnect))
	if err := s.a.CallBack(t.Context(), d.url()); err != nil {
		t.Fatal(err)
	}
	if got := answer(d, 3); !strings.HasPrefix(got, "0a00") {
		t.Errorf("OTAPA Request: %s", got)
	}
	for n, want := range map[int]string{2: "01010106", 4: "01010100", 5: "0500", 6: "0a0000", 7: "01010106"} {
		if got := answer(d, n); got != want {
			t.Errorf("answer %d is %s, want %s", n, got, want)
		}
	}
	if s.h.Memory().MDN != "5551234567" {
		t.Errorf("MDN %s", s.h.Memory().MDN)
	}
	// One that is open takes the Request all the same, and is locked by it.
	s = newSubject(func(h *sim.HandsetConfig, _ *sim.IOTAConfig) { lockedNAM(h) })
	d = newDesk(t, first("/1"), ask683(t, "/2", newMDN), ask683(t, "/3", "0a80"), ask683(t, "/4", newMDN), doc("/5", disconnect))
	if err := s.a.CallBack(t.Context(), d.url()); err != nil || answer(d, 2) != "01010100" || !strings.HasPrefix(answer(d, 3), "0a00") || answer(d, 4) != "0101010a" {
		t.Errorf("%v: %s, %s, %s", err, answer(d, 2), answer(d, 3), answer(d, 4))
	}
}

// TestMMC: one session at a time, which the radio ends.
func TestMMC(t *testing.T) {
	h := sim.NewHandset(sim.OTAPAHandset())
	ends := map[string]func(){"a call": func() { h.Answer([]byte{6}) }, "the end of a call": h.CallEnded, "a page": h.Paged}
	for name, end := range ends {
		m, err := h.MMC(false)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.MMC(false); !errors.Is(err, sim.ErrMMCBusy) {
			t.Errorf("a second session: %v", err)
		}
		for _, b := range []string{newMDN, "05"} {
			if a, err := m.Answer(unhex(t, b)); err != nil || len(a) < 2 || a[len(a)-1] != byte(is683.Accepted) {
				t.Errorf("%x, %v", a, err)
			}
		}
		end()
		if _, err := m.Answer([]byte{6}); err == nil || m.Commit() == nil || m.WriteList(0, nil) == nil {
			t.Errorf("the session goes on after %s", name)
		}
		if h.Memory().MDN != "0000004567" || h.Commits() != 0 {
			t.Errorf("%s has put it into effect", name)
		}
		if name == "a page" {
			if _, err := h.MMC(false); !errors.Is(err, sim.ErrMMCBusy) {
				t.Errorf("a session on the channel of another: %v", err)
			}
		}
		h.CallEnded()
		m.End() // of a session that is gone does no harm
	}
}

// TestMMCSecondCommit: each commit puts into effect what came before it.
func TestMMCSecondCommit(t *testing.T) {
	h := sim.NewHandset(sim.DefaultHandset())
	m, err := h.MMC(false)
	if err != nil {
		t.Fatal(err)
	}
	defer m.End()
	for i, c := range []struct {
		say     []string
		mdn     string
		commits int
	}{{nil, "0000004567", 0}, {[]string{newMDN}, "0000004567", 0}, {[]string{"05"}, "5551234567", 1}, {nil, "5551234567", 1}, {[]string{"01010106a5559876543000", "05"}, "5559876543", 2}} {
		for _, b := range c.say {
			if _, err := m.Answer(unhex(t, b)); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.Commit(); err != nil || h.Memory().MDN != c.mdn || h.Commits() != c.commits {
			t.Errorf("commit %d: %v, %s, %d", i, err, h.Memory().MDN, h.Commits())
		}
	}
}

// TestMMCStop: what an IS-683 Commit has let through outlives OTAPA Request stop,
// and what it has not does not.
func TestMMCStop(t *testing.T) {
	h := sim.NewHandset(sim.OTAPAHandset())
	m, err := h.MMC(true)
	if err != nil {
		t.Fatal(err)
	}
	defer m.End()
	for _, b := range []string{"0a80", newMDN, "05", "01010106a5559876543000", "0a00", "0a80", "0101030703471b7806239000", "05", "0a00"} {
		if _, err := m.Answer(unhex(t, b)); err != nil {
			t.Fatal(err)
		}
	}
	err = m.Commit()
	if got := h.Memory(); err != nil || got.MDN != "5551234567" || got.IMSIT.S != "5551234567" || h.Commits() != 1 {
		t.Errorf("%v: %s, %+v, %d commits", err, got.MDN, got.IMSIT, h.Commits())
	}
}
