package backend_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/backend"
	"github.com/otagate/otagate/sessions"
)

// TestRow has the report as it is on the wire, and the row that it travels in.
func TestRow(t *testing.T) {
	west := time.FixedZone("", -8*3600)
	full := backend.Report{
		Session: "00000000000000c8", Flow: "iota", Order: "lab-1", MDN: mdn, OldMDN: "5550000001", OldMIN: "6191230042",
		NewMIN: "5551234567", ESN: "1234ABCD", MEID: "A0000000001234", PRL: "1001", Activated: true, Outcome: "done", Reason: "completed",
		Ways: []string{"iota", "otapa"}, Started: ended.Add(-time.Minute).In(west), Ended: ended.In(west),
	}
	few := backend.Report{Session: "00000000000000c9", Flow: "otasp", Outcome: "refused", Reason: "no-order", Ended: ended}
	mdnKey := sessions.Key{Kind: sessions.KeyMDN, Number: 5551234567}
	for _, tt := range []struct {
		r    *backend.Report
		id   sessions.ID
		key  sessions.Key
		want string
	}{
		{&full, 0xc8, mdnKey, `{"session":"00000000000000c8","flow":"iota","order":"lab-1","mdn":"5551234567","old_mdn":"5550000001","old_min":"6191230042",` +
			`"new_min":"5551234567","esn":"1234ABCD","meid":"A0000000001234","prl":"1001","activated":true,"outcome":"done","reason":"completed",` +
			`"ways":["iota","otapa"],"started":"2026-01-02T03:04:05Z","ended":"2026-01-02T03:05:05Z"}`},
		{&few, 0xc9, sessions.Key{}, `{"session":"00000000000000c9","flow":"otasp","activated":false,"outcome":"refused","reason":"no-order","ended":"2026-01-02T03:05:05Z"}`},
	} {
		row, wanted := tt.r.Row(config("https://backend.example/"))
		if !wanted {
			t.Fatal("no row")
		}
		if d := cmp.Diff(tt.want, string(row.Body)); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		if row.Due.IsZero() || row.Due.After(ended.Add(-365*24*time.Hour)) {
			t.Errorf("due %s: not at once when the clock is set back", row.Due)
		}
		row.Body, row.Due = nil, time.Time{}
		want := sessions.Outbox{Dest: "backend", Dedup: "backend/" + tt.r.Session, Validity: ended.Add(168 * time.Hour), ID: tt.id, Key: tt.key}
		if d := cmp.Diff(want, row); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
	if full.Ended.Location() != west {
		t.Error("the report was changed")
	}
}

// TestNotWanted: no row that nobody would send, or that has no key.
func TestNotWanted(t *testing.T) {
	good := reportOf(1)
	if _, wanted := good.Row(&configs.Backend{}); wanted {
		t.Error("a row for nobody")
	}
	for _, id := range []string{"", "0000000000000000", "c8", "00000000000000zz"} {
		r := *good
		r.Session = id
		if _, wanted := r.Row(config("https://backend.example/")); wanted {
			t.Errorf("a row of session %q", id)
		}
	}
	if _, wanted := good.Row(config("https://backend.example/")); !wanted {
		t.Error("no row where there should be one")
	}
}

// TestStrangeText: whatever a handset has said of itself, the body is JSON.
func TestStrangeText(t *testing.T) {
	r := reportOf(1)
	r.MDN, r.Reason, r.Order = "0\x00", "</script>\xff\u2028", "\"\n"
	row, wanted := r.Row(config("https://backend.example/"))
	if !wanted || row.Key != (sessions.Key{}) {
		t.Fatalf("wanted %t, key %v", wanted, row.Key)
	}
	var back backend.Report
	if err := json.Unmarshal(row.Body, &back); err != nil {
		t.Fatal(err)
	}
	if back.Order != r.Order || back.MDN != r.MDN {
		t.Errorf("%+v", back)
	}
}
