package gateway

import (
	"slices"

	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/otasp/is683"
)

// fits tells whether the OTASP message in a report, if there is one, answers the
// one that was written. To the machine another is an answer that cannot be used,
// and over MMC that is the end: nothing is repeated there. But it may be from a
// report that was under way for long, and the right one still comes.
func (x *exchange) fits(m *iota.Message) bool {
	if x.kind != otasp.Relay || m.Report.Status == iota.StatusError {
		return true
	}
	reverse, ok := reverseOf(m)
	if !ok {
		return true
	}
	forward, _ := x.doc.Part(forwardCID)
	req, err := is683.DecodeForward(forward)
	if err != nil { // ours, and the machine knows what it has written
		return true
	}
	resp, err := is683.DecodeReverse(reverse)
	return err == nil && answers(resp, req)
}

// reverseOf is the OTASP message in a report.
func reverseOf(m *iota.Message) (octets []byte, ok bool) {
	for i := range m.Report.Details {
		d := &m.Report.Details[i]
		if d.Name != iota.NameRead || d.Object != iota.ObjectIS683Result || d.Result != iota.ResultOK {
			continue
		}
		if octets, ok = m.Part(d.ValueRef.CID); ok {
			return octets, true
		}
	}
	return nil, false
}

// answers tells whether a response is that to a request: of its type, and about
// the same blocks where the machine takes no others.
func answers(resp, req is683.Message) bool {
	switch r := resp.(type) {
	case *is683.ValidationResponse:
		q, ok := req.(*is683.ValidationRequest)
		return ok && sameBlocks(r.Results, q.Blocks)
	case *is683.ThreeGPDDownloadResponse:
		q, ok := req.(*is683.ThreeGPDDownloadRequest)
		return ok && sameBlocks(r.Results, q.Blocks)
	case *is683.SSPRConfigurationResponse:
		q, ok := req.(*is683.SSPRConfigurationRequest)
		return ok && r.BlockID == q.BlockID
	case *is683.SSPRDownloadResponse:
		q, ok := req.(*is683.SSPRDownloadRequest)
		return ok && (r.Result != is683.Accepted || sameSegment(r, q))
	}
	return resp.Type() == req.Type()
}

func sameBlocks(results []is683.BlockResult, blocks []is683.Block) bool {
	return slices.EqualFunc(results, blocks, func(r is683.BlockResult, b is683.Block) bool { return r.ID == b.ID })
}

// sameSegment: what a segment of a list is refused with says nothing of it.
func sameSegment(r *is683.SSPRDownloadResponse, q *is683.SSPRDownloadRequest) bool {
	var s is683.PRLSegment
	return s.Decode(q.Data) == nil && r.Offset == s.Offset && int(r.Size) == len(s.Data)
}
