package omacp

import (
	"strings"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/wbxml"
	"github.com/otagate/otagate/wappush/xmldoc"
)

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE wap-provisioningdoc PUBLIC "-//WAPFORUM//DTD PROV 1.0//EN" "http://www.wapforum.org/DTD/prov.dtd">
`

// AppendXML appends d as XML, an element a line. It has the secrets in clear, as
// it has to be read again. A character that XML does not have is an error.
func (d *Document) AppendXML(dst []byte) ([]byte, error) {
	x := xmlWriter{dst: append(dst, xmlHead...)}
	x.dst = append(x.dst, "<"+rootElement...)
	if d.Version != "" {
		x.attr("version", d.Version)
	}
	x.dst = append(x.dst, ">\n"...)
	x.characteristics(d.Characteristics, 1)
	x.dst = append(x.dst, "</"+rootElement+">\n"...)
	if x.err != nil {
		return dst, x.err
	}
	return x.dst, nil
}

type xmlWriter struct {
	dst []byte
	err error
}

func (x *xmlWriter) characteristics(cs []Characteristic, depth int) {
	if len(cs) > 0 && depth >= wbxml.MaxDepth && x.err == nil {
		x.err = wire.Unencodable(proto, elementCharacteristic, wire.ErrTooLong)
	}
	for i := range cs {
		if x.err != nil {
			return
		}
		x.characteristic(&cs[i], depth)
	}
}

func (x *xmlWriter) characteristic(c *Characteristic, depth int) {
	x.open(elementCharacteristic, depth)
	x.attr("type", c.Type)
	if len(c.Parms) == 0 && len(c.Characteristics) == 0 {
		x.dst = append(x.dst, "/>\n"...)
		return
	}
	x.dst = append(x.dst, ">\n"...)
	for i := range c.Parms {
		x.open(elementParm, depth+1)
		x.attr("name", c.Parms[i].Name)
		if !c.Parms[i].NoValue {
			x.attr("value", c.Parms[i].Value)
		}
		x.dst = append(x.dst, "/>\n"...)
	}
	x.characteristics(c.Characteristics, depth+1)
	x.indent(depth)
	x.dst = append(x.dst, "</"+elementCharacteristic+">\n"...)
}

func (x *xmlWriter) open(element string, depth int) {
	x.indent(depth)
	x.dst = append(x.dst, "<"+element...)
}

func (x *xmlWriter) indent(depth int) { x.dst = append(x.dst, strings.Repeat("  ", depth)...) }

func (x *xmlWriter) attr(name, value string) {
	if unfitCharacters(value) != "" && x.err == nil {
		x.err = wire.Unencodable(proto, name, wire.ErrValue)
	}
	x.dst = xmldoc.AppendAttr(x.dst, name, value)
}
