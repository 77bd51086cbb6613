package omacp

import (
	"fmt"

	"github.com/otagate/otagate/wappush/xmldoc"
)

// ParseXML reads the XML form of a document. White space between the elements
// is dropped, that in values stays. There are no entities beside the five of XML;
// nothing is fetched. A DOCTYPE need not be there. What the document type does not
// have is an error: nobody would see it on the air.
func ParseXML(b []byte) (*Document, error) {
	x, err := xmldoc.ParseDocument(b, xmldoc.Limits{})
	if err != nil {
		return nil, fmt.Errorf("cp: %w", err)
	}
	d, err := fromXML(x)
	if err != nil {
		return nil, fmt.Errorf("cp: %w", err)
	}
	return d, nil
}

func fromXML(x *xmldoc.Document) (*Document, error) {
	root := x.Root
	if root.Name != rootElement {
		return nil, root.Errorf("want <%s>", rootElement)
	}
	if name := x.Doctype.Name; name != "" && name != rootElement {
		return nil, root.Errorf("the DOCTYPE is of <%.40s>", name)
	}
	d := new(Document)
	d.Version, _ = root.Attr("version")
	if err := root.Only("version"); err != nil {
		return nil, err
	}
	err := root.Children(func(e *xmldoc.Element) error {
		if e.Name != elementCharacteristic {
			return e.Errorf("want <%s>", elementCharacteristic)
		}
		return characteristicFromXML(e, &d.Characteristics)
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

func characteristicFromXML(e *xmldoc.Element, to *[]Characteristic) error {
	typ, there := e.Attr("type")
	if !there {
		return e.Errorf("no attribute type")
	}
	if err := e.Only("type"); err != nil {
		return err
	}
	c := Characteristic{Type: typ}
	err := e.Children(func(x *xmldoc.Element) error {
		switch x.Name {
		case elementParm:
			return parmFromXML(x, &c.Parms)
		case elementCharacteristic:
			return characteristicFromXML(x, &c.Characteristics)
		}
		return x.Errorf("want <%s> or <%s>", elementParm, elementCharacteristic)
	})
	*to = append(*to, c)
	return err
}

func parmFromXML(e *xmldoc.Element, to *[]Parm) error {
	name, there := e.Attr("name")
	if !there {
		return e.Errorf("no attribute name")
	}
	value, valued := e.Attr("value")
	*to = append(*to, Parm{Name: name, Value: value, NoValue: !valued})
	if err := e.Only("name", "value"); err != nil {
		return err
	}
	return e.Children(func(x *xmldoc.Element) error { return x.Errorf("a parm has nothing inside") })
}
