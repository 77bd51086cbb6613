//go:build interop

package supply_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// template is the text of a licence, as a pattern of normalised text.
type template struct {
	name string // SPDX
	text *regexp.Regexp
}

var (
	listMark  = regexp.MustCompile(`(?im)^[\s#]*(?:\d{1,2}[.)]|\(?[a-z]\)|[*•-])\s+`)
	notice    = regexp.MustCompile(`(?im)^\W*(?:(?:portions|original work|modified work) )?(?:copyright \W*(?:\(c\)|©|\d{4}|yyyy|the \w+ authors)|\(c\) *\d{4}|© *\d{4}).*$`)
	rights    = regexp.MustCompile(`(?im)^\W*all rights reserved\W*$`)
	condition = regexp.MustCompile(`(?i)\b(?:use|used|only|except|not|must|may|licen[cs]ed?|commercial)\b`)
	noWord    = regexp.MustCompile(`[^\pL\pN{|}<>]+`)
	varying   = regexp.MustCompile(`\{[^}]*\}|<name>`)
)

// normalise leaves the words of a text: no case, no punctuation, no list marks,
// and not the lines that say who has the copyright, as long as they say no more.
func normalise(text string) string {
	text = rights.ReplaceAllString(text, "")
	text = notice.ReplaceAllStringFunc(text, func(line string) string {
		if condition.MatchString(line) {
			return line
		}
		return ""
	})
	text = listMark.ReplaceAllString(text, "")
	return strings.TrimSpace(noWord.ReplaceAllString(strings.ToLower(text), " "))
}

// parseTemplate reads a template; doc.go has the notation.
func parseTemplate(name, text string) (template, error) {
	var pattern strings.Builder
	pattern.WriteString(`^ ?`)
	rest := normalise(text)
	fixed := func(words string) { // each word with a space after it
		for _, w := range strings.Fields(words) {
			pattern.WriteString(regexp.QuoteMeta(w) + " ")
		}
	}
	for {
		at := varying.FindStringIndex(rest)
		if at == nil {
			break
		}
		fixed(rest[:at[0]])
		if v := rest[at[0]:at[1]]; v == "<name>" {
			pattern.WriteString(`(?:\S+ ){1,12}?`)
		} else {
			pattern.WriteString("(?:")
			for i, words := range strings.Split(strings.Trim(v, "{}"), "|") {
				if i > 0 {
					pattern.WriteByte('|')
				}
				fixed(words)
			}
			pattern.WriteByte(')')
		}
		rest = rest[at[1]:]
	}
	fixed(rest)
	pattern.WriteByte('$')
	re, err := regexp.Compile(pattern.String())
	return template{name, re}, err
}

// readTemplates reads testdata/licences.
func readTemplates(t *testing.T) (all []template) {
	t.Helper()
	files, err := filepath.Glob("testdata/licences/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no licences: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		one, err := parseTemplate(strings.TrimSuffix(filepath.Base(file), ".txt"), string(text))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, one)
	}
	return all
}

// detect names the licence that a text is.
func detect(all []template, text string) (string, error) {
	// The notation of the templates is punctuation to the texts.
	words := normalise(strings.NewReplacer("{", " ", "}", " ", "|", " ", "<", " ", ">", " ").Replace(text)) + " "
	for _, x := range all {
		if x.text.MatchString(words) {
			return x.name, nil
		}
	}
	return "", fmt.Errorf("the text of no known licence; it begins with %.90q", strings.TrimSpace(text))
}
