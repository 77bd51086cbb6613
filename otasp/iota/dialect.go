package iota

import (
	"errors"
	"fmt"
	"mime"
	"strings"
)

// Dialect is the one table of what MMC looks like: content type, DOCTYPE, and
// every word. Nothing of it is from a standard, see the package's comment; so
// configuration may change all of it. One that it made has to pass Validate.
type Dialect struct {
	Name        string // ours, for configuration and JSON
	ContentType string
	PublicID    string // of the DOCTYPE, which is left out when this is empty
	SystemID    string

	Elements   Elements
	Attributes Attributes
	Names      []Word // of methods
	Statuses   []Word
	Results    []Word
	Objects    []ObjectInfo
}

// Elements are the names of the elements.
type Elements struct{ MMC, Method, Status, Detail string }

// Attributes are the names of the attributes. Status is that of the element
// status which has the word of the same type.
type Attributes struct {
	StatusURI, MMCID                                              string
	ID, Name, Object, Value, ValueRef, ReportStatus, Size, Offset string
	Status, Result                                                string
}

// Word is a word of this package, and what the dialect writes for it.
type Word struct{ Ours, Theirs string }

// Phonecom20 is MMC 2.0 of Phone.com, as one deployed client speaks it.
func Phonecom20() *Dialect {
	return &Dialect{
		Name:        "phonecom20",
		ContentType: "application/vnd.phonecom.mmc-xml",
		PublicID:    "-//PHONE.COM//DTD MMC 2.0//EN",
		SystemID:    "http://www.phone.com/dtd/mmc20.dtd",
		Elements:    Elements{MMC: "mmc", Method: "method", Status: "status", Detail: "detail"},
		Attributes: Attributes{
			StatusURI: "status-uri", MMCID: "mmcID",
			ID: "id", Name: "name", Object: "object", Value: "value", ValueRef: "valueref",
			ReportStatus: "reportstatus", Size: "size", Offset: "offset",
			Status: "mmc", Result: "result",
		},
		Names:    same(NameOpen, NameRead, NameWrite, NameCommit, NameDisconnect),
		Statuses: same(StatusOK, StatusWarning, StatusError),
		Results: same(ResultOK, ResultUnknownObject, ResultUnknownError, ResultWriteOnly,
			ResultCIDMissing, ResultDownloadFailed, ResultCheckFailed, ResultAbort),
		Objects: objects(),
	}
}

// IOTA10 is the XML form of the standard, of which the registered content type
// is all that is known. It is written without a DOCTYPE.
func IOTA10() *Dialect {
	d := Phonecom20()
	d.Name, d.ContentType, d.PublicID, d.SystemID = "iota10", "application/iota.mmc-xml", "", ""
	return d
}

// same are words that the dialect writes as they are here.
func same[W ~string](words ...W) []Word {
	all := make([]Word, len(words))
	for i, w := range words {
		all[i] = Word{string(w), string(w)}
	}
	return all
}

// theirs is how the dialect writes a word; one that is not in the table is
// itself.
func theirs(words []Word, ours string) (word string, known bool) {
	for i := range words {
		if words[i].Ours == ours {
			return words[i].Theirs, true
		}
	}
	return ours, false
}

// ours is the reverse of theirs.
func ours(words []Word, theirs string) (word string, known bool) {
	for i := range words {
		if words[i].Theirs == theirs {
			return words[i].Ours, true
		}
	}
	return theirs, false
}

func (d *Dialect) objectWords() []Word {
	all := make([]Word, len(d.Objects))
	for i := range d.Objects {
		all[i] = Word{string(d.Objects[i].Object), d.Objects[i].Theirs}
	}
	return all
}

// Object is the line of an object; ok tells whether there is one.
func (d *Dialect) Object(o Object) (info ObjectInfo, ok bool) {
	for i := range d.Objects {
		if d.Objects[i].Object == o {
			return d.Objects[i], true
		}
	}
	return ObjectInfo{Object: o, Theirs: string(o)}, false
}

// Validate says what makes a dialect useless: a word that XML cannot have for a
// name, or two that are one.
func (d *Dialect) Validate() error {
	media, params, err := mime.ParseMediaType(d.ContentType)
	e, a := &d.Elements, &d.Attributes
	switch {
	case d.Name == "":
		return errors.New("name: missing")
	case err != nil || media != d.ContentType || len(params) > 0 || !strings.Contains(media, "/") || media == typeMultipart:
		return errors.New("content type: want type/subtype in lower case, without parameters")
	case strings.ContainsAny(d.PublicID+d.SystemID, "\"<>&\r\n"):
		return errors.New("DOCTYPE: an identifier with quotes, brackets or line ends")
	case d.PublicID == "" && d.SystemID != "":
		return errors.New("DOCTYPE: a system identifier without a public one")
	}
	for _, group := range []struct {
		what string
		all  []string
	}{
		{"root and children", []string{e.MMC, e.Method, e.Status}},
		{"detail", []string{e.Detail}},
		{"attributes of mmc", []string{a.StatusURI, a.MMCID}},
		{"attributes of status", []string{a.Status, a.MMCID}},
		{"attributes of method and detail", []string{a.ID, a.Name, a.Object, a.Value, a.ValueRef, a.ReportStatus, a.Size, a.Offset, a.Result}},
	} {
		if err := distinct(group.what, group.all, isName); err != nil {
			return err
		}
	}
	return d.validateWords()
}

func (d *Dialect) validateWords() error {
	for _, group := range []struct {
		what  string
		words []Word
		must  []Word // are there
	}{
		{"names of methods", d.Names, same(NameOpen, NameRead, NameWrite, NameCommit, NameDisconnect)},
		{"statuses", d.Statuses, same(StatusOK, StatusWarning, StatusError)},
		{"results", d.Results, same(ResultOK)},
		{"objects", d.objectWords(), nil},
	} {
		var left, right []string
		for _, w := range group.words {
			left, right = append(left, w.Ours), append(right, w.Theirs)
		}
		if err := distinct(group.what, left, isWord); err != nil {
			return err
		}
		if err := distinct(group.what, right, isWord); err != nil {
			return err
		}
		for _, w := range group.must {
			if _, known := theirs(group.words, w.Ours); !known {
				return fmt.Errorf("%s: %s is missing", group.what, w.Ours)
			}
		}
	}
	return nil
}

func distinct(what string, all []string, good func(string) bool) error {
	for i, s := range all {
		if !good(s) {
			return fmt.Errorf("%s: %q cannot be one", what, s)
		}
		for _, before := range all[:i] {
			if s == before {
				return fmt.Errorf("%s: %s twice", what, s)
			}
		}
	}
	return nil
}

// isName tells whether s can be the name of an element or attribute: the ASCII
// ones without a prefix, more than anybody needs.
func isName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789-.", r)) {
			return false
		}
	}
	return s != "" && s != "xmlns"
}

// isWord tells whether s is printable ASCII without spaces.
func isWord(s string) bool {
	for _, o := range []byte(s) {
		if o <= ' ' || o > '~' {
			return false
		}
	}
	return s != ""
}
