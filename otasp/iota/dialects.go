package iota

import (
	"mime"
	"strconv"
	"strings"
)

// Dialects are those that a server speaks, the one it prefers first.
type Dialects []*Dialect

// Standard are the dialects of this package.
func Standard() Dialects { return Dialects{Phonecom20(), IOTA10()} }

// Named is the dialect of a name, nil when there is none.
func (all Dialects) Named(name string) *Dialect {
	for _, d := range all {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// ForAccept is the dialect for an Accept header: the first of the list that is
// named there and not refused by q=0. Where none is named, as with */* or no
// header at all, it is the first of the list; nil of an empty one.
func (all Dialects) ForAccept(accept string) *Dialect {
	for _, d := range all {
		if accepts(accept, d.ContentType) {
			return d
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

func accepts(accept, contentType string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		media, params, err := mime.ParseMediaType(part)
		if err != nil || media != contentType {
			continue
		}
		if q, err := strconv.ParseFloat(params["q"], 32); err != nil || q > 0 {
			return true
		}
	}
	return false
}

// ForContentType is the dialect of a body: that of its type, or of the parameter
// type of multipart/related; nil when there is none.
func (all Dialects) ForContentType(contentType string) *Dialect {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil
	}
	if media == typeMultipart {
		media = strings.ToLower(params["type"])
	}
	for _, d := range all {
		if d.ContentType == media {
			return d
		}
	}
	return nil
}

// forDoctype is the dialect of a document that has no content type: that of the
// public identifier, and one without a DOCTYPE when there is none.
func (all Dialects) forDoctype(publicID string) *Dialect {
	for _, d := range all {
		if d.PublicID == publicID {
			return d
		}
	}
	return all[0]
}
