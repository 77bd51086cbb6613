package xmldoc

import "strings"

// directive reads <!DOCTYPE name PUBLIC "…" "…" [ … ]>. The tokenizer has made
// a space of each comment.
func (p *parser) directive(s string) error {
	rest, is := strings.CutPrefix(s, "DOCTYPE")
	if !is || p.declared || p.doc.Root != nil {
		return p.errorf("declaration <!%.20s", s)
	}
	p.declared = true
	if rest == "" || !strings.ContainsRune(space, rune(rest[0])) {
		return p.errorf("DOCTYPE without a name")
	}
	t := &p.doc.Doctype
	if t.Name, rest = word(rest); t.Name == "" {
		return p.errorf("DOCTYPE without a name")
	}
	ok := true
	keyword, after := word(rest)
	switch keyword {
	case "PUBLIC":
		if t.PublicID, after, ok = quoted(after); ok {
			// SGML allows a public identifier alone, and so did some of its heirs.
			if id, more, there := quoted(after); there {
				t.SystemID, after = id, more
			}
		}
		rest = after
	case "SYSTEM":
		t.SystemID, rest, ok = quoted(after)
	}
	if !ok {
		return p.errorf("DOCTYPE: no quoted identifier behind %s", keyword)
	}
	rest = strings.Trim(rest, space)
	if rest == "" {
		return nil
	}
	inner, is := strings.CutPrefix(rest, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if !is || !closed {
		return p.errorf("DOCTYPE: %.20q is not understood", rest)
	}
	return p.subset(inner)
}

// subset reads what stands inside the brackets: nothing but wap-pap-ver.
func (p *parser) subset(s string) error {
	for s = strings.TrimLeft(s, space); s != ""; s = strings.TrimLeft(s, space) {
		body, is := strings.CutPrefix(s, "<?wap-pap-ver")
		body, after, closed := strings.Cut(body, "?>")
		if !is || !closed {
			what := "DOCTYPE: declaration"
			if strings.HasPrefix(s, "<!ENTITY") || s[0] == '%' {
				what = "DOCTYPE: entity"
			}
			return p.errorf("%s %.20q is not allowed", what, s)
		}
		p.doc.Doctype.PAPVersions = pseudoAttr(body, "supported-versions")
		s = after
	}
	return nil
}

// word cuts the first word, which ends before a space, a quote or a bracket.
func word(s string) (first, rest string) {
	s = strings.TrimLeft(s, space)
	if n := strings.IndexAny(s, space+`"'[`); n >= 0 {
		return s[:n], s[n:]
	}
	return s, ""
}

func quoted(s string) (text, rest string, ok bool) {
	s = strings.TrimLeft(s, space)
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return "", s, false
	}
	return strings.Cut(s[1:], s[:1])
}
