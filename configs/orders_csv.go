package configs

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// orderRows reads CSV into what YAML would have given, so that both are
// checked and decoded by the same code. The first line names the columns by
// the keys of YAML, inner keys behind a dot (nam.mcc). An empty cell is a key
// that is not there. A cell of several entries parts them by spaces and their
// values by colons: sid_nid is "22:65535 4139:1". In objects, whose names have
// colons, an equals sign parts name and value: "phone:homepage=http://wap.example/".
// Lines that begin with # are comments.
func orderRows(file string, text []byte) ([]*yaml.Node, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // spreadsheets begin with it
	r := csv.NewReader(bytes.NewReader(text))
	r.Comment = '#'
	header, err := r.Read()
	if err != nil {
		return nil, csvProblem(file, err)
	}
	d := document{file: file}
	columns := make([]column, len(header))
	for i, h := range header {
		columns[i] = d.column(strings.TrimSpace(h))
	}
	if len(d.problems) > 0 {
		return nil, d.problems
	}
	var rows []*yaml.Node
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, d.problems.err()
		}
		if err != nil {
			return nil, csvProblem(file, err)
		}
		line, _ := r.FieldPos(0)
		row := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: line}
		for i, cell := range cells {
			columns[i].put(row, cell)
		}
		d.check(row, reflect.TypeFor[Order](), fmt.Sprintf("orders[%s]", entryName(row, len(rows))))
		rows = append(rows, row)
	}
}

func csvProblem(file string, err error) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return Problems{{File: file, Text: "empty; allowed is a line of column names and one line an order"}}
	case errors.As(err, &parse):
		return Problems{{File: file, Line: parse.Line, Text: parse.Err.Error()}}
	}
	return Problems{{File: file, Text: err.Error()}}
}

// column is where the cells of one column go.
type column struct {
	path []string
	typ  reflect.Type
}

func (d *document) column(name string) column {
	c := column{path: strings.Split(name, "."), typ: reflect.TypeFor[Order]()}
	for _, p := range c.path {
		for c.typ.Kind() == reflect.Pointer {
			c.typ = c.typ.Elem()
		}
		if c.typ.Kind() != reflect.Struct {
			d.add(nil, name, "a column below a value; allowed is the value itself")
			return c
		}
		f, ok := fieldOf(c.typ, p)
		if !ok {
			d.add(nil, name, "%s", strings.Replace(unknownKey(p, keysOf(c.typ)), "key", "column", 1))
			return c
		}
		c.typ = f.Type
	}
	if c.typ.Kind() == reflect.Pointer {
		d.add(nil, name, "a column for a group of values; allowed are %s.%s", name, strings.Join(keysOf(c.typ.Elem()), ", "+name+"."))
	}
	return c
}

// put adds a cell to a row, with the mappings on the way.
func (c *column) put(row *yaml.Node, cell string) {
	if cell = strings.TrimSpace(cell); cell == "" {
		return
	}
	at, last := row, len(c.path)-1
	for _, key := range c.path[:last] {
		at = inner(at, key)
	}
	at.Content = append(at.Content, text(c.path[last], row.Line), c.value(cell, row.Line))
}

// inner is the mapping under key, made when it is not there yet.
func inner(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	m := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: n.Line}
	n.Content = append(n.Content, text(key, n.Line), m)
	return m
}

func (c *column) value(cell string, line int) *yaml.Node {
	if c.typ.Kind() != reflect.Slice {
		return scalar(cell, c.typ, line)
	}
	list, between := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Line: line}, ":"
	if c.typ == reflect.TypeFor[[]OrderObject]() {
		between = "="
	}
	keys := keysOf(c.typ.Elem())
	for _, entry := range strings.Fields(cell) {
		m := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: line}
		for i, v := range strings.SplitN(entry, between, len(keys)) {
			m.Content = append(m.Content, text(keys[i], line), scalar(v, c.typ.Elem().Field(i).Type, line))
		}
		list.Content = append(list.Content, m)
	}
	return list
}

func text(s string, line int) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Line: line}
}

// scalar gives a cell the kind that its key wants; checkScalar then says
// whether it is one.
func scalar(cell string, t reflect.Type, line int) *yaml.Node {
	n := text(cell, line)
	switch {
	case t.Kind() == reflect.String:
	case t.Kind() == reflect.Bool && (cell == "true" || cell == "false"):
		n.Tag = "!!bool"
	case plainNumber.MatchString(cell):
		n.Tag = "!!int"
	}
	return n
}
