package demo

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/iota"
)

// gistMMC is one line about an MMC document or the report about one; ok is false
// when it is neither. Values are shown only as far as they are IS-683.
func gistMMC(h http.Header, body []byte, gist func(proto string, b []byte) string) (line string, ok bool) {
	for _, d := range iota.Standard() {
		m, err := d.Decode(h.Get("Content-Type"), body, iota.Limits{})
		switch {
		case err != nil:
		case m.Document != nil:
			return documentGist(m, gist), true
		default:
			return reportGist(m, gist), true
		}
	}
	return "", false
}

func documentGist(m *iota.Message, gist func(string, []byte) string) string {
	var all []string
	for i := range m.Document.Methods {
		x := &m.Document.Methods[i]
		switch octets, _ := m.Part(x.ValueRef.CID); {
		case x.Name == iota.NameWrite && x.Object == iota.ObjectIS683:
			all = append(all, "write "+gist("is683-fwd", octets))
		case x.Name == iota.NameRead && x.Object == iota.ObjectIS683Result: // goes with the one before
		default:
			all = append(all, strings.TrimSpace(string(x.Name)+" "+string(x.Object)))
		}
	}
	return "MMC " + strings.Join(all, ", ")
}

func reportGist(m *iota.Message, gist func(string, []byte) string) string {
	all := []string{string(m.Report.Status)}
	for i := range m.Report.Details {
		x := &m.Report.Details[i]
		octets, there := m.Part(x.ValueRef.CID)
		switch {
		case x.Object == iota.ObjectIS683Result && there:
			all = append(all, gist("is683-rev", octets))
		case x.Result != iota.ResultOK:
			all = append(all, strings.TrimSpace(string(x.Name)+" "+string(x.Object))+": "+string(x.Result))
		case x.Name == iota.NameRead:
			all = append(all, string(x.Object))
		}
	}
	return "report " + strings.Join(all, ", ")
}

// gistReport is one line about a report to the back-end.
func gistReport(b []byte) string {
	req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(b)))
	if err != nil {
		return "wire: " + err.Error()
	}
	defer req.Body.Close()
	var r sim.BackendReport
	if err := json.NewDecoder(req.Body).Decode(&r); err != nil {
		return "wire: " + err.Error()
	}
	s := fmt.Sprintf("%s %s  report %s, %s", req.Method, req.URL.Path, r.Outcome, r.Reason)
	if r.PRL != "" {
		s += ", PRL " + r.PRL
	}
	if r.Activated {
		s += ", activated"
	}
	return s
}
