package omacp

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/wbxml"
	"github.com/otagate/otagate/wappush/xmldoc"
)

// view puts the document behind the fields of its octets as the XML that people
// know, an element a line; end is where the document ends. The value of a secret
// stands beside the line, where the trace hides it.
func view(t *wire.Trace, x *wbxml.Document, at, end int) {
	if t == nil {
		return
	}
	t.Open(at, end-at, "XML")
	depth := t.Fields[len(t.Fields)-1].Depth + 1
	viewElement(t, x.Root, depth, end)
	t.Close()
}

func viewElement(t *wire.Trace, e *wbxml.Element, depth, end int) {
	f := wire.Field{Depth: depth, Off: e.Offset}
	line := "<" + escaped(e.Name)
	for i := range e.Attrs {
		a := &e.Attrs[i]
		if a.Name == "value" && e.Name == elementParm && Secret(nameOf(e)) {
			f.Value = escaped(textOf(a))
			f.Secret, f.Len = f.Value != "", min(len(f.Value), end-f.Off)
			continue
		}
		line += " " + escaped(a.Name) + `="` + escaped(textOf(a)) + `"`
	}
	inside := false
	for i := range e.Content {
		inside = inside || e.Content[i].Element != nil
	}
	if f.Name = line + ">"; !inside {
		f.Name = line + "/>"
	}
	t.Fields = append(t.Fields, f)
	if !inside {
		return
	}
	for i := range e.Content {
		if x := e.Content[i].Element; x != nil {
			viewElement(t, x, depth+1, end)
		}
	}
	t.Fields = append(t.Fields, wire.Field{Depth: depth, Off: e.Offset, Name: "</" + escaped(e.Name) + ">"})
}

func nameOf(e *wbxml.Element) string {
	if a := e.Attr("name"); a != nil {
		return textOf(a)
	}
	return ""
}

func textOf(a *wbxml.Attr) string { return a.Value + string(a.Opaque) }

// escaped keeps what a message says on one line.
func escaped(s string) string { return string(xmldoc.AppendEscaped(nil, s)) }
