//go:build interop

package libwbxml_test

import (
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/wappush"
)

// message is what both forms are made of.
type message interface {
	Append(dst []byte) ([]byte, error)
	AppendXML(dst []byte) []byte
}

// subject is one kind of document.
type subject struct {
	name   string
	draw   func(t *rapid.T) message
	decode func(b []byte) (message, error)
	// differs tells for which reason the octets of a message differ; the empty
	// string is none. known are all of them, each of which a run has to meet.
	differs func(m message) string
	known   []string
}

var subjects = []subject{
	{
		name: "Service Indication",
		draw: func(t *rapid.T) message { return drawSI(t) },
		decode: func(b []byte) (message, error) {
			s := new(wappush.ServiceIndication)
			return s, s.Decode(b)
		},
		differs: func(m message) string { return siDiffers(m.(*wappush.ServiceIndication)) },
		known:   []string{tokensElsewhere},
	},
	{
		name: "Service Loading",
		draw: func(t *rapid.T) message { return drawSL(t) },
		decode: func(b []byte) (message, error) {
			s := new(wappush.ServiceLoading)
			return s, s.Decode(b)
		},
		differs: func(message) string { return "" },
	},
}

// tokensElsewhere: libwbxml has the tokens of .com/ and the like in any
// attribute. We keep to the address, for which they are meant.
const tokensElsewhere = "libwbxml uses the tokens of .com/ .edu/ .net/ .org/ outside of the address, too"

func siDiffers(s *wappush.ServiceIndication) string {
	texts := []string{s.ID}
	for _, i := range s.Info {
		texts = append(texts, i.Class)
	}
	for _, text := range texts {
		for _, token := range domains {
			if strings.Contains(text, token) {
				return tokensElsewhere
			}
		}
	}
	return ""
}

var domains = []string{".com/", ".edu/", ".net/", ".org/"}

func drawURI(t *rapid.T) string {
	start := rapid.SampledFrom([]string{"http://", "http://www.", "https://", "https://www.", "ftp://", "wtai://wp/mc;", "HTTP://www.", "httpx://"}).Draw(t, "scheme")
	piece := rapid.OneOf(
		rapid.StringMatching(`[a-z0-9.?&=/_~%-]{1,12}`),
		rapid.SampledFrom([]string{".com/", ".edu/", ".net/", ".org/", ".com", ".org.com/", "..net/", "www.", "&amp;", "\"<'>"}),
	)
	return start + strings.Join(rapid.SliceOfN(piece, 1, 6).Draw(t, "pieces"), "")
}

// drawText is without white space at its ends: that of XML is layout.
func drawText(t *rapid.T, label string, least int) string {
	inner := rapid.StringOfN(rapid.OneOf(rapid.RuneFrom([]rune("abc XYZ 019.,&<>'\"/;#")), rapid.RuneFrom([]rune("äßéЖ漢字🙂\u0080\uffe5"))), least, 40, -1)
	return strings.TrimSpace(inner.Filter(func(s string) bool { return len(strings.TrimSpace(s)) >= least }).Draw(t, label))
}

func drawDate(t *rapid.T, label string) time.Time {
	if rapid.Bool().Draw(t, "no "+label) {
		return time.Time{}
	}
	d := time.Date(rapid.IntRange(1000, 9999).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 28).Draw(t, "day"),
		rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"), rapid.IntRange(0, 59).Draw(t, "second"), 0, time.UTC)
	return d.Truncate(rapid.SampledFrom([]time.Duration{1, time.Minute, time.Hour, 24 * time.Hour}).Draw(t, "trimmed to"))
}

func drawSI(t *rapid.T) *wappush.ServiceIndication {
	s := &wappush.ServiceIndication{
		Href:    drawURI(t),
		Action:  wappush.Action(rapid.IntRange(0, int(wappush.Delete)).Draw(t, "action")),
		Created: drawDate(t, "created"),
		Expires: drawDate(t, "si-expires"),
		Text:    drawText(t, "text", 0),
	}
	if s.Action == wappush.Delete || rapid.Bool().Draw(t, "has an id") {
		s.ID = rapid.OneOf(rapid.StringMatching(`[a-z0-9]{1,8}@[a-z.]{1,12}`), rapid.StringMatching(`[a-z]{1,5}\.(com|org)/[a-z]{0,5}`)).Draw(t, "si-id")
	}
	for range rapid.IntRange(0, 2).Draw(t, "items") {
		s.Info = append(s.Info, wappush.Item{Class: drawText(t, "class", 1), Text: drawText(t, "item", 1)})
	}
	return s
}

func drawSL(t *rapid.T) *wappush.ServiceLoading {
	action := rapid.SampledFrom([]wappush.Action{0, wappush.ExecuteLow, wappush.ExecuteHigh, wappush.Cache})
	return &wappush.ServiceLoading{Href: drawURI(t), Action: action.Draw(t, "action")}
}
