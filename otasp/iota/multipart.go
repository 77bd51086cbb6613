package iota

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

const (
	typeMultipart = "multipart/related"
	typeOctets    = "application/octet-stream"

	headerContentID        = "Content-ID"
	headerContentType      = "Content-Type"
	headerTransferEncoding = "Content-Transfer-Encoding"
)

// Decode reads one body. Every error is a *wire.Error; ErrEmpty is in it when
// there is nothing to read. The message shares nothing with body.
func (d *Dialect) Decode(contentType string, body []byte, lim Limits) (*Message, error) {
	lim.complete()
	if len(body) > lim.Size {
		return nil, bad("body", fmt.Errorf("%d octets, at most %d: %w", len(body), lim.Size, wire.ErrTooLong))
	}
	if len(body) == 0 {
		return nil, bad("body", ErrEmpty)
	}
	media, params, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
		return nil, bad(headerContentType, wire.ErrValue)
	case media == d.ContentType:
		return d.decodeRoot(body, body, new(Message), lim)
	case media != typeMultipart:
		return nil, bad(headerContentType, fmt.Errorf("%.80q: want %s or %s: %w", media, d.ContentType, typeMultipart, wire.ErrUnsupported))
	case params["boundary"] == "":
		return nil, bad("boundary", wire.ErrMissing)
	}
	parts, err := readParts(params["boundary"], body, lim)
	if err != nil {
		return nil, err
	}
	root, m, err := related(parts, params["start"], lim)
	if err != nil {
		return nil, err
	}
	if media, _, err := mime.ParseMediaType(root.contentType); err != nil || media != d.ContentType {
		return nil, bad(headerContentType, fmt.Errorf("of the root part: want %s: %w", d.ContentType, wire.ErrUnsupported))
	}
	return d.decodeRoot(root.octets, body, m, lim)
}

// decodeRoot reads the XML. An error in it counts from the start of the body,
// where the XML is to be found there.
func (d *Dialect) decodeRoot(b, body []byte, parts *Message, lim Limits) (*Message, error) {
	base := max(bytes.Index(body, b), 0)
	doc, err := parseXML(b, lim)
	if err != nil {
		return nil, shift(err, base)
	}
	x := decoding{d: d, lim: lim, base: base, size: min(len(b), len(body)-base)}
	return x.message(doc.Root, parts)
}

func bad(field string, err error) error { return &wire.Error{Proto: proto, Field: field, Err: err} }

// part is one part as it is read.
type part struct {
	cid, contentType string
	octets           []byte
}

func readParts(boundary string, body []byte, lim Limits) (all []part, err error) {
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		in, err := r.NextRawPart()
		switch {
		case err == io.EOF && len(all) > 0: // to the letter: wrapped, it is a body that was cut
			return all, nil
		case err != nil:
			return nil, bad(fmt.Sprintf("part %d", len(all)+1), fmt.Errorf("not to be read: %w", wire.ErrShort))
		case len(all) > lim.Parts:
			return nil, bad("body", fmt.Errorf("more than %d parts: %w", lim.Parts, wire.ErrTooLong))
		}
		p, err := readPart(in, max(lim.Part, lim.Document))
		if err != nil {
			return nil, bad(fmt.Sprintf("part %d", len(all)+1), err)
		}
		all = append(all, p)
	}
}

func readPart(in *multipart.Part, most int) (p part, err error) {
	p.contentType = in.Header.Get(headerContentType)
	p.cid = strings.TrimSpace(in.Header.Get(headerContentID))
	if inner, ok := strings.CutPrefix(p.cid, "<"); ok {
		p.cid = strings.TrimSuffix(inner, ">")
	}
	if p.cid != "" && !isCID(p.cid) {
		return p, errCID
	}
	var r io.Reader = in
	switch encoding := strings.ToLower(in.Header.Get(headerTransferEncoding)); encoding {
	case "", "7bit", "8bit", "binary":
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, in)
	case "quoted-printable":
		r = quotedprintable.NewReader(in)
	default:
		return p, fmt.Errorf("%s %.40q: %w", headerTransferEncoding, encoding, wire.ErrUnsupported)
	}
	p.octets, err = io.ReadAll(io.LimitReader(r, int64(most)+1))
	switch {
	case err != nil:
		return p, fmt.Errorf("not to be read: %w", wire.ErrValue)
	case len(p.octets) > most:
		return p, wire.ErrTooLong
	}
	return p, nil
}

// related finds the root, which is the first part unless start names another,
// and makes the others parts of a message.
func related(all []part, start string, lim Limits) (root *part, m *Message, err error) {
	at := 0
	if start = strings.TrimSuffix(strings.TrimPrefix(start, "<"), ">"); start != "" {
		if !isCID(start) {
			return nil, nil, bad("start", errCID)
		}
		for at = 0; at < len(all) && all[at].cid != start; at++ {
		}
		if at == len(all) {
			return nil, nil, bad("start", fmt.Errorf("no part <%s>: %w", start, wire.ErrMissing))
		}
	}
	m = &Message{RootCID: all[at].cid}
	for i := range all {
		switch {
		case i == at:
		case len(all[i].octets) > lim.Part:
			return nil, nil, bad(fmt.Sprintf("part %d", i+1), wire.ErrTooLong)
		case all[i].cid != "": // without, nothing can refer to it
			m.Parts = append(m.Parts, Part{all[i].cid, all[i].octets})
		}
	}
	if field, err := m.partFault(); err != nil {
		return nil, nil, bad(field, err)
	}
	return &all[at], m, nil
}
