package omacp

// BrowserProxy is a browser's way on CDMA2000: a proxy behind an access point.
// With Browser there is the application too.
type BrowserProxy struct {
	Proxy  Proxy
	Access CDMA2000

	// Browser, when not nil, is the application w2 that uses the proxy.
	Browser *Browser
}

// Document is the settings as they are sent.
func (b *BrowserProxy) Document() (*Document, error) {
	cs := []Characteristic{b.Proxy.characteristic(b.Access.NAPID), b.Access.characteristic()}
	if b.Browser != nil {
		cs = append(cs, b.Browser.characteristic(Set("TO-PROXY", b.Proxy.ID)))
	}
	return checked(cs...)
}

// Browser is the application w2.
type Browser struct {
	Name      string
	Bookmarks []Bookmark
}

// Bookmark is a page; one of them may be where the browser starts.
type Bookmark struct {
	URI, Name string
	StartPage bool
}

// characteristic is the browser with way, the parm that says how it gets out.
func (b *Browser) characteristic(way Parm) Characteristic {
	c := Characteristic{Type: TypeAPPLICATION, Parms: []Parm{Set("APPID", AppBrowser)}}
	c.setIfAny("NAME", b.Name)
	c.Parms = append(c.Parms, way)
	for i := range b.Bookmarks {
		c.Characteristics = append(c.Characteristics, b.Bookmarks[i].characteristic())
	}
	return c
}

func (b *Bookmark) characteristic() Characteristic {
	c := Characteristic{Type: TypeRESOURCE, Parms: []Parm{Set("URI", b.URI)}}
	c.setIfAny("NAME", b.Name)
	if b.StartPage {
		c.Parms = append(c.Parms, Flag("STARTPAGE"))
	}
	return c
}
