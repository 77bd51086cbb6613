package gateway

import (
	"testing"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/sessions"
)

// TestTalks: what is known of a conversation goes with its end, and a report that
// was under way then does not bring it back.
func TestTalks(t *testing.T) {
	c := &callbacks{talks: map[sessions.ID]*talk{}}
	cfg := configs.Default().IOTA
	cfg.Base = "http://192.0.2.1/iota"
	var err error
	if c.server, err = rendezvous.New(cfg, c, rendezvous.Options{}); err != nil {
		t.Fatal(err)
	}
	first, second := &exchange{req: 1, kind: otasp.OpenMMC}, &exchange{req: 2, kind: otasp.Relay}
	if c.sets(1, first) || c.sets(1, second) {
		t.Error("a handset has left that has said nothing")
	}
	if _, x := c.about(1, 1); x != nil {
		t.Error("the first document is still out")
	}
	if _, x := c.about(2, 2); x != nil {
		t.Error("a document of another session is out")
	}
	k, x := c.about(1, 2)
	if x != second {
		t.Fatal("the second document is not out")
	}
	c.leaves(k, true)
	if !c.sets(1, first) {
		t.Error("a handset that has left is there")
	}
	c.end(1)
	c.leaves(k, true)
	if len(c.talks) != 0 {
		t.Errorf("%d conversations are left", len(c.talks))
	}
	if c.sets(1, first) {
		t.Error("a handset has left before it was there")
	}
}
