package iota_test

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/wappush/xmldoc"
)

var names = []iota.Name{iota.NameOpen, iota.NameRead, iota.NameWrite, iota.NameCommit, iota.NameDisconnect}

func values() *rapid.Generator[string] { return rapid.StringN(0, 20, 80).Filter(xmldoc.IsText) }

func things() *rapid.Generator[iota.Object] {
	return rapid.OneOf(rapid.SampledFrom([]iota.Object{iota.ObjectModel, iota.ObjectPRL, iota.ObjectReset}),
		rapid.Map(rapid.StringMatching(`[!-~]{1,20}`), func(s string) iota.Object { return iota.Object(s) }))
}

func parts() *rapid.Generator[[]byte] {
	return rapid.SliceOfN(rapid.Byte(), 0, 60).Filter(func(b []byte) bool { return !bytes.Contains(b, []byte("--bound")) })
}

// messages draws what may be sent.
func messages() *rapid.Generator[*iota.Message] {
	return rapid.Custom(func(t *rapid.T) *iota.Message {
		m := new(iota.Message)
		id := iota.MMCID(rapid.StringMatching(`[0-9]{0,10}`).Draw(t, "mmcID"))
		if rapid.Bool().Draw(t, "report") {
			m.Report = &iota.Report{Status: rapid.SampledFrom([]iota.Status{iota.StatusOK, iota.StatusWarning, iota.StatusError}).Draw(t, "status"), MMCID: id}
			for i := range rapid.IntRange(0, 4).Draw(t, "details") {
				m.Report.Details = append(m.Report.Details, drawDetail(t, m, i))
			}
		} else {
			m.Document = &iota.Document{StatusURI: "https://a.example/" + rapid.StringMatching(`[a-z&]{0,5}`).Draw(t, "uri"), MMCID: id}
			for i := range rapid.IntRange(1, 4).Draw(t, "methods") {
				m.Document.Methods = append(m.Document.Methods, drawMethod(t, m, i))
			}
		}
		if len(m.Parts) > 0 && rapid.Bool().Draw(t, "root") {
			m.RootCID = "root@a"
		}
		return m
	})
}

func drawMethod(t *rapid.T, m *iota.Message, i int) iota.Method {
	k := iota.Method{ID: strconv.Itoa(i), Name: rapid.SampledFrom(names).Draw(t, "name"), ReportStatus: rapid.Bool().Draw(t, "reportstatus")}
	if k.Name == iota.NameRead || k.Name == iota.NameWrite {
		k.Object = things().Draw(t, "object")
	}
	if k.Name != iota.NameWrite {
		return k
	}
	switch rapid.IntRange(0, 2).Draw(t, "content") {
	case 0:
		k.Value = values().Draw(t, "value")
		k.EmptyValue = k.Value == ""
	case 1:
		k.ValueRef.URL = "http://a.example/?" + rapid.StringMatching(`[a-z&=]{0,9}`).Draw(t, "url")
		k.Size, k.Offset = rapid.Uint32Max(1<<31).Draw(t, "size"), rapid.Uint32Max(1<<31-1).Draw(t, "offset")
	default:
		k.ValueRef.CID = drawPart(t, m, i)
	}
	return k
}

func drawPart(t *rapid.T, m *iota.Message, i int) string {
	cid := strconv.Itoa(i) + rapid.StringMatching(`[!-~]{0,9}`).Filter(func(s string) bool { return !bytes.ContainsAny([]byte(s), `<>"\`) }).Draw(t, "cid")
	m.Parts = append(m.Parts, iota.Part{CID: cid, Octets: parts().Draw(t, "octets")})
	return cid
}

func drawDetail(t *rapid.T, m *iota.Message, i int) iota.Detail {
	k := iota.Detail{ID: strconv.Itoa(i), Name: rapid.SampledFrom(names).Draw(t, "name")}
	k.Result = iota.Result(rapid.SampledFrom([]string{"ok", "UnknownObject", "Abort", "Whatever"}).Draw(t, "result"))
	if k.Name != iota.NameRead && k.Name != iota.NameWrite {
		return k
	}
	k.Object = things().Draw(t, "object")
	switch rapid.IntRange(0, 2).Draw(t, "content") {
	case 0:
		k.Value = values().Draw(t, "value")
		k.EmptyValue = k.Value == ""
	case 1:
		k.ValueRef.CID = drawPart(t, m, i)
	}
	return k
}

// TestRoundTrip: what is written is read back, in any dialect.
func TestRoundTrip(t *testing.T) {
	dialects := append(iota.Standard(), foreign())
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom(dialects).Draw(t, "dialect")
		m := messages().Draw(t, "m")
		contentType, body, err := d.Encode(m, "bound")
		if err != nil {
			t.Fatal(err)
		}
		if dialects.ForContentType(contentType) != d {
			t.Fatalf("%s is not of %s", contentType, d.Name)
		}
		got, err := d.Decode(contentType, body, iota.Limits{})
		if err != nil {
			t.Fatalf("%v in %s\n%s", err, contentType, body)
		}
		if diff := cmp.Diff(m, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s\n%s", diff, body)
		}
	})
}

// TestAnswersAny: a report made of a document answers it, in any order, and does
// not once a detail is another's.
func TestAnswersAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := messages().Filter(func(m *iota.Message) bool { return m.Document != nil }).Draw(t, "m")
		report := &iota.Report{Status: iota.StatusOK, MMCID: m.Document.MMCID}
		for _, k := range m.Document.Methods {
			if k.ReportStatus || rapid.Bool().Draw(t, "unasked") {
				report.Details = append(report.Details, iota.Detail{ID: k.ID, Name: k.Name, Object: k.Object, Result: iota.ResultOK})
			}
		}
		if len(report.Details) == 0 {
			return
		}
		report.Details = rapid.Permutation(report.Details).Draw(t, "order")
		if err := report.Answers(m.Document); err != nil {
			t.Fatal(err)
		}
		one := &report.Details[rapid.IntRange(0, len(report.Details)-1).Draw(t, "one")]
		switch rapid.IntRange(0, 2).Draw(t, "change") {
		case 0:
			one.ID = "another"
		case 1:
			one.Object += "x"
		case 2:
			one.Name += "x"
		}
		if err := report.Answers(m.Document); err == nil {
			t.Fatalf("%+v answers %+v", report, m.Document)
		}
	})
}
