package sim

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"mime"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strconv"
)

// Results of a method.
const (
	iotaOK            = "ok"
	iotaUnknownObject = "UnknownObject"
	iotaUnknownError  = "UnknownError"
	iotaWriteOnly     = "WriteOnly"
	iotaCidMissing    = "CidMissing"
	iotaDownLoad      = "DownLoadFailed"
	iotaCheckFailed   = "CheckFailed"
	iotaAbort         = "Abort"
)

// mmcReport is what the handset tells of a document.
type mmcReport struct {
	status  string // ok, warning, error
	mmcID   int    // -1 for none
	details []mmcDetail
	failed  string // the first critical failure, in words
	ends    bool   // the document had a disconnect
	without bool   // a fault: the parts are left out
}

// mmcDetail is what became of a method.
type mmcDetail struct {
	id, name, object, value string
	part                    []byte // in the place of value; nil for none
	result                  string
}

// with is a copy of which a fault changes something.
func (r *mmcReport) with(change func(*mmcReport)) *mmcReport {
	c := *r
	c.details = slices.Clone(r.details)
	change(&c)
	return &c
}

// answer puts another answer to an IS-683 message in.
func (r *mmcReport) answer(b []byte) {
	for i := range r.details {
		if r.details[i].object == objectResult && r.details[i].part != nil {
			r.details[i].part = b
		}
	}
}

// hasPart tells whether there is binary in it.
func (r *mmcReport) hasPart() bool {
	return slices.ContainsFunc(r.details, func(d mmcDetail) bool { return d.part != nil })
}

// mmcHost names the parts of a report.
const mmcHost = "handset"

// encode writes the report, with parts when there is binary in it.
func (r *mmcReport) encode(media string) (contentType string, body []byte, err error) {
	doc := r.document(media)
	if !r.hasPart() {
		return media, doc, nil
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	write := func(n int, contentType string, octets []byte) {
		p, e := w.CreatePart(textproto.MIMEHeader{"Content-Type": {contentType}, "Content-Id": {fmt.Sprintf("<%d@%s>", n, mmcHost)}})
		if e == nil {
			_, e = p.Write(octets)
		}
		if err == nil {
			err = e
		}
	}
	write(0, media, doc)
	for i, n := 0, 0; i < len(r.details); i++ {
		if r.details[i].part == nil {
			continue
		}
		if n++; !r.without {
			write(n, mmcOctets, r.details[i].part)
		}
	}
	if err == nil {
		err = w.Close()
	}
	return mime.FormatMediaType(mmcRelated, map[string]string{"boundary": w.Boundary(), "type": media}), b.Bytes(), err
}

// document writes the status document. Parts are numbered in order.
func (r *mmcReport) document(media string) []byte {
	b := []byte("<?xml version=\"1.0\"?>\n")
	if media == mmcPhonecom {
		b = append(b, mmcDoctype+"\n"...)
	}
	b = append(b, "<mmc>\n<status"...)
	b = appendAttr(b, "mmc", r.status)
	if r.mmcID >= 0 {
		b = appendAttr(b, "mmcID", strconv.Itoa(r.mmcID))
	}
	b = append(b, ">\n"...)
	n := 0
	for i := range r.details {
		d := &r.details[i]
		b = appendAttr(appendAttr(append(b, "<detail"...), "id", d.id), "name", d.name)
		if d.object != "" {
			b = appendAttr(b, "object", d.object)
		}
		switch {
		case d.part != nil:
			n++
			b = appendAttr(b, "valueref", fmt.Sprintf("cid:%d@%s", n, mmcHost))
		case d.name == "read" && d.result == iotaOK:
			b = appendAttr(b, "value", d.value)
		}
		b = append(appendAttr(b, "result", d.result), "/>\n"...)
	}
	return append(b, "</status>\n</mmc>\n"...)
}

func appendAttr(b []byte, name, value string) []byte {
	var escaped bytes.Buffer
	_ = xml.EscapeText(&escaped, []byte(value)) // a buffer takes all
	return append(append(append(append(append(b, ' '), name...), `="`...), escaped.Bytes()...), '"')
}
