package pages

import (
	"context"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// Log keeps pages, and records beside them. *pagelog.Log is one.
type Log interface {
	// AppendPage returns when p is on the disk, or was not taken. What Pages gives later
	// is what was appended, octet by octet, or Pages fails.
	AppendPage(p *sessions.Page) error
	// Pages gives the pages to each, the oldest first.
	Pages(ctx context.Context, each func(sessions.Page) error) error
	// CDRs gives the records that match f to each, oldest first.
	CDRs(ctx context.Context, f cdr.Filter, each func(cdr.Record) error) error
}

// blockSize is what a log writes multiples of: that of a disk.
const blockSize = 4096

// sizeOf is about how much of the log a page takes with its records, which stay as long as
// it does.
func sizeOf(body int, records []cdr.Block) int {
	for i := range records {
		body += len(records[i].Body)
	}
	return (body + blockSize) / blockSize * blockSize
}

// page is one page of the log as memory knows it: how long it is, and what
// would be lost without it.
type page struct {
	seq  int64
	size int
	live []entity // whose newest image is in it
}

// place is where the newest image of an entity is.
type place struct {
	page    *page // nil while there is none
	index   int32 // in page.live
	size    int32 // of the image
	leaving bool  // the page that is being written has a newer image, or none is needed any more
	touched bool  // the batch has changed it
}

func (p *place) where() *place { return p }

// entity is what has an image in the log: a session, a row, a seen entry.
type entity interface {
	where() *place
	// image appends all that there is to know of it.
	image(dst []byte) []byte
}

// history is the log as memory knows it.
type history struct {
	pages  []*page // oldest first, without gaps
	octets int     // of all pages
	live   int     // of the newest images
	moved  uint64  // images that were written again to let a page go
}

// put makes p the page of e's newest image.
func (h *history) put(e entity, p *page, size int) {
	h.take(e)
	at := e.where()
	at.page, at.index, at.size = p, int32(len(p.live)), int32(size)
	p.live = append(p.live, e)
	h.live += size
}

// take makes e's image one that nobody needs.
func (h *history) take(e entity) {
	at := e.where()
	if at.page == nil {
		return
	}
	h.live -= int(at.size)
	live := at.page.live
	last := live[len(live)-1]
	live[at.index] = last
	last.where().index = at.index
	live[len(live)-1] = nil
	at.page.live, at.page = live[:len(live)-1], nil
}

// add puts a page at the end.
func (h *history) add(p *page) {
	h.pages = append(h.pages, p)
	h.octets += p.size
}

// drop lets the pages before first go.
func (h *history) drop(first int64) {
	n := 0
	for n < len(h.pages) && h.pages[n].seq < first {
		h.octets -= h.pages[n].size
		n++
	}
	clear(h.pages[:n])
	h.pages = h.pages[n:]
}

// next is the number of the next page.
func (h *history) next() int64 {
	if n := len(h.pages); n > 0 {
		return h.pages[n-1].seq + 1
	}
	return 1
}
