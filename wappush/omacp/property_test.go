package omacp_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/wappush/omacp"
)

// texts are what a name or a value may be: words of both pages, and any text
// that XML has.
func texts(words ...string) *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(words), rapid.StringMatching(`[ -~é€\t\n]{0,12}`))
}

func parms() *rapid.Generator[omacp.Parm] {
	names := texts("NAME", "NAPID", "APPID", "TO-NAPID", "AAUTHTYPE", "PXADDR", "INTERNET", "INIT", "SPI", "URI", "DNS-ADDR")
	values := texts("", "IPV4", "IPV6", "HTTP-BASIC", "BASIC", "CO-WSP", "APPSRV", "AAA", ",", "attr-5c", "value-80")
	return rapid.Custom(func(t *rapid.T) omacp.Parm {
		p := omacp.Parm{Name: names.Draw(t, "name"), NoValue: rapid.Bool().Draw(t, "flag")}
		if !p.NoValue {
			p.Value = values.Draw(t, "value")
		}
		return p
	})
}

func characteristics(depth int) *rapid.Generator[[]omacp.Characteristic] {
	types := texts("PXLOGICAL", "NAPDEF", "APPLICATION", "APPAUTH", "PORT", "CLIENTIDENTITY", "FOO")
	one := rapid.Custom(func(t *rapid.T) omacp.Characteristic {
		c := omacp.Characteristic{Type: types.Draw(t, "type")}
		c.Parms = orNil(rapid.SliceOfN(parms(), 0, 4).Draw(t, "parms"))
		if depth > 0 {
			c.Characteristics = orNil(characteristics(depth-1).Draw(t, "inside"))
		}
		return c
	})
	return rapid.SliceOfN(one, 0, 3)
}

func documents() *rapid.Generator[*omacp.Document] {
	return rapid.Custom(func(t *rapid.T) *omacp.Document {
		return &omacp.Document{
			Version:         texts("", "1.0", "1.1").Draw(t, "version"),
			Characteristics: orNil(characteristics(2).Draw(t, "characteristics")),
		}
	})
}

func orNil[E any](s []E) []E {
	if len(s) == 0 {
		return nil
	}
	return s
}

// TestRoundTrips: a document is the same after WBXML of either kind, XML and JSON.
func TestRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := documents().Draw(t, "document")
		for name, way := range map[string]func() (*omacp.Document, error){
			"wbxml":        func() (*omacp.Document, error) { return throughWBXML(d, omacp.Options{}) },
			"conservative": func() (*omacp.Document, error) { return throughWBXML(d, omacp.Options{Conservative: true}) },
			"xml": func() (*omacp.Document, error) {
				b, err := d.AppendXML(nil)
				if err != nil {
					return nil, err
				}
				return omacp.ParseXML(b)
			},
			"json": func() (*omacp.Document, error) {
				b, err := omacp.ToJSON(d)
				if err != nil {
					return nil, err
				}
				return omacp.FromJSON(b)
			},
		} {
			back, err := way()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(d, back); diff != "" {
				t.Fatalf("%s:\n%s", name, diff)
			}
		}
		_ = d.Validate(omacp.Rules{}) // whatever it says, it says it without a panic
	})
}

func throughWBXML(d *omacp.Document, o omacp.Options) (*omacp.Document, error) {
	b, err := d.AppendWith(nil, o)
	if err != nil {
		return nil, err
	}
	back := new(omacp.Document)
	if err := back.Decode(b); err != nil {
		return nil, err
	}
	for i := range b {
		b[i] = 0xff // what is decoded borrows nothing
	}
	return back, nil
}
