//go:build interop

package tshark_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// node is one line of a dissection: a protocol, a field, or a heading.
type node struct {
	name     string
	show     string // as tshark prints the value
	value    string // the octets it was read from, in hexadecimal
	showname string
	hidden   bool
	children []*node
}

// walk calls f for n and everything below it, in order. Where f returns false
// it does not go further down.
func (n *node) walk(f func(*node) bool) {
	if !f(n) {
		return
	}
	for _, c := range n.children {
		c.walk(f)
	}
}

// tshark reads a capture file and returns its packets.
func tshark(t testing.TB, file string, options ...string) []*node {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "tshark", append([]string{"-n", "-T", "pdml", "-r", file}, options...)...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("tshark %v: %v\n%s", options, err, stderr.String())
	}
	packets, err := parsePDML(bytes.NewReader(clean(stdout.Bytes())))
	if err != nil {
		t.Fatalf("tshark's output: %v", err)
	}
	return packets
}

// clean replaces what tshark leaves in strings and XML does not allow.
func clean(b []byte) []byte {
	b = bytes.ToValidUTF8(b, []byte("?"))
	for i, c := range b {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			b[i] = '?'
		}
	}
	return b
}

func parsePDML(r io.Reader) ([]*node, error) {
	d := xml.NewDecoder(r)
	var packets []*node
	var stack []*node
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return packets, nil
		}
		if err != nil {
			return nil, err
		}
		switch e := tok.(type) {
		case xml.StartElement:
			n := &node{}
			for _, a := range e.Attr {
				switch a.Name.Local {
				case "name":
					n.name = a.Value
				case "show":
					n.show = a.Value
				case "value":
					n.value = a.Value
				case "showname":
					n.showname = a.Value
				case "hide":
					n.hidden = a.Value == "yes"
				}
			}
			switch {
			case e.Name.Local == "packet":
				packets = append(packets, n)
			case len(stack) > 0 && stack[len(stack)-1] != nil:
				top := stack[len(stack)-1]
				top.children = append(top.children, n)
			default:
				n = nil // what stands around the packets
			}
			stack = append(stack, n)
		case xml.EndElement:
			if len(stack) == 0 {
				return nil, fmt.Errorf("unbalanced %s", e.Name.Local)
			}
			stack = stack[:len(stack)-1]
		}
	}
}

// version is the first line of tshark --version.
func version(t testing.TB) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "tshark", "--version").Output()
	if err != nil {
		t.Fatalf("tshark --version: %v", err)
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return strings.TrimSuffix(strings.TrimSpace(line), ".")
}
