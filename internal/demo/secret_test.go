package demo

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/otasp/is683"
)

// secret is something that is not to be printed, in any of its spellings.
type secret struct {
	name  string
	words []string // found in lower case, also with separators in between
	exact []string // found as they are: base64
	raw   []string // octets, found as they are and with escapes
	shown []any    // values that hold it, as somebody may log them
}

// Of which length a spelling has to be, lest chance bring it about.
const (
	shortest      = 6
	shortestExact = 4
	shortestRaw   = 3
)

// add takes octets in all spellings of octets.
func (s *secret) add(b []byte) {
	s.words = append(s.words, hex.EncodeToString(b))
	for skip := range 3 { // where it stands in a group of three
		e := base64.RawStdEncoding.EncodeToString(append(make([]byte, skip), b...))
		from, to := (skip*8+5)/6, (skip+len(b))*8/6
		if to-from >= shortestExact {
			s.exact = append(s.exact, e[from:to], strings.NewReplacer("+", "-", "/", "_").Replace(e[from:to]))
		}
	}
	s.words = append(s.words, squeezed(strings.Trim(fmt.Sprint(b), "[]")))
	if len(b) >= shortestRaw {
		s.raw = append(s.raw, printable(string(b)))
	}
	s.shown = append(s.shown, b, fmt.Sprint(b), fmt.Sprintf("%x", b), fmt.Sprintf("% X", b), fmt.Sprintf("%q", b), base64.URLEncoding.EncodeToString(b))
}

// secretText is a password, a PIN, a token, a URL.
func secretText(name, text string) secret {
	s := secret{name: name, words: []string{strings.ToLower(text), strings.ToLower(url.QueryEscape(text)), squeezed(text)}}
	s.add([]byte(text))
	s.shown = append(s.shown, text, "<"+text+">", fmt.Errorf("with %q", text))
	return s.ready()
}

// secretOctets is a key, or a value of an agreement about one.
func secretOctets(name string, b []byte) secret {
	s := secret{name: name}
	s.add(b)
	return s.ready()
}

// secretDigits is a number or a code: as text, and in all ways to pack digits.
func secretDigits(name, digits string) secret {
	s := secretText(name, digits)
	for _, packed := range packings(digits) {
		if b, err := hex.DecodeString(packed); err == nil {
			s.add(b)
		}
	}
	s.shown = append(s.shown, "31000"+digits, "+1"+digits, "20"+digits+"F", strings.Join(strings.Split(digits, ""), " "))
	if n, err := strconv.ParseUint(digits, 10, 64); err == nil && digits[0] != '0' {
		s.shown = append(s.shown, n)
	}
	return s.ready()
}

// packings are digits at four bits each: in order or by pairs the other way round,
// with 0 as zero or as ten.
func packings(digits string) (all []string) {
	for _, d := range []string{digits, strings.ReplaceAll(digits, "0", "a")} {
		if len(d)%2 == 1 {
			d += "f"
		}
		swapped := []byte(d)
		for i := 0; i+1 < len(swapped); i += 2 {
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
		}
		all = append(all, d, string(swapped))
	}
	return all
}

// secretNumber is a number of ten digits, which may also be the 34 bits of an
// IMSI_S, beginning at any bit of an octet.
func secretNumber(name, digits string) secret {
	s := secretDigits(name, digits)
	b, err := (&is683.IMSIT{MCC: "310", IMSI1112: "00", S: digits}).Append(nil)
	if err != nil {
		return s
	}
	bits := ""
	for _, o := range b {
		bits += fmt.Sprintf("%08b", o)
	}
	bits = bits[21:55] // behind class, ADDR_NUM, MCC and IMSI_11_12
	for skip := range 4 {
		n, _ := strconv.ParseUint(bits[skip:skip+28], 2, 28)
		s.words = append(s.words, fmt.Sprintf("%07x", n)) // the whole nibbles of it
	}
	s.shown = append(s.shown, hex.EncodeToString(b), fmt.Sprintf("% x", b)) // the whole block
	return s.ready()
}

// ready leaves what is long enough, once.
func (s secret) ready() secret {
	slices.Sort(s.words)
	s.words = slices.DeleteFunc(slices.Compact(s.words), func(w string) bool { return len(w) < shortest })
	return s
}

// in names the spelling in which a line of a log holds the secret; empty when it
// does not.
func (s *secret) in(l *line) string {
	for _, w := range s.words {
		if strings.Contains(l.lower, w) || strings.Contains(l.squeezed, w) {
			return w
		}
	}
	for _, w := range s.exact {
		if strings.Contains(l.text, w) {
			return w
		}
	}
	for _, r := range s.raw {
		if strings.Contains(l.plain, r) {
			return strconv.Quote(r)
		}
	}
	return ""
}

// line is a line of a log as secrets are looked for in it.
type line struct{ text, lower, squeezed, plain string }

func newLine(text string) *line {
	plain := printable(unescaped(unescaped(text)))
	return &line{text, strings.ToLower(text), squeezed(text), plain}
}

var separators = strings.NewReplacer(`\x`, "", "0x", "", " ", "", ":", "", ",", "", "-", "", "\t", "", `\`, "")

// squeezed has nothing between octets or digits.
func squeezed(s string) string { return separators.Replace(strings.ToLower(s)) }

// printable makes what is no UTF-8 what JSON makes of it.
func printable(s string) string { return strings.Map(func(r rune) rune { return r }, s) }

// unescaped takes backslashes out as JSON and Go put them in.
func unescaped(s string) string {
	var b strings.Builder
	for s != "" {
		if r, multi, rest, err := strconv.UnquoteChar(s, 0); err == nil {
			if r < 0x80 || multi {
				b.WriteRune(r)
			} else {
				b.WriteByte(byte(r))
			}
			s = rest
			continue
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String()
}

// leaks tells which secrets are in lines, and where.
func leaks(text string, all []secret) (found []string) {
	for t := range strings.Lines(text) {
		l := newLine(times.ReplaceAllString(strings.TrimRight(t, "\n"), "a time"))
		for i := range all {
			if how := all[i].in(l); how != "" {
				found = append(found, fmt.Sprintf("%s as %s: %s", all[i].name, how, l.text))
			}
		}
	}
	return found
}

// times are not looked at: nanoseconds may be the digits of a code.
var times = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)

// planted are lines that hold a secret, for a test of the one who looks for it.
func (s *secret) planted() (all []string) {
	for _, v := range s.shown {
		for _, put := range []func(*zerolog.Event){
			func(e *zerolog.Event) { e.Msg(fmt.Sprintf("at %v.", v)) },
			func(e *zerolog.Event) { e.Str("what", fmt.Sprintf("%v", v)).Send() },
			func(e *zerolog.Event) {
				if err, ok := v.(error); ok {
					v = err.Error() // JSON has no errors
				}
				e.Interface("what", map[string]any{"of": v}).Send()
			},
			func(e *zerolog.Event) { e.Err(fmt.Errorf("no way to %v: %w", v, io.ErrUnexpectedEOF)).Send() },
			func(e *zerolog.Event) {
				if b, ok := v.([]byte); ok {
					e.Bytes("bytes", b).Send()
				}
			},
			func(e *zerolog.Event) {
				if b, ok := v.([]byte); ok {
					e.Hex("hex", b).Send()
				}
			},
		} {
			var out strings.Builder
			log := bothForms(&out)
			put(log.Debug())
			for l := range strings.Lines(out.String()) {
				all = append(all, strings.TrimSpace(l))
			}
		}
	}
	return all
}

// TestLeaks: whatever the spelling, a secret is found, and what is masked is none.
func TestLeaks(t *testing.T) {
	all := []secret{
		secretNumber("MDN", "5551234567"), secretNumber("MIN with noughts", "0000004567"), secretDigits("odd number", "12025550123"), secretDigits("SPC", "739185"), secretDigits("PIN", userPIN),
		secretText("password", "centre/01+"), secretText("URL", "http://127.0.0.1:8082/iota/qBc_-1Tz0123456789abcd"),
		secretOctets("A-key", sharedKey[:]), secretOctets("public value", []byte(strings.Repeat("\x81\x02z\xff\x00", 19))),
	}
	for i := range all {
		lines := all[i].planted()
		if len(lines) < 20 {
			t.Errorf("%s: %d lines", all[i].name, len(lines))
		}
		for _, l := range lines {
			if len(leaks(l, all[i:i+1])) == 0 {
				t.Errorf("%s is not found in %s", all[i].name, l)
			}
		}
	}
	for _, l := range []string{
		`{"level":"info","mdn":"555***4567","min":"000***4567","session":"05551234f7739180"}`, `1:23AM INF submit_sm 555***4567 → *228 seq 7`,
		`{"octets":55,"time":"2026-01-02T12:34:56Z"}`, "Validation Request: verify SPC ******",
	} {
		if found := leaks(l, all); found != nil {
			t.Errorf("nothing is in it: %s", found)
		}
	}
}

// TestLeaksTimes: the digits of a time are not taken for a code, and one beside them is
// not overlooked.
func TestLeaksTimes(t *testing.T) {
	code := []secret{secretDigits("SPC", "246802").ready()}
	for line, want := range map[string]int{
		`{"started":"2026-11-26T14:34:53.532468022Z","ended":"2026-11-26T14:34:53.246802Z"}`: 0,
		`{"started":"2026-11-26T14:34:53.532468022Z","detail":"246802"}`:                     1,
		`2026-11-26T14:34:53Z246802`: 1,
	} {
		if got := leaks(line, code); len(got) != want {
			t.Errorf("%s: found %q", line, got)
		}
	}
}
