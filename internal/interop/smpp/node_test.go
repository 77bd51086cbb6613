//go:build interop

package smpp_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/smpp"
)

const nodeSMPP = "node-smpp"

func TestNodeClient(t *testing.T) {
	if skipped["node"] {
		return
	}
	play(t, nodeSMPP, func(t *testing.T, _ *wire) esme { return startNode(t) })
}

// node is a process of testdata/node/peer.js.
type node struct {
	*inbox
	t      *testing.T
	in     io.WriteCloser
	stop   func()
	mu     sync.Mutex
	asked  int
	answer map[int]chan nodeLine
}

// nodeLine is what the script says.
type nodeLine struct {
	ID                   int
	Event, Command, Text string
	Error                string
	Status               uint32
	Port                 int
}

type fields map[string]any

func octets(b []byte) any { return fields{"hex": hex.EncodeToString(b)} }

func startNode(t *testing.T) *node {
	t.Helper()
	n := &node{inbox: newInbox(), t: t, answer: map[int]chan nodeLine{}}
	cmd := exec.Command("node", "peer.js")
	cmd.Dir = nodePeer
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err1 := cmd.StdoutPipe()
	in, err2 := cmd.StdinPipe()
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	n.in = in
	read := make(chan struct{})
	go func() {
		defer close(read)
		n.read(out)
	}()
	n.stop = sync.OnceFunc(func() {
		_ = in.Close() // which ends it
		<-read
		if err := cmd.Wait(); err != nil {
			t.Errorf("node: %v: %s", err, stderr.String())
		}
	})
	t.Cleanup(n.stop)
	return n
}

func (n *node) read(out io.Reader) {
	for s := bufio.NewScanner(out); s.Scan(); {
		var l nodeLine
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			n.t.Errorf("node: %v: %s", err, s.Bytes())
			continue
		}
		switch {
		case l.ID > 0:
			n.mu.Lock()
			n.answer[l.ID] <- l
			n.mu.Unlock()
		case l.Event == "error":
			n.t.Logf("node: %s", l.Text)
		case l.Event == "pdu" && l.Text != "":
			n.put(l.Text)
		}
	}
}

// ask has the script do something, and waits until it is done.
func (n *node) ask(do string, r fields) (nodeLine, error) {
	n.mu.Lock()
	n.asked++
	id, ch := n.asked, make(chan nodeLine, 1)
	n.answer[id] = ch
	n.mu.Unlock()
	r["do"], r["id"] = do, id
	b, err := json.Marshal(r)
	if err != nil {
		return nodeLine{}, err
	}
	if _, err := n.in.Write(append(b, '\n')); err != nil {
		return nodeLine{}, err
	}
	select {
	case l := <-ch:
		if l.Error != "" {
			return l, errors.New(l.Error)
		}
		return l, nil
	case <-time.After(patience):
		return nodeLine{}, fmt.Errorf("node-smpp does not answer to %s", b)
	}
}

// request sends a PDU.
func (n *node) request(command string, params fields) error {
	l, err := n.ask("send", fields{"command": command, "params": params})
	switch {
	case err != nil:
		return err
	case smpp.Status(l.Status) == smpp.StatusThrottled:
		return errThrottled
	case l.Status != 0:
		return fmt.Errorf("%s: %s", command, smpp.Status(l.Status))
	}
	return nil
}

func (n *node) Bind(b bind) error {
	host, port, err := net.SplitHostPort(b.addr)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	r := fields{"host": host, "port": number}
	if b.tls != nil {
		r["ca"] = b.tls.authority
	}
	if _, err := n.ask("connect", r); err != nil {
		return err
	}
	return n.request(b.mode.String(), fields{"system_id": b.system, "password": b.password, "interface_version": 0x34})
}

// toHandset are the addresses of a message.
func toHandset(more fields) fields {
	more["source_addr"], more["destination_addr"] = "2280", handset
	return more
}

func (n *node) Submit(m message) error {
	p := toHandset(fields{"short_message": m.text})
	if m.receipt {
		p["registered_delivery"] = 1
	}
	if m.payload {
		p["short_message"], p["message_payload"] = "", m.text
	}
	if m.udh != nil {
		p["short_message"] = fields{"udh": octets(m.udh), "message": m.text}
	}
	if m.sar[1] > 0 {
		p["sar_msg_ref_num"], p["sar_total_segments"], p["sar_segment_seqnum"] = m.sar[0], m.sar[1], m.sar[2]
	}
	return n.request("submit_sm", p)
}

// Long is up to the application.
func (n *node) Long(text string) error {
	const size = 130
	for i := 0; i*size < len(text); i++ {
		m := message{text: text[i*size : min((i+1)*size, len(text))], udh: []byte{5, 0, 3, 7, byte((len(text) + size - 1) / size), byte(i + 1)}}
		if err := n.Submit(m); err != nil {
			return err
		}
	}
	return nil
}

func (n *node) DataSM(text string) error {
	return n.request("data_sm", toHandset(fields{"message_payload": text}))
}

func (n *node) QuerySM(id string) error {
	return n.request("query_sm", fields{"message_id": id, "source_addr": "2280"})
}

func (n *node) Enquire() error { return n.request("enquire_link", fields{}) }
func (n *node) Unbind() error  { return n.request("unbind", fields{}) }
func (n *node) Close()         { n.stop() }

func TestNodeServer(t *testing.T) {
	if skipped["node"] {
		return
	}
	playServer(t, nodeSMPP, func(t *testing.T) smsc { return startNode(t) })
}

func (n *node) Listen(cert *certificate) (string, error) {
	r := fields{"policy": fields{"system": account, "password": password}}
	if cert != nil {
		r["key"], r["cert"] = cert.keyFile, cert.certFile
	}
	l, err := n.ask("listen", r)
	return fmt.Sprintf("127.0.0.1:%d", l.Port), err
}

func (n *node) Throttle(times int) error {
	_, err := n.ask("policy", fields{"policy": fields{"throttle": times}})
	return err
}

func (n *node) Deliver(text string) error {
	return n.request("deliver_sm", fields{"source_addr": handset, "destination_addr": "2280", "short_message": text})
}

func (n *node) Data(text string) error {
	return n.request("data_sm", fields{"source_addr": handset, "destination_addr": "2280", "message_payload": text})
}
