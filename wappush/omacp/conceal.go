package omacp

import (
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// conceal marks the values of secrets in the trace of a document, whole or cut
// off. It goes by the fields alone, for in a broken message a value may come
// before the name that says what it is.
func conceal(t *wire.Trace) {
	if t == nil {
		return
	}
	table := false
	for i := 0; i < len(t.Fields); i++ {
		if t.Fields[i].Name == elementParm && t.Fields[i].Value == "" {
			n := parmFields(t.Fields[i+1:], t.Fields[i].Depth)
			table = concealParm(t.Fields[i+1:i+1+n]) || table
			i += n
		}
	}
	if table {
		concealTable(t)
	}
}

// parmFields is how many of the fields are deeper than depth.
func parmFields(fields []wire.Field, depth int) int {
	n := 0
	for n < len(fields) && fields[n].Depth > depth {
		n++
	}
	return n
}

// concealParm marks the values of one parm unless its name is there and open. It
// tells whether one of them stands in the string table.
func concealParm(fields []wire.Field) (table bool) {
	if open(fields) {
		return false
	}
	attr := ""
	for i := range fields {
		f := &fields[i]
		switch f.Name {
		case "attribute":
			attr = f.Note
		case "STR_I", "STR_T", "ENTITY", "OPAQUE", "OPAQUE length", "SWITCH_PAGE", "page", "end of attributes":
			table = table || attr == "value" && f.Name == "STR_T"
		default:
			f.Secret = f.Secret || attr == "value" && f.Value != ""
		}
	}
	return table
}

// open tells whether a parm has a name that is not that of a secret. A name put
// together from pieces, or one of octets, is none that anybody needs to see through.
func open(fields []wire.Field) bool {
	names, attr := 0, ""
	for i := range fields {
		f := &fields[i]
		name := ""
		switch {
		case f.Name == "attribute":
			if attr, name, _ = strings.Cut(f.Note, "="); attr != "name" {
				continue
			}
		case attr != "name":
			continue
		case f.Name == "string" && f.Note != "": // in the string table
			name = strings.Trim(f.Note, `"`)
		case f.Name == "string":
			name = strings.Trim(f.Value, `"`)
		case f.Name == "octets", f.Name == "character", f.Name == "value":
			return false
		}
		if name == "" {
			continue
		}
		if names++; Secret(name) || names > 1 {
			return false
		}
	}
	return names == 1
}

// concealTable marks the string table, where a secret stands.
func concealTable(t *wire.Trace) {
	for i := range t.Fields {
		if t.Fields[i].Name == "string table" {
			t.Fields[i].Secret = true
		}
	}
}
