package testvec

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// origins says how good a source is: live, somebody's test, or ours.
var origins = [...]string{"trace-like", "published", "made"}

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

// LoadProto is Load for the vectors of one protocol, of which there must be some.
func LoadProto(dir, proto string) ([]Vector, error) {
	vs, err := Load(dir)
	if err != nil {
		return nil, err
	}
	vs = slices.DeleteFunc(vs, func(v Vector) bool { return v.Proto != proto })
	if len(vs) == 0 {
		return nil, fmt.Errorf("no vector of %s in %s", proto, dir)
	}
	return vs, nil
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
		v, err := parse(part, filepath.Dir(name))
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

func parse(text, dir string) (Vector, error) {
	var v Vector
	head, decoded, _ := strings.Cut(text, decodedMark+"\n")
	v.Decoded = decoded
	var digits strings.Builder
	var given []string
	inHeader := true
	for line := range strings.Lines(head) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
		key, value, isHeader := strings.Cut(line, ":")
		switch {
		case strings.TrimSpace(line) == "":
			continue
		case inHeader && isHeader:
			key = strings.TrimSpace(key)
			if slices.Contains(given, key) {
				return v, fmt.Errorf("%s is given twice", key)
			}
			given = append(given, key)
			if err := v.header(key, strings.TrimSpace(value), dir); err != nil {
				return v, fmt.Errorf("%s: %w", key, err)
			}
		default:
			inHeader = false
			digits.WriteString(strings.Join(strings.Fields(line), ""))
		}
	}
	octets, err := hex.DecodeString(digits.String())
	switch {
	case err != nil:
		return v, err
	case v.Octets == nil:
		v.Octets = octets
	case len(octets) > 0:
		return v, fmt.Errorf("a file and digits")
	}
	if v.Canonical == nil {
		v.Canonical = v.Octets
	}
	return v, v.complete()
}

// complete checks what no single line of a vector can tell.
func (v *Vector) complete() error {
	if v.Source == "" || v.Origin == "" || v.Proto == "" {
		return fmt.Errorf("source, origin and proto must be given")
	}
	for _, n := range v.WholeAt {
		if n < 0 || n >= len(v.Octets) {
			return fmt.Errorf("whole-at: %d is no cut of %d octets", n, len(v.Octets))
		}
	}
	return nil
}

func (v *Vector) header(key, value, dir string) (err error) {
	switch key {
	case "source":
		v.Source = value
	case "origin":
		v.Origin = value
		if !slices.Contains(origins[:], value) {
			err = fmt.Errorf("want one of %q, not %q", origins, value)
		}
	case "spec":
		v.Spec = value
	case "proto":
		v.Proto = value
	case "args":
		v.Args = strings.Fields(value)
	case "expect":
		if value != "ok" {
			field, is := strings.CutPrefix(value, "error ")
			if v.Fault = strings.TrimSpace(field); !is {
				err = fmt.Errorf("want ok or error FIELD, not %q", value)
			}
		}
	case "canonical":
		v.Canonical, err = hex.DecodeString(strings.Join(strings.Fields(value), ""))
	case "file":
		if value != filepath.Base(value) {
			return fmt.Errorf("want the name of a file beside this one, not %q", value)
		}
		v.Octets, err = os.ReadFile(filepath.Join(dir, value))
	case "whole-at":
		v.WholeAt, err = cuts(value)
	default:
		err = fmt.Errorf("unknown header key %q", key)
	}
	return err
}

// cuts reads lengths and ranges of lengths, "3 17-40".
func cuts(value string) (all []int, err error) {
	for _, s := range strings.Fields(value) {
		first, last, isRange := strings.Cut(s, "-")
		from, err := strconv.Atoi(first)
		if err != nil {
			return nil, err
		}
		to := from
		if isRange {
			if to, err = strconv.Atoi(last); err != nil {
				return nil, err
			}
		}
		if to < from {
			return nil, fmt.Errorf("%s: ends before it begins", s)
		}
		for n := from; n <= min(to, maxCut); n++ {
			all = append(all, n)
		}
	}
	return all, nil
}

// maxCut bounds a range, so that a slip of the pen stays small.
const maxCut = 1 << 16
