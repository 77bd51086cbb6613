package sim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Media types of the documents and of what goes with them.
const (
	mmcPhonecom   = "application/vnd.phonecom.mmc-xml"
	mmcRelated    = "multipart/related"
	mmcOctets     = "application/octet-stream"
	mmcDoctype    = `<!DOCTYPE mmc PUBLIC "-//PHONE.COM//DTD MMC 2.0//EN" "http://www.phone.com/dtd/mmc20.dtd">`
	mmcMaxBody    = 1 << 20 // more than any document with its parts has
	mmcMaxMethods = 256
)

// mmcDocument is a document of the server.
type mmcDocument struct {
	statusURI string
	mmcID     string
	methods   []mmcMethod
	parts     map[string][]byte // by Content-ID, without its brackets
}

// mmcMethod is one thing to do.
type mmcMethod struct {
	id, name, object string
	value            string
	valueRef         string
	report           bool
	size, offset     int // -1 when not said
}

// asks tells whether the document has a method.
func (d *mmcDocument) asks(name string) bool {
	return slices.ContainsFunc(d.methods, func(m mmcMethod) bool { return m.name == name })
}

// wantsReport: a report is sent only when a method asks for a detail.
func (d *mmcDocument) wantsReport() bool {
	return slices.ContainsFunc(d.methods, func(m mmcMethod) bool { return m.report })
}

// readMMC reads the answer of a server, whose document is of a media type.
func readMMC(contentType, want string, body []byte) (*mmcDocument, error) {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, fmt.Errorf("content type %q: %w", contentType, err)
	}
	if media == want {
		return parseMMC(body)
	}
	if media != mmcRelated || params["boundary"] == "" {
		return nil, fmt.Errorf("content type %q", contentType)
	}
	if !bytes.Contains(body, []byte("\n--"+params["boundary"]+"--")) { // one cut off in a header would pass for whole
		return nil, errors.New("no end of the parts")
	}
	root, parts, err := splitMMC(multipart.NewReader(bytes.NewReader(body), params["boundary"]), params["start"], want)
	if err != nil {
		return nil, err
	}
	d, err := parseMMC(root)
	if err == nil {
		d.parts = parts
	}
	return d, err
}

// splitMMC takes the parts asunder. The root is the one that start names, or the first.
func splitMMC(r *multipart.Reader, start, want string) (root []byte, parts map[string][]byte, err error) {
	parts = map[string][]byte{}
	found := false
	for first := true; ; first = false {
		p, err := r.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		body, err := io.ReadAll(p)
		if err != nil {
			return nil, nil, err
		}
		if e := p.Header.Get("Content-Transfer-Encoding"); e != "" && !strings.EqualFold(e, "binary") {
			return nil, nil, fmt.Errorf("a part with the encoding %s", e)
		}
		id := p.Header.Get("Content-ID")
		if !found && (start == "" && first || start != "" && id == start) {
			if media, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type")); media != want {
				return nil, nil, fmt.Errorf("the root is %q", p.Header.Get("Content-Type"))
			}
			root, found = body, true
			continue
		}
		name, ok := contentID(id)
		if _, twice := parts[name]; !ok || twice {
			return nil, nil, fmt.Errorf("Content-ID %q", id)
		}
		parts[name] = body
	}
	if !found {
		return nil, nil, errors.New("no root part")
	}
	return root, parts, nil
}

func contentID(s string) (string, bool) {
	inner, ok := strings.CutPrefix(s, "<")
	inner, closed := strings.CutSuffix(inner, ">")
	return inner, ok && closed && inner != ""
}

// part is the part that a valueref of the form cid: names.
func (d *mmcDocument) part(ref string) ([]byte, bool) {
	x, _ := strings.CutPrefix(ref, "cid:")
	name, err := url.PathUnescape(x)
	if err != nil {
		return nil, false
	}
	b, ok := d.parts[name]
	return b, ok
}

var errMMCShape = errors.New("not an MMC document")

// parseMMC reads a document as the parser of a small handset might: what XML
// allows beyond elements, attributes and a DOCTYPE without a subset is refused.
func parseMMC(b []byte) (*mmcDocument, error) {
	x := xml.NewDecoder(bytes.NewReader(b))
	d := &mmcDocument{}
	depth, ended := 0, false
	for {
		token, err := x.Token()
		if err == io.EOF && ended {
			return d, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errMMCShape, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if ended {
				return nil, fmt.Errorf("%w: a second root", errMMCShape)
			}
			if err := d.element(&t, depth); err != nil {
				return nil, err
			}
			depth++
		case xml.EndElement:
			depth--
			ended = depth == 0
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return nil, fmt.Errorf("%w: text", errMMCShape)
			}
		case xml.ProcInst:
			if t.Target != "xml" {
				return nil, fmt.Errorf("%w: a processing instruction", errMMCShape)
			}
		case xml.Directive:
			if !bytes.HasPrefix(t, []byte("DOCTYPE mmc ")) || bytes.ContainsAny(t, "[") || depth > 0 {
				return nil, fmt.Errorf("%w: a directive", errMMCShape)
			}
		case xml.Comment:
			return nil, fmt.Errorf("%w: a comment", errMMCShape)
		}
	}
}

// element takes an element that begins. Unknown elements and attributes are passed over.
func (d *mmcDocument) element(t *xml.StartElement, depth int) error {
	get := make(map[string]string, len(t.Attr))
	for _, a := range t.Attr {
		if _, twice := get[a.Name.Local]; twice {
			return fmt.Errorf("%w: %s twice", errMMCShape, a.Name.Local)
		}
		get[a.Name.Local] = a.Value
	}
	switch {
	case depth == 0 && t.Name.Local != "mmc":
		return fmt.Errorf("%w: %s", errMMCShape, t.Name.Local)
	case depth == 0:
		d.statusURI, d.mmcID = get["status-uri"], get["mmcID"]
	case depth == 1 && t.Name.Local == "method":
		if len(d.methods) == mmcMaxMethods {
			return fmt.Errorf("%w: too many methods", errMMCShape)
		}
		m := mmcMethod{id: get["id"], name: get["name"], object: get["object"], value: get["value"], valueRef: get["valueref"], report: get["reportstatus"] == "true"}
		var err error
		if m.size, err = count(get, "size"); err == nil {
			m.offset, err = count(get, "offset")
		}
		if err != nil {
			return err
		}
		d.methods = append(d.methods, m)
	}
	return nil
}

// count is an attribute that is a number, -1 when there is none.
func count(get map[string]string, name string) (int, error) {
	s, there := get[name]
	if !there {
		return -1, nil
	}
	n, err := strconv.ParseUint(s, 10, 24)
	if err != nil {
		return 0, fmt.Errorf("%w: %s %q", errMMCShape, name, s)
	}
	return int(n), nil
}
