package soak

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// watch reads the log of the gateway: its counters come every second, and each time
// its memory and its store are looked at.
type watch struct {
	pid   atomic.Int64 // 0 before the gateway is there
	store string
	db    *sql.DB
	rest  []byte // of the log: a line that is not whole

	mu      sync.Mutex
	last    counters
	samples []sample
	lines   map[string]int // by what they say
	example map[string]string
}

// counters are those of the log that are of interest here.
type counters struct {
	Seen  int `json:"-"` // lines of counters so far
	Pages struct {
		Octets, Live, Sessions, Rows int
	}
	Push struct {
		Accepted, Done, Failed, Unknown, Sent, NotSent, Doubts, Receipts, Parked, Unmatched, Anomalies, Late, Moved int
	}
}

// sample is one look.
type sample struct {
	at       time.Time
	resident int // octets
	log      int // of the pages of messages in the store
	waiting  int // messages that are not over
	file     int // octets of the file beside records; 0 is not looked at
}

func newWatch(store string) *watch {
	return &watch{store: store, lines: map[string]int{}, example: map[string]string{}}
}

// Write is given the log by one goroutine.
func (w *watch) Write(b []byte) (int, error) {
	w.rest = append(w.rest, b...)
	for {
		line, rest, whole := bytes.Cut(w.rest, []byte{'\n'})
		if !whole {
			break
		}
		w.line(string(line))
		w.rest = w.rest[:copy(w.rest, rest)]
	}
	return len(b), nil
}

func (w *watch) line(text string) {
	var head struct{ Level, Message, What, Error string }
	if json.Unmarshal([]byte(text), &head) != nil {
		head.Message = "not JSON"
	}
	if head.Message == "counters" {
		w.counters(text)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	what := strings.TrimSpace(head.Level + " " + head.Message + " " + head.What)
	if w.lines[what]++; w.lines[what] == 1 {
		w.example[what] = text
	}
}

// fileEvery is at which samples the file is looked at.
const fileEvery = 5

func (w *watch) counters(text string) {
	var c counters
	if json.Unmarshal([]byte(text), &c) != nil {
		return // the last line, cut
	}
	s := sample{at: time.Now(), resident: resident(int(w.pid.Load())), log: c.Pages.Octets, waiting: c.Pages.Sessions}
	w.mu.Lock()
	c.Seen = w.last.Seen + 1
	w.mu.Unlock()
	if c.Seen%fileEvery == 1 {
		s.file = w.beside()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = c
	w.samples = append(w.samples, s)
}

// resident is VmRSS of a process in octets; 0 where nobody knows.
func resident(pid int) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil || runtime.GOOS != "linux" {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kB int
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kB); n == 1 {
			return kB << 10
		}
	}
	return 0
}

// beside is what the file of the store has beside records: the pages of messages, and
// what is free.
func (w *watch) beside() int {
	if w.db == nil {
		db, err := sql.Open("sqlite", "file:"+w.store+"?mode=ro&_pragma=busy_timeout(2000)&_pragma=query_only(1)")
		if err != nil {
			return 0
		}
		w.db = db
	}
	var used, free int
	err := w.db.QueryRow("SELECT (SELECT pgsize FROM dbstat WHERE name = 'page' AND aggregate = TRUE),"+
		" (SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size)").Scan(&used, &free)
	if err != nil {
		return 0
	}
	return used + free
}

func (w *watch) now() counters {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

// said is what the gateway has logged, and how often.
func (w *watch) said() (all []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for what, n := range w.lines {
		all = append(all, fmt.Sprintf("%7d  %s: %s", n, what, w.example[what]))
	}
	slices.Sort(all)
	return all
}

// quarters are the greatest and the middle values of each quarter of the run, which is
// over when nothing more is submitted.
func (w *watch) quarters(end time.Time, of func(*sample) int) (most, middle [4]int, samples int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for n < len(w.samples) && w.samples[n].at.Before(end) {
		n++
	}
	var values [4][]int
	for i := range n {
		if v := of(&w.samples[i]); v > 0 {
			values[i*4/n] = append(values[i*4/n], v)
		}
	}
	for q, list := range values {
		if len(list) > 0 {
			slices.Sort(list)
			most[q], middle[q] = list[len(list)-1], list[len(list)/2]
		}
	}
	return most, middle, n
}
