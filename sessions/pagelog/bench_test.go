package pagelog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pagelog"
)

// BenchmarkAppend appends pages, and writes the same octets to a bare file, as what can
// be reached at most.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1 << 10, 20 << 10, 100 << 10} {
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			l := openLog(b, b.TempDir(), &tables{}, pagelog.Options{Every: 50 * time.Millisecond})
			defer closeLog(b, l)
			p := sessions.Page{Body: body(1, size), Records: []cdr.Block{blockOf(1, 2, 3, 4)}}
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				p.Seq++
				p.First = max(1, p.Seq-8)
				if err := l.AppendPage(&p); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%dKiB/bare", size>>10), func(b *testing.B) { bare(b, (size+4096)/4096*4096) })
	}
}

func bare(b *testing.B, size int) {
	const room = 4 << 20
	f, err := os.OpenFile(filepath.Join(b.TempDir(), "bare"), os.O_RDWR|os.O_CREATE|pagelog.WriteThrough, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(make([]byte, room)); err != nil {
		b.Fatal(err)
	}
	octets := body(1, size)
	b.SetBytes(int64(size))
	at := 0
	for b.Loop() {
		if at+size > room {
			at = 0
		}
		if _, err := f.WriteAt(octets, int64(at)); err != nil {
			b.Fatal(err)
		}
		at += size
	}
}
