package testvec

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Vector is one example message.
type Vector struct {
	Name      string // file name, and number in the file when there are several
	File      string
	Proto     string
	Source    string
	Origin    string
	Spec      string
	Fault     string // field named by "expect: error FIELD"; empty when the message is good
	Args      []string
	Octets    []byte
	Canonical []byte // what encoding gives; the octets themselves unless said otherwise
	WholeAt   []int
	Decoded   string
}

const decodedMark = "-- decoded --"

// Load reads every *.hex file of a folder of testdata. It fails when there is
// none: a test over no vectors would prove nothing.
func Load(dir string) ([]Vector, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.hex"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no vectors in %s", dir)
	}
	var all []Vector
	for _, f := range files {
		vs, err := LoadFile(f)
		if err != nil {
			return nil, err
		}
		all = append(all, vs...)
	}
	return all, nil
}

// LoadFile reads one vector file.
func LoadFile(name string) ([]Vector, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	base := strings.TrimSuffix(filepath.Base(name), ".hex")
	var vs []Vector
	parts := split(string(text))
	for i, part := range parts {
		v, err := parse(part)
		if err != nil {
			return nil, fmt.Errorf("%s: vector %d: %w", name, i+1, err)
		}
		v.File, v.Name = name, base
		if len(parts) > 1 {
			v.Name = fmt.Sprintf("%s/%d", base, i+1)
		}
		vs = append(vs, v)
	}
	return vs, nil
}

func split(text string) []string {
	var parts []string
	var cur []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "===") {
			parts = append(parts, strings.Join(cur, ""))
			cur = nil
			continue
		}
		cur = append(cur, line)
	}
	return append(parts, strings.Join(cur, ""))
}

func parse(text string) (Vector, error) {
	var v Vector
	head, decoded, _ := strings.Cut(text, decodedMark+"\n")
	v.Decoded = decoded
	var digits strings.Builder
	inHeader := true
	for line := range strings.Lines(head) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
		key, value, isHeader := strings.Cut(line, ":")
		switch {
		case strings.TrimSpace(line) == "":
			continue
		case inHeader && isHeader:
			if err := v.header(strings.TrimSpace(key), strings.TrimSpace(value)); err != nil {
				return v, err
			}
		default:
			inHeader = false
			digits.WriteString(strings.Join(strings.Fields(line), ""))
		}
	}
	var err error
	if v.Octets, err = hex.DecodeString(digits.String()); err != nil {
		return v, err
	}
	if v.Canonical == nil {
		v.Canonical = v.Octets
	}
	if v.Source == "" || v.Origin == "" || v.Proto == "" {
		return v, fmt.Errorf("source, origin and proto must be given")
	}
	return v, nil
}

func (v *Vector) header(key, value string) (err error) {
	switch key {
	case "source":
		v.Source = value
	case "origin":
		v.Origin = value
	case "spec":
		v.Spec = value
	case "proto":
		v.Proto = value
	case "args":
		v.Args = strings.Fields(value)
	case "expect":
		if value != "ok" {
			var is bool
			if v.Fault, is = strings.CutPrefix(value, "error "); !is {
				err = fmt.Errorf("expect: want ok or error FIELD, not %q", value)
			}
		}
	case "canonical":
		v.Canonical, err = hex.DecodeString(strings.Join(strings.Fields(value), ""))
	case "whole-at":
		for _, s := range strings.Fields(value) {
			var n int
			if n, err = strconv.Atoi(s); err != nil {
				return err
			}
			v.WholeAt = append(v.WholeAt, n)
		}
	default:
		err = fmt.Errorf("unknown header key %q", key)
	}
	return err
}
