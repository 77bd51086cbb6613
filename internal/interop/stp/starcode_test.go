//go:build interop

package stp

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// otagate is the command with arguments, as a process on a store of the test's own.
func otagate(store string, args ...string) *exec.Cmd {
	c := exec.Command(os.Getenv(envProgram), args...)
	c.Env = append(os.Environ(), "OTAGATE_STORE_PATH="+store, "OTAGATE_PASSWORD=otagate1")
	return c
}

// TestStarCode is the activation with every program in a process of its own:
//
//	sim ivr ── SMPP ──▶ serve ── SCTP ──▶ osmo-stp ◀── SCTP ── sim network (MSC, HLR/AC)
func TestStarCode(t *testing.T) {
	const gateway = "testdata/gateway.yaml"
	cases := show(t, "whole activations (number, identity, roaming list, A-key): otagate serve, sim network and sim ivr as processes, MSC and HLR/AC as ASPs of their own; receipt DELIVRD, CDR done")
	stp := startSTP(t, "starcode.cfg")
	store := filepath.Join(t.TempDir(), "otagate.db")
	watch := startCapture(t)
	net := startProcess(t, otagate(store, "sim", "network", "--connect", "127.0.0.1:2905", "--transport", "sctp",
		"--local", "127.0.0.1:2926,127.0.0.1:2927", "--routing-context", "106,107", "--handset", "8204F1A2"))
	_, trn, ok := strings.Cut(net.prints(), "TRN=")
	if !ok {
		t.Fatal("no TRN")
	}
	serve := startProcess(t, otagate(store, "serve", "-c", gateway, "--orders", "testdata/orders.yaml"))
	for _, as := range []string{"as-otagate", "as-msc", "as-hlr"} {
		stp.says("show cs7 instance 0 as all", as, "AS_ACTIVE")
	}
	out, err := otagate(store, "sim", "ivr", "TRN="+trn+";ORDER=star-1;CORR=call-1").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "DELIVERED, err 000") {
		t.Fatalf("sim ivr: %v\n%s\nserve said:\n%s", err, out, serve.err)
	}
	*cases++

	if err := serve.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := serve.cmd.Wait(); err != nil {
		t.Errorf("serve ends with %v", err)
	}
	serve.cmd = nil
	records, err := otagate(store, "cdr", "-c", gateway, "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var r struct{ Outcome, Reason, MDN, MSC string }
	if err := json.Unmarshal(records, &r); err != nil {
		t.Fatalf("%v: %s", err, records)
	}
	if r.Outcome != "done" || r.Reason != "ok" || r.MDN != "5551234567" {
		t.Errorf("CDR: %s", records)
	}
	watch.end()
	watch.wellFormed()
	operations(t, watch)
}

// The three nodes, as tshark prints their point codes.
const (
	nodeGateway = "68613" // 1-12-5
	nodeMSC     = "68614" // 1-12-6
	nodeHLR     = "68615" // 1-12-7
)

// operations checks that every operation of the activation has passed osmo-stp:
// each message is seen on the way to it and on the way from it.
func operations(t *testing.T, c *capture) {
	t.Helper()
	seen := map[string]int{}
	for _, line := range c.decode("-Y", "ansi_map", "-T", "fields", "-e", "m3ua.protocol_data_opc", "-e", "m3ua.protocol_data_dpc", "-e", "_ws.col.Info") {
		f := strings.Split(line, "\t")
		info := f[2]
		if _, rest, sack := strings.Cut(info, ") "); sack {
			info = rest // a SACK came in the same packet
		}
		seen[f[0]+" to "+f[1]+": "+strings.TrimSpace(info)]++
	}
	for _, op := range []struct{ from, to, name string }{
		{nodeGateway, nodeMSC, "SMS Delivery Point to Point"},
		{nodeGateway, nodeHLR, "OTASP Request"},
		{nodeMSC, nodeHLR, "Registration Notification"},
	} {
		asked := seen[op.from+" to "+op.to+": "+op.name+" Invoke"]
		answered := seen[op.to+" to "+op.from+": "+op.name+" ReturnResult"]
		if asked == 0 || asked%2 != 0 || asked != answered {
			t.Errorf("%s: %d invokes and %d results on the wire, all of them seen twice: %v", op.name, asked, answered, seen)
		}
	}
}
