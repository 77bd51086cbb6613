package smpp_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/smpp"
)

// TestParseTime: the forms of section 7.1.1. The first two are its examples of an
// absolute and of a relative time, with other figures.
func TestParseTime(t *testing.T) {
	now := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		text string
		want time.Time
		bad  bool
	}{
		{text: "260610233429000+", want: time.Date(2026, 6, 10, 23, 34, 29, 0, time.UTC)},
		{text: "020610233429000R", want: time.Date(2028, 8, 10, 35, 34, 29, 0, time.UTC)},
		{text: "260610120000508+", want: time.Date(2026, 6, 10, 10, 0, 0, 500_000_000, time.UTC)},
		{text: "260610120000020-", want: time.Date(2026, 6, 10, 17, 0, 0, 0, time.UTC)},
		{text: "000000000130000R", want: now.Add(90 * time.Second)},
		{text: "000000990000000R", want: now.Add(99 * time.Hour)},
		{text: ""},
		{text: "260610120000000", bad: true},
		{text: "260610120000000Z", bad: true},
		{text: "26061012000x000+", bad: true},
		{text: "261310120000000+", bad: true},
		{text: "260631120000000+", bad: true},
		{text: "260610240000000+", bad: true},
		{text: "260610120000049+", bad: true},
	} {
		got, err := smpp.ParseTime([]byte(c.text), now)
		if !got.Equal(c.want) || (err != nil) != c.bad {
			t.Errorf("%s: %v %v, want %v", c.text, got, err, c.want)
		}
	}
}

func TestAppendTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(946684800, 4102444799).Draw(t, "seconds"), rapid.Int64Range(0, 9).Draw(t, "tenths")*100_000_000)
		text := smpp.AppendTime(nil, at)
		if got, err := smpp.ParseTime(text, time.Time{}); err != nil || !got.Equal(at) || len(text) != 16 {
			t.Errorf("%s: %v %v, want %v", text, got, err, at)
		}
	})
}
