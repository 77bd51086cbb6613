package omacp

import (
	"fmt"
	"io"
)

// Document is a wap-provisioningdoc: settings as named parms, grouped into
// characteristics. Parms and characteristics keep their order, which is the
// order of preference among those of one name; how the two kinds are mixed means
// nothing and is not kept.
type Document struct {
	Version         string           `json:"version,omitempty"` // "1.0", "1.1", or "" for no attribute
	Characteristics []Characteristic `json:"characteristics,omitempty"`
	// Anomalies is what Decode passed over. Append does not write it.
	Anomalies []string `json:"anomalies,omitempty"`
}

// Characteristic is a group of settings.
type Characteristic struct {
	Type            string           `json:"type"`
	Parms           []Parm           `json:"parms,omitempty"`
	Characteristics []Characteristic `json:"characteristics,omitempty"`
}

// Parm is one setting. One without a value is a flag that is set by being
// there, which is not the same as an empty value.
type Parm struct {
	Name    string
	Value   string
	NoValue bool // then Value is empty
}

// Set is a parm with a value.
func Set(name, value string) Parm { return Parm{Name: name, Value: value} }

// Flag is a parm without a value.
func Flag(name string) Parm { return Parm{Name: name, NoValue: true} }

// Of returns the characteristics of the given type, in order.
func (d *Document) Of(typ string) []*Characteristic { return of(d.Characteristics, typ) }

// Of returns the characteristics inside c of the given type, in order.
func (c *Characteristic) Of(typ string) []*Characteristic { return of(c.Characteristics, typ) }

func of(cs []Characteristic, typ string) []*Characteristic {
	var found []*Characteristic
	for i := range cs {
		if cs[i].Type == typ {
			found = append(found, &cs[i])
		}
	}
	return found
}

// Value is the value of the first parm of the name, "" when there is none.
func (c *Characteristic) Value(name string) string {
	for i := range c.Parms {
		if c.Parms[i].Name == name {
			return c.Parms[i].Value
		}
	}
	return ""
}

// Values are the values of all parms of the name, in order.
func (c *Characteristic) Values(name string) []string {
	var vs []string
	for i := range c.Parms {
		if c.Parms[i].Name == name {
			vs = append(vs, c.Parms[i].Value)
		}
	}
	return vs
}

// Has tells whether there is a parm of the name, which is all that a flag says.
func (c *Characteristic) Has(name string) bool {
	for i := range c.Parms {
		if c.Parms[i].Name == name {
			return true
		}
	}
	return false
}

// Format hides the value of a secret from every verb.
func (p Parm) Format(f fmt.State, _ rune) { io.WriteString(f, p.String()) }

// String is NAME="value", or NAME of a flag. It hides the value of a secret.
func (p Parm) String() string {
	switch {
	case p.NoValue:
		return p.Name
	case Secret(p.Name):
		return p.Name + "=" + masked
	}
	return fmt.Sprintf("%s=%q", p.Name, p.Value)
}
