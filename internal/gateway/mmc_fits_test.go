package gateway

import (
	"testing"

	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/otasp/is683"
)

// octets encodes a message or a block.
func octets(t *testing.T, m interface {
	Append(dst []byte) ([]byte, error)
}) []byte {
	t.Helper()
	b, err := m.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func segment(t *testing.T, offset uint16, size int) *is683.SSPRDownloadRequest {
	s := is683.PRLSegment{Offset: offset, Data: make([]byte, size)}
	return &is683.SSPRDownloadRequest{Data: octets(t, &s)}
}

func taken(offset uint16, size uint8, r is683.ResultCode) *is683.SSPRDownloadResponse {
	return &is683.SSPRDownloadResponse{Result: r, Offset: offset, Size: size}
}

// TestAnswers: a response answers a request of its type, and of its blocks as far
// as the machine insists on them.
func TestAnswers(t *testing.T) {
	spc := is683.ValidationVerifySPC
	validation := &is683.ValidationRequest{Blocks: []is683.Block{{ID: spc, Data: []byte{0, 0, 0}}}}
	validated := func(ids ...uint8) *is683.ValidationResponse {
		r := &is683.ValidationResponse{}
		for _, id := range ids {
			r.Results = append(r.Results, is683.BlockResult{ID: id})
		}
		return r
	}
	packet := &is683.ThreeGPDDownloadRequest{Blocks: []is683.Block{{ID: is683.ThreeGPDDownloadOperationMode, Data: []byte{0x40}}}}
	dimensions := &is683.SSPRConfigurationRequest{BlockID: is683.SSPRExtendedDimensions}
	for _, tt := range []struct {
		what      string
		req, resp is683.Message
		want      bool
	}{
		{"of its type", &is683.CommitRequest{}, &is683.CommitResponse{}, true},
		{"of another type", &is683.CommitRequest{}, &is683.OTAPAResponse{}, false},
		{"refusal", &is683.CommitRequest{}, &is683.CommitResponse{Result: 1}, true},
		{"result missing", &is683.DownloadRequest{Blocks: validation.Blocks}, &is683.DownloadResponse{}, true}, // that part is left out
		{"validation", validation, validated(spc), true},
		{"validation of another block", validation, validated(is683.ValidationChangeSPC), false},
		{"validation of no block", validation, validated(), false},
		{"validation of two", validation, validated(spc, spc), false},
		{"validation of a commit", &is683.CommitRequest{}, validated(spc), false},
		{"3GPD", packet, &is683.ThreeGPDDownloadResponse{Results: []is683.BlockResult{{ID: is683.ThreeGPDDownloadOperationMode}}}, true},
		{"3GPD of another block", packet, &is683.ThreeGPDDownloadResponse{Results: []is683.BlockResult{{ID: is683.ThreeGPDDownloadSimpleIPStatus}}}, false},
		{"3GPD of a commit", &is683.CommitRequest{}, &is683.ThreeGPDDownloadResponse{}, false},
		{"dimensions", dimensions, &is683.SSPRConfigurationResponse{BlockID: is683.SSPRExtendedDimensions}, true},
		{"other dimensions", dimensions, &is683.SSPRConfigurationResponse{BlockID: is683.SSPRDimensions}, false},
		{"dimensions of a commit", &is683.CommitRequest{}, &is683.SSPRConfigurationResponse{}, false},
		{"segment", segment(t, 180, 70), taken(180, 70, is683.Accepted), true},
		{"segment before", segment(t, 180, 70), taken(0, 70, is683.Accepted), false},
		{"part of a segment", segment(t, 180, 70), taken(180, 69, is683.Accepted), false},
		{"refused segment", segment(t, 180, 70), taken(0, 0, is683.MessageNotExpected), true},
		{"segment of a commit", &is683.CommitRequest{}, taken(0, 0, is683.MessageNotExpected), false},
	} {
		if got := answers(tt.resp, tt.req); got != tt.want {
			t.Errorf("%s: %v", tt.what, got)
		}
	}
}

// TestFits has reports about a Commit Request that was written.
func TestFits(t *testing.T) {
	relay := &exchange{kind: otasp.Relay, doc: &iota.Message{Parts: []iota.Part{{CID: forwardCID, Octets: octets(t, &is683.CommitRequest{})}}}}
	report := func(status iota.Status, result iota.Result, octets ...byte) *iota.Message {
		m := &iota.Message{Report: &iota.Report{Status: status, Details: []iota.Detail{
			{ID: "1", Name: iota.NameWrite, Object: iota.ObjectIS683, Result: iota.ResultOK},
			{ID: "2", Name: iota.NameRead, Object: iota.ObjectIS683Result, Result: result, ValueRef: iota.ValueRef{CID: "1@handset"}},
		}}}
		if octets != nil {
			m.Parts = []iota.Part{{CID: "1@handset", Octets: octets}}
		}
		return m
	}
	ok := octets(t, &is683.CommitResponse{})
	other := octets(t, &is683.OTAPAResponse{})
	for _, tt := range []struct {
		what string
		x    *exchange
		m    *iota.Message
		want bool
	}{
		{"the answer", relay, report(iota.StatusOK, iota.ResultOK, ok...), true},
		{"another answer", relay, report(iota.StatusOK, iota.ResultOK, other...), false},
		{"no message", relay, report(iota.StatusOK, iota.ResultOK, 0xFF), false},
		{"part of one", relay, report(iota.StatusOK, iota.ResultOK, ok[:1]...), false},
		{"too much", relay, report(iota.StatusOK, iota.ResultOK, append(ok, 0)...), false},
		{"none", relay, report(iota.StatusOK, iota.ResultOK), true}, // the machine is told so
		{"none, for a reason", relay, report(iota.StatusWarning, iota.Result("UnknownError"), other...), true},
		{"given up", relay, report(iota.StatusError, iota.ResultOK, other...), true},
		{"nothing was asked", &exchange{kind: otasp.CommitMMC, doc: &iota.Message{}}, report(iota.StatusOK, iota.ResultOK, other...), true},
	} {
		if got := tt.x.fits(tt.m); got != tt.want {
			t.Errorf("%s: %v", tt.what, got)
		}
	}
}
