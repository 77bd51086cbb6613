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

const gatewayConfig = "testdata/gateway.yaml"

// laboratory is the gateway and its network in processes of their own:
//
//	sim ivr ── SMPP ──▶ serve ── SCTP ──▶ osmo-stp ◀── SCTP ── sim network (MSC, HLR/AC)
type laboratory struct {
	t          *testing.T
	stp        *osmoSTP
	net, serve *process
	store, trn string
}

// startLaboratory starts the network with these handsets, and the gateway.
func startLaboratory(t *testing.T, handsets ...string) *laboratory {
	t.Helper()
	l := &laboratory{t: t, stp: startSTP(t, "starcode.cfg"), store: filepath.Join(t.TempDir(), "otagate.db")}
	l.net = startProcess(t, otagate(l.store, append([]string{"sim", "network", "--connect", "127.0.0.1:2905", "--transport", "sctp",
		"--local", "127.0.0.1:2926,127.0.0.1:2927", "--routing-context", "106,107"}, handsets...)...))
	l.net.out.Wait(t, patience, "MSC and HLR/AC are active", 1)
	l.startGateway()
	return l
}

// startStarCode has one handset, that has dialled the star code.
func startStarCode(t *testing.T) *laboratory {
	t.Helper()
	l := startLaboratory(t, "--handset", "8204F1A2")
	_, trn, _ := strings.Cut(l.net.out.String(), "TRN=")
	l.trn, _, _ = strings.Cut(trn, "\n")
	return l
}

func (l *laboratory) startGateway() {
	l.t.Helper()
	l.serve = startProcess(l.t, otagate(l.store, "serve", "-c", gatewayConfig, "--orders", "testdata/orders.yaml"))
	for _, as := range []string{"as-otagate", "as-msc", "as-hlr"} {
		l.stp.says("show cs7 instance 0 as all", as, "AS_ACTIVE")
	}
}

// trigger is an IVR that waits for its receipt.
func (l *laboratory) trigger() *process {
	l.t.Helper()
	return l.ivr("TRN=" + l.trn + ";ORDER=star-1;CORR=call-1")
}

func (l *laboratory) ivr(args ...string) *process {
	l.t.Helper()
	return startProcess(l.t, otagate(l.store, append([]string{"sim", "ivr"}, args...)...))
}

// delivered waits for the receipt and then looks at the record.
func (l *laboratory) delivered(ivr *process) record {
	l.t.Helper()
	ivr.ends()
	if out := ivr.out.String(); !strings.Contains(out, "DELIVERED, err 000") {
		l.t.Fatalf("sim ivr: %s", out)
	}
	return l.done()
}

// record is what of a CDR is looked at.
type record struct {
	Flow, Outcome, Reason, MDN string
	Recovered                  int
}

// done ends the gateway; its one record has to say that all went well.
func (l *laboratory) done() (r record) {
	l.t.Helper()
	if err := l.serve.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		l.t.Fatal(err)
	}
	l.serve.ends()
	records, err := otagate(l.store, "cdr", "-c", gatewayConfig, "--json").Output()
	if err != nil {
		l.t.Fatal(err)
	}
	if err := json.Unmarshal(records, &r); err != nil {
		l.t.Fatalf("%v: %s", err, records)
	}
	if r.Outcome != "done" || r.Reason != "ok" || r.MDN != "5551234567" {
		l.t.Errorf("CDR: %s", records)
	}
	return r
}

// TestStarCode is one activation from trigger to record.
func TestStarCode(t *testing.T) {
	cases := show(t, "a whole activation (number, identity, roaming list, A-key): otagate serve, sim network and sim ivr as processes, MSC and HLR/AC as ASPs of their own; receipt DELIVRD, CDR done; every operation seen on the wire before and behind osmo-stp")
	watch := startCapture(t)
	l := startStarCode(t)
	l.delivered(l.trigger())
	watch.end()
	watch.wellFormed()
	operations(watch).each(t, starCodeOperations)
	*cases++
}

// smdppSeen is how many lines of the network's ladder it takes until the
// activation is well under way and far from its end.
const smdppSeen = 6

// TestStarCodeOutage: osmo-stp dies in the middle of an activation, and comes
// back; messages are lost with it, and asked for again.
func TestStarCodeOutage(t *testing.T) {
	cases := show(t, "osmo-stp is killed in the middle of an activation and started again: three ASPs return, what was lost is repeated; receipt DELIVRD, CDR done")
	l := startStarCode(t)
	ivr := l.trigger()
	l.net.out.Wait(t, patience, "otagate  → MSC", smdppSeen)
	l.stp.kill()
	if strings.Contains(ivr.out.String(), "DELIVERED") {
		t.Fatal("the activation was faster")
	}
	l.stp.start()
	l.delivered(ivr)
	*cases++
}

// TestStarCodeCrash: the gateway dies in the middle of an activation, and comes
// back from the same port.
func TestStarCodeCrash(t *testing.T) {
	cases := show(t, "the gateway is killed in the middle of an activation and started again, from the same port: the session is recovered and goes on, CDR done")
	l := startStarCode(t)
	ivr := l.trigger()
	l.net.out.Wait(t, patience, "otagate  → MSC", smdppSeen)
	l.serve.kill()
	if strings.Contains(l.serve.err.String(), "session ended") {
		t.Fatal("the activation was faster")
	}
	ivr.kill()
	l.startGateway()
	l.serve.err.Wait(t, patience, "session ended", 1)
	if r := l.done(); r.Recovered != 1 {
		t.Errorf("CDR of a session recovered %d times", r.Recovered)
	}
	*cases++
}

// The three nodes, as tshark prints their point codes.
const (
	nodeGateway = "68613" // 1-12-5
	nodeMSC     = "68614" // 1-12-6
	nodeHLR     = "68615" // 1-12-7
)

// operation is a question that one node asks another.
type operation struct{ from, to, name string }

var starCodeOperations = []operation{
	{nodeGateway, nodeMSC, "SMS Delivery Point to Point"},
	{nodeGateway, nodeHLR, "OTASP Request"},
	{nodeMSC, nodeHLR, "Registration Notification"},
}

// passed is how often a message of ANSI-41 was on the wire, by sender, receiver
// and name.
type passed map[string]int

func operations(c *capture) passed {
	c.t.Helper()
	seen := passed{}
	for _, line := range c.decode("-Y", "ansi_map", "-T", "fields", "-e", "m3ua.protocol_data_opc", "-e", "m3ua.protocol_data_dpc", "-e", "_ws.col.Info") {
		f := strings.Split(line, "\t")
		info := f[2]
		if _, rest, sack := strings.Cut(info, ") "); sack {
			info = rest // a SACK came in the same packet
		}
		seen[f[0]+" to "+f[1]+": "+strings.TrimSpace(info)]++
	}
	return seen
}

// count is how often a question and its answer have passed osmo-stp: each
// message is seen on the way to it and on the way from it.
func (seen passed) count(t *testing.T, op operation) int {
	t.Helper()
	asked := seen[op.from+" to "+op.to+": "+op.name+" Invoke"]
	answered := seen[op.to+" to "+op.from+": "+op.name+" ReturnResult"]
	if asked%2 != 0 || asked != answered {
		t.Errorf("%s: %d invokes and %d results on the wire, all of them seen twice: %v", op.name, asked, answered, seen)
	}
	return asked / 2
}

// each fails the test for an operation that has not passed.
func (seen passed) each(t *testing.T, ops []operation) {
	t.Helper()
	for _, op := range ops {
		if seen.count(t, op) == 0 {
			t.Errorf("%s: nothing on the wire: %v", op.name, seen)
		}
	}
}
