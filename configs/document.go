package configs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// checkDocument holds the text against the structures before viper sees it.
// viper alone would lower-case keys, split them at dots, drop a second
// document, cut 300 to 44 in an octet and take 45 for 45 nanoseconds.
func checkDocument(file string, text []byte, t reflect.Type) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return &yaml.Node{Kind: yaml.MappingNode}, nil // empty; Validate says what is missing
	case err != nil:
		return nil, syntaxProblems(file, text, err)
	}
	// Into values: finds a key given twice and an anchor that holds itself.
	var values any
	if err := doc.Decode(&values); err != nil {
		return nil, syntaxProblems(file, text, err)
	}
	d := document{file: file}
	d.check(doc.Content[0], t, "")
	if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		d.add(nil, "", "a second YAML document; allowed is one")
	}
	return doc.Content[0], d.problems.err()
}

type document struct {
	file     string
	problems Problems
}

func (d *document) add(n *yaml.Node, key, format string, args ...any) {
	p := Problem{File: d.file, Key: key, Text: fmt.Sprintf(format, args...)}
	if n != nil {
		p.Line = n.Line
	}
	d.problems = append(d.problems, p)
}

func (d *document) check(n *yaml.Node, t reflect.Type, key string) {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch t.Kind() {
	case reflect.Pointer:
		d.check(n, t.Elem(), key)
	case reflect.Struct:
		d.checkMapping(n, t, key)
	case reflect.Slice:
		d.checkSequence(n, t.Elem(), key)
	default:
		if n.Kind != yaml.ScalarNode {
			d.add(n, key, "a %s where one value is expected", kindOf(n))
			return
		}
		text := checkScalar(n, t)
		if text != "" && isSecret(key) {
			text = "cannot be read (not shown here); allowed is text in quotes"
		}
		if text != "" {
			d.add(n, key, "%s", text)
		}
	}
}

func (d *document) checkMapping(n *yaml.Node, t reflect.Type, key string) {
	if isNull(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.add(n, key, "a %s where keys are expected; allowed are %s", kindOf(n), strings.Join(keysOf(t), ", "))
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Tag == "!!merge" {
			d.check(v, t, key)
			continue
		}
		f, ok := fieldOf(t, k.Value)
		if where := movedTo(join(key, k.Value)); !ok && where != "" {
			d.add(k, join(key, k.Value), "%s", where)
			continue
		}
		if !ok {
			d.add(k, join(key, k.Value), "%s", unknownKey(k.Value, keysOf(t)))
			continue
		}
		d.check(v, f.Type, join(key, k.Value))
	}
}

// movedTo says where a key of an old file is now, or nothing.
func movedTo(key string) string {
	switch key {
	case "push.routes":
		return "routes stand at the top level now, and the first one that matches takes a message; allowed is such as routes: [{name: all, via: [{link: smsc1}]}]"
	case "push.links":
		return "links stand at the top level now, with a url in place of an address; allowed is such as links: [{name: smsc1, url: smpp://10.1.2.3:2775, system_id: otagate}]"
	}
	return ""
}

func (d *document) checkSequence(n *yaml.Node, elem reflect.Type, key string) {
	if isNull(n) {
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.add(n, key, "a %s where a list is expected; each entry begins with a dash", kindOf(n))
		return
	}
	for i, e := range n.Content {
		d.check(e, elem, fmt.Sprintf("%s[%s]", key, entryName(e, i)))
	}
}

// entryName is the name that a list entry gives itself, or its position.
func entryName(n *yaml.Node, i int) string {
	if n.Kind == yaml.MappingNode {
		for j := 0; j+1 < len(n.Content); j += 2 {
			if n.Content[j].Value == "name" && n.Content[j+1].Value != "" {
				return n.Content[j+1].Value
			}
		}
	}
	return strconv.Itoa(i)
}

func fieldOf(t reflect.Type, key string) (reflect.StructField, bool) {
	for f := range fields(t) {
		if f.Tag.Get("mapstructure") == key {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// fields yields the fields of a structure that have a key.
func fields(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if f := t.Field(i); f.Tag.Get("mapstructure") != "-" && !yield(f) {
				return
			}
		}
	}
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for f := range fields(t) {
		keys = append(keys, f.Tag.Get("mapstructure"))
	}
	return keys
}

func unknownKey(key string, known []string) string {
	if strings.Contains(strings.ToLower(key), "token") && slices.Contains(known, "token_file") {
		return "a token is never written here; allowed is token_file"
	}
	if strings.Contains(strings.ToLower(key), "pass") {
		switch {
		case slices.Contains(known, "password_hash"):
			return "a password is never written here; allowed are password_hash, password_hash_file, password_hash_env (see otagate hash-password)"
		case slices.Contains(known, "password_file"):
			return "a password is never written here; allowed are password_file, password_env"
		}
	}
	near := nearest(key, known)
	if near == "" {
		return "unknown key; allowed are " + strings.Join(known, ", ")
	}
	return fmt.Sprintf("unknown key, did you mean %s; allowed are %s", near, strings.Join(known, ", "))
}

func join(key, sub string) string {
	if key == "" {
		return sub
	}
	return key + "." + sub
}

// isSecret tells whether the value of key must not be printed. A hash, a
// password or a token comes under the wrong one of its keys, and packet data
// holds passwords.
func isSecret(key string) bool {
	switch key[strings.LastIndexByte(key, '.')+1:] {
	case "password_hash", "password_hash_file", "password_hash_env", "password_file", "password_env", "token_file", "spc", "new_spc", "data", "value":
		return true
	}
	return false
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "mapping"
	case yaml.SequenceNode:
		return "list"
	}
	return "value"
}

// lineOf finds the line in what the YAML reader says.
var lineOf = regexp.MustCompile(`line (\d+): (.*)`)

// parserSays matches what the parser says, as opposed to its scanner.
var parserSays = regexp.MustCompile(`^did not find expected (key|node content|'-' indicator|',' or)`)

// anchorOf finds the name of an anchor that nobody defined.
var anchorOf = regexp.MustCompile(`unknown anchor '(.*)' referenced`)

// syntaxProblems turns the YAML reader's error into problems with lines.
func syntaxProblems(file string, text []byte, err error) error {
	var ps Problems
	for _, m := range lineOf.FindAllStringSubmatch(err.Error(), -1) {
		line, _ := strconv.Atoi(m[1])
		if parserSays.MatchString(m[2]) {
			line++ // the reader counts these from 0, all others from 1
		}
		ps = append(ps, Problem{File: file, Line: line, Text: m[2]})
	}
	if m := anchorOf.FindStringSubmatch(err.Error()); m != nil {
		at, _, _ := bytes.Cut(text, []byte("*"+m[1]))
		ps = append(ps, Problem{
			File: file, Line: 1 + bytes.Count(at, []byte("\n")),
			Text: fmt.Sprintf("*%s means something else to YAML; allowed is the text in quotes, \"*%s\"", m[1], m[1]),
		})
	}
	if len(ps) == 0 {
		ps = append(ps, Problem{File: file, Text: strings.TrimPrefix(err.Error(), "yaml: ")})
	}
	return ps
}
