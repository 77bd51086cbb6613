package cdr_test

import (
	"encoding/csv"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/sessions/cdr"
)

func full() cdr.Record {
	return cdr.Record{
		Session: "00000000000000ff", Flow: "otasp",
		Trigger: cdr.Trigger{Account: "ivr-1", Source: "*22800", Destination: "9000", Corr: "call,7"},
		MDN:     "5551234567", TRN: "7770000001", MSC: "msc-a", ESN: "80ABCDEF", MEID: "A0000000123456",
		OldMIN: "5550000001", OldMDN: "5550000002", NewMIN: "5551234567", NewIMSI: "310005551234567", OldPRL: "1", NewPRL: "60002",
		Started: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Ended: time.Date(2026, 3, 1, 12, 1, 30, 500_000_000, time.UTC),
		Outcome: cdr.Partial, Reason: "commit_rejected", Detail: "a \"quoted\" word", Link: "smsc-1",
		Steps: []string{"nam", "mdn", "prl"}, Skipped: []string{"3gpd"}, Recovered: 1, Attempts: 2, Ways: []string{"iota: no-callback", "otapa-ss7: ok"}, Found: []string{"mdn=5550000002", "prl=1"},
	}
}

const fullJSON = `{"session":"00000000000000ff","flow":"otasp","trigger":{"account":"ivr-1","source":"*22800","destination":"9000",` +
	`"corr":"call,7"},"mdn":"5551234567","trn":"7770000001","msc":"msc-a","esn":"80ABCDEF","meid":"A0000000123456",` +
	`"old_min":"5550000001","old_mdn":"5550000002","new_min":"5551234567","new_imsi":"310005551234567","old_prl":"1","new_prl":"60002",` +
	`"started":"2026-03-01T12:00:00Z","ended":"2026-03-01T12:01:30.5Z","outcome":"partial","reason":"commit_rejected",` +
	`"detail":"a \"quoted\" word","link":"smsc-1","steps":["nam","mdn","prl"],"skipped":["3gpd"],"recovered":1,"attempts":2,"found":["mdn=5550000002","prl=1"],"ways":["iota: no-callback","otapa-ss7: ok"]}`

const fullCSV = `session,flow,account,source,destination,corr,mdn,trn,msc,esn,meid,old_min,old_mdn,new_min,new_imsi,old_prl,new_prl,` +
	`started,ended,outcome,reason,detail,steps,skipped,recovered,attempts,link,ways,found
00000000000000ff,otasp,ivr-1,*22800,9000,"call,7",5551234567,7770000001,msc-a,80ABCDEF,A0000000123456,5550000001,5550000002,` +
	`5551234567,310005551234567,1,60002,2026-03-01T12:00:00Z,2026-03-01T12:01:30.5Z,partial,commit_rejected,"a ""quoted"" word",nam mdn prl,3gpd,1,2,smsc-1,iota: no-callback; otapa-ss7: ok,mdn=5550000002 prl=1
`

func TestJSON(t *testing.T) {
	want := full()
	b, err := want.AppendJSON([]byte("before "))
	if err != nil || string(b) != "before "+fullJSON {
		t.Errorf("%s %v", b, err)
	}
	got := cdr.Record{Reason: "left over"}
	if err := got.Decode([]byte(fullJSON)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := got.Decode([]byte("{")); err == nil {
		t.Error("half a record was decoded")
	}
}

func TestCSV(t *testing.T) {
	var out strings.Builder
	w := csv.NewWriter(&out)
	r := full()
	if err := w.Write(cdr.Header()); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteCSV(w); err != nil {
		t.Fatal(err)
	}
	w.Flush()
	if diff := cmp.Diff(fullCSV, out.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestCSVComplete sees that no field of a record is left out of the row.
func TestCSVComplete(t *testing.T) {
	fields := reflect.TypeFor[cdr.Record]().NumField() + reflect.TypeFor[cdr.Trigger]().NumField() - 1
	var empty cdr.Record
	if h, r := len(cdr.Header()), len(empty.Row()); h != fields || r != fields {
		t.Errorf("%d columns, %d in a row, %d fields", h, r, fields)
	}
}

func TestFilter(t *testing.T) {
	r := full()
	ended := r.Ended
	for _, c := range []struct {
		f    cdr.Filter
		want bool
	}{
		{cdr.Filter{}, true},
		{cdr.Filter{From: ended}, true},
		{cdr.Filter{From: ended.Add(1)}, false},
		{cdr.Filter{To: ended}, false},
		{cdr.Filter{To: ended.Add(1), MDN: "5551234567", Session: r.Session, Flow: "otasp", Outcome: cdr.Partial}, true},
		{cdr.Filter{MDN: "1"}, false},
		{cdr.Filter{Session: "1"}, false},
		{cdr.Filter{Flow: "otapa"}, false},
		{cdr.Filter{Outcome: cdr.Done}, false},
	} {
		if got := c.f.Match(&r); got != c.want {
			t.Errorf("%+v: %v", c.f, got)
		}
	}
}
