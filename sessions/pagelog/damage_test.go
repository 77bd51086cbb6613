package pagelog_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/pagelog"
)

// shelf is a closed log of some segments, on a platter that can be looked at.
type shelf struct {
	disk   *platter
	tables *tables
	names  []string // of the segments, oldest first
}

// newShelf fills a log: page n has 1000+n*150 octets and a record. All pages are needed.
func newShelf(t testing.TB, pages int) *shelf {
	t.Helper()
	s := &shelf{disk: newPlatter(), tables: &tables{}}
	l, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	for n := range pages {
		put(t, l, int64(n+1), 1, 1000+(n+1)*150, n+1)
	}
	closeLog(t, l)
	for name := range s.disk.names {
		if strings.HasSuffix(name, ".seg") {
			s.names = append(s.names, name)
		}
	}
	slices.Sort(s.names)
	return s
}

func (s *shelf) open() (*pagelog.Log, error) {
	return pagelog.OpenIn(context.Background(), s.disk, s.tables, pagelog.Options{Segment: worldSegment, Every: never, Random: func(b []byte) { b[0] = 9 }})
}

// copy is a copy that can be spoilt.
func (s *shelf) copy() *shelf {
	c := &shelf{disk: newPlatter(), tables: &tables{mark: s.tables.mark, took: slices.Clone(s.tables.took)}, names: s.names}
	for name, i := range s.disk.names {
		c.disk.names[name] = &inode{seen: bytes.Clone(i.seen), disk: bytes.Clone(i.disk)}
	}
	c.disk.durable = maps.Clone(c.disk.names)
	return c
}

func (s *shelf) octets(name string) []byte { return s.disk.names[name].seen }

// refused expects that the log is not opened, for a reason with all of these words.
func (s *shelf) refused(t testing.TB, words ...string) {
	t.Helper()
	l, err := s.open()
	if err == nil {
		_ = l.Close()
		t.Errorf("opened; want %q", words)
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%v; want %q", err, word)
		}
	}
}

// pages opens the log and tells which pages are in it.
func (s *shelf) pages(t testing.TB) (all []int64) {
	t.Helper()
	l, err := s.open()
	if err != nil {
		t.Error(err)
		return nil
	}
	defer closeLog(t, l)
	for _, p := range pagesOf(t, l) {
		all = append(all, p.Seq)
	}
	return all
}

const remedy = "bring directory and tables back from one backup"

// TestDamage changes each octet of each frame. What was acknowledged is missed, in the
// middle; the last frame may be one for which nobody has waited. With its records in
// the tables it is not, as long as its head says which it is.
func TestDamage(t *testing.T) {
	const pages = 11
	s := newShelf(t, pages)
	if len(s.names) < 3 {
		t.Fatalf("segments %v", s.names)
	}
	number := 0
	for i, name := range s.names {
		for _, at := range framesOf(s.octets(name)) {
			number++
			last := i == len(s.names)-1 && number == pages
			for n := range frameLength(s.octets(name)[at:]) {
				if n > 200 && n%97 != 0 {
					continue // of the long body, not each
				}
				c := s.copy()
				c.octets(name)[at+n] ^= 0x40
				if c.tables.mark.Taken = pages - 1; !last {
					c.refused(t, name, fmt.Sprintf("frame %d at octet %d", number, at), remedy)
					continue
				}
				if got := c.pages(t); len(got) != pages-1 {
					t.Fatalf("octet %d of the last frame: pages %v", n, got)
				}
				c = s.copy()
				c.octets(name)[at+n] ^= 0x40
				if n >= 50 {
					c.refused(t, name, fmt.Sprintf("frame %d at octet %d", pages, at))
				}
			}
		}
	}
	if number != pages {
		t.Fatalf("%d frames", number)
	}
}

// framesOf are the places of the frames of a segment.
func framesOf(b []byte) (all []int) {
	for at := 0; at < len(b) && frameLength(b[at:]) > 0; {
		all = append(all, at)
		at += (frameLength(b[at:]) + 4095) / 4096 * 4096
	}
	return all
}

// frameLength reads the head of a frame; 0 if there is none.
func frameLength(b []byte) int {
	if string(b[:4]) != "otPL" {
		return 0
	}
	return int(b[4])<<24 | int(b[5])<<16 | int(b[6])<<8 | int(b[7])
}

// TestCutShort makes each segment shorter: it is missed, and said to be.
func TestCutShort(t *testing.T) {
	s := newShelf(t, 9)
	for _, name := range s.names {
		for n := 0; n < len(s.octets(name)); n += 512 {
			c := s.copy()
			c.disk.names[name].seen = c.octets(name)[:n]
			c.refused(t, name, remedy)
		}
	}
}

// TestMissing takes each segment away.
func TestMissing(t *testing.T) {
	s := newShelf(t, 16)
	if len(s.names) < 4 {
		t.Fatalf("segments %v", s.names)
	}
	for i, name := range s.names[1 : len(s.names)-1] {
		c := s.copy()
		delete(c.disk.names, name)
		c.refused(t, s.names[i], "missing", remedy)
	}
	// Without the oldest, pages are missing, which package pages sees.
	c := s.copy()
	delete(c.disk.names, s.names[0])
	if got := c.pages(t); got[0] == 1 || got[len(got)-1] != 16 {
		t.Errorf("pages %v", got)
	}
}

// TestRenamed: a file with the name of another is no segment, or damage.
func TestRenamed(t *testing.T) {
	s := newShelf(t, 12)
	c := s.copy()
	a, b := s.names[0], s.names[1]
	c.disk.names[a], c.disk.names[b] = c.disk.names[b], c.disk.names[a]
	c.refused(t, b, "at octet 0", remedy)

	c = s.copy()
	second := c.octets(a)[4096:]
	second = second[:frameLength(second)]
	second[8+2+8+7]++ // its segment
	pagelog.Reseal(second)
	c.refused(t, a, "frame 2 at octet 4096")

	c = s.copy()
	c.disk.names["00000000000000ff.seg"] = c.disk.names[a] // frames of an earlier time
	c.disk.names[a+".old"] = c.disk.names[a]
	c.disk.names["1.seg"] = c.disk.names[a]
	c.disk.names["spare-7"] = c.disk.names[a]
	if got := c.pages(t); len(got) != 12 {
		t.Errorf("pages %v", got)
	}
	if c.disk.names["00000000000000ff.seg"] != nil || c.disk.names["spare-7"] != nil || c.disk.names["1.seg"] == nil {
		t.Errorf("files %v", slices.Sorted(maps.Keys(c.disk.names)))
	}
}

// TestUnreadable: what cannot be read keeps the log from opening, unless nothing in it
// counts.
func TestUnreadable(t *testing.T) {
	s := newShelf(t, 9)
	for _, name := range s.names {
		c := s.copy()
		c.disk.names[name].bad = true
		c.refused(t, name, errIO.Error())
	}
	l, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	s.disk.next["write"], s.disk.next["remove"] = []fate{{}}, []fate{{}}
	p := sessions.Page{Seq: 10, First: 1, Body: make([]byte, 13_000)}
	if err := l.AppendPage(&p); !errors.Is(err, errIO) {
		t.Fatal(err)
	}
	if err := l.AppendPage(&p); err != nil {
		t.Fatal(err)
	}
	closeLog(t, l)
	s.disk.names["000000000000000a.seg"].bad = true
	if got := s.pages(t); len(got) != 10 {
		t.Errorf("pages %v", got)
	}
}

// TestOtherLog: a directory is not taken for that of another store.
func TestOtherLog(t *testing.T) {
	s := newShelf(t, 9)
	s.tables.mark.Log++
	s.refused(t, "another store")
	s.tables.mark = pagelog.Mark{}
	s.refused(t, "the tables know nothing")
}

// TestOlderTables: records that the tables have lost come again from what is there.
func TestOlderTables(t *testing.T) {
	s := newShelf(t, 9)
	s.tables.mark.Taken, s.tables.took, s.tables.calls = 4, s.tables.took[:4], 0
	if got := s.pages(t); len(got) != 9 {
		t.Errorf("pages %v", got)
	}
	var want []string
	for n := range 9 {
		want = append(want, recordOf(n+1).Session)
	}
	if got := s.tables.sessions(); !slices.Equal(got, want) || s.tables.mark.Taken != 9 || s.tables.calls != 1 {
		t.Errorf("records %v, mark %+v after %d transactions", got, s.tables.mark, s.tables.calls)
	}
}

// TestNewerTables: after tables that know of more, numbers go on behind theirs.
func TestNewerTables(t *testing.T) {
	s := newShelf(t, 9)
	s.tables.mark.Taken = 1000
	for seq := int64(10); seq < 13; seq++ {
		l, err := s.open()
		if err != nil {
			t.Fatal(err)
		}
		if got := pagesOf(t, l); len(got) != int(seq)-1 {
			t.Fatalf("%d pages before page %d", len(got), seq)
		}
		put(t, l, seq, 1, 100, int(seq))
		closeLog(t, l)
		if want := uint64(1001 + seq - 10); s.tables.mark.Taken != want {
			t.Errorf("mark %+v, want %d", s.tables.mark, want)
		}
	}
	if s.disk.names["00000000000003e9.seg"] == nil {
		t.Errorf("files %v", slices.Sorted(maps.Keys(s.disk.names)))
	}
}

// TestEmpty: in an empty directory a log begins anew, behind what the tables know.
func TestEmpty(t *testing.T) {
	s := newShelf(t, 9)
	clear(s.disk.names)
	l, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	if got := pagesOf(t, l); len(got) != 0 {
		t.Errorf("pages %v", got)
	}
	put(t, l, 1, 1, 100, 50)
	closeLog(t, l)
	if s.tables.mark.Taken != 10 || s.disk.names["000000000000000a.seg"] == nil {
		t.Errorf("mark %+v, files %v", s.tables.mark, slices.Sorted(maps.Keys(s.disk.names)))
	}
	if got := s.pages(t); len(got) != 1 {
		t.Errorf("pages %v", got)
	}
}

// TestBadRecords: a frame with records that are none keeps the log from opening.
func TestBadRecords(t *testing.T) {
	s := newShelf(t, 2)
	name := s.names[0]
	whole := s.octets(name)[:frameLength(s.octets(name))]
	at := bytes.Index(whole, []byte("push")) + len("push") + 4
	whole[at] = 77 // the version of the block
	pagelog.Reseal(whole)
	s.tables.mark.Taken = 0
	s.refused(t, name, "frame 1 at octet 0", "version")
}

// TestLaterFormat: what a later build has written is not taken for damage, nor for
// nothing.
func TestLaterFormat(t *testing.T) {
	s := newShelf(t, 1)
	whole := s.octets(s.names[0])
	whole = whole[:frameLength(whole)]
	whole[8]++
	pagelog.Reseal(whole)
	s.refused(t, s.names[0], "version", "not supported")
}

// TestCancelled: who does not wait for the log any more gets no log.
func TestCancelled(t *testing.T) {
	s := newShelf(t, 9)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pagelog.OpenIn(ctx, s.disk, s.tables, pagelog.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("opening: %v", err)
	}
	l, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	defer closeLog(t, l)
	if err := l.Pages(ctx, func(sessions.Page) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("reading pages: %v", err)
	}
	enough := errors.New("enough")
	if err := l.Pages(t.Context(), func(sessions.Page) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("reading pages: %v", err)
	}
}

// FuzzOpen opens a log whose only segment has any octets, or any that begin with what
// is called a whole frame. It opens or refuses; once open it can be written to, and then
// it opens again.
func FuzzOpen(f *testing.F) {
	s := newShelf(f, 2)
	whole := s.octets(s.names[0])
	f.Add(whole, false)
	f.Add(whole[:frameLength(whole)], true)
	f.Add(whole[:5000], false)
	f.Add([]byte("otPL\xff\xff\xff\xff"), false)
	f.Add([]byte{}, true)
	f.Fuzz(func(t *testing.T, b []byte, reseal bool) {
		b = bytes.Clone(b)
		if reseal && len(b) >= 12 {
			pagelog.Reseal(b)
		}
		c := &shelf{disk: newPlatter(), tables: &tables{mark: pagelog.Mark{Log: 9 << 56}}}
		c.disk.names["0000000000000001.seg"] = &inode{seen: b, disk: bytes.Clone(b)}
		l, err := c.open()
		if err != nil {
			return
		}
		if err := l.Pages(t.Context(), func(sessions.Page) error { return nil }); err != nil {
			t.Fatal(err)
		}
		want := body(77, 5000)
		if err := l.AppendPage(&sessions.Page{Seq: 77, First: 77, Body: want}); err != nil {
			t.Fatal(err)
		}
		closeLog(t, l)
		if l, err = c.open(); err != nil {
			t.Fatal(err)
		}
		defer closeLog(t, l)
		if got := pagesOf(t, l); len(got) == 0 || !bytes.Equal(got[len(got)-1].Body, want) {
			t.Errorf("%d pages", len(got))
		}
	})
}
