//go:build interop

package supply_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sample is a template filled in as a project would.
func sample(t *testing.T, licence string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "licences", licence+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	text := varying.ReplaceAllStringFunc(string(b), func(v string) string {
		if v == "<name>" {
			return "Example Inc."
		}
		first, _, _ := strings.Cut(strings.Trim(v, "{}"), "|")
		return first
	})
	return "Copyright (c) 2009-2026 Example Inc. and others\nAll rights reserved.\n\n" + text
}

// TestDetect: the licences with other line breaks and marks are themselves;
// with another condition they are nothing that we know.
func TestDetect(t *testing.T) {
	known := readTemplates(t)
	for _, want := range []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0"} {
		text := sample(t, want)
		for how, text := range map[string]string{
			"as it is":      text,
			"capitals":      strings.ToUpper(text),
			"list marks":    strings.NewReplacer("\n1. ", "\n * ", "\n2. ", "\n  - ", "\n3. ", "\n(c) ").Replace(text),
			"other breaks":  strings.ReplaceAll(text, " OF ", "\n\tOF\t"),
			"curly quotes":  strings.ReplaceAll(text, `"AS IS"`, "“AS IS”"),
			"carriage feed": strings.ReplaceAll(text, "\n", "\r\n"),
		} {
			if got, err := detect(known, text); err != nil || got != want {
				t.Errorf("%s, %s: %q, %v", want, how, got, err)
			}
		}
		half := len(text) / 2
		for how, text := range map[string]string{
			"condition at the end":          text + "\nThe Software shall be used for Good, not Evil.\n",
			"condition at the start":        "Commons Clause: no right to sell.\n" + text,
			"condition within":              strings.Replace(text, "\n\n", "\n\nNo military use.\n\n", 1),
			"condition behind the notice":   strings.Replace(text, "and others", "and others. Not for commercial use.", 1),
			"cut off":                       text[:half],
			"one word changed":              text[:half] + strings.Replace(text[half:], " OR ", " AND ", 1),
			"a second licence":              text + sample(t, "MPL-2.0"),
			"empty":                         "",
			"a word that is not the letter": strings.Replace(text, "WARRANTIES", "WARRANTY", 1),
		} {
			if text == sample(t, want) {
				continue // this change does not apply to this text
			}
			if got, err := detect(known, text); err == nil {
				t.Errorf("%s, %s: taken for %s", want, how, got)
			}
		}
	}
}

// TestDetectOthers: licences that must not be taken for one of those.
func TestDetectOthers(t *testing.T) {
	known := readTemplates(t)
	bsd := sample(t, "BSD-3-Clause")
	const third = "3. Neither"
	if !strings.Contains(bsd, third) {
		t.Fatal("no third clause")
	}
	for name, text := range map[string]string{
		"BSD-4-Clause": strings.Replace(bsd, third, "3. All advertising materials mentioning features or use of this software must display the following "+
			"acknowledgement: This product includes software developed by Example Inc.\n\n4. Neither", 1),
		"GPL-3.0":      "GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n\nCopyright (C) 2007 Free Software Foundation, Inc.\n\nEveryone is permitted to copy and distribute verbatim copies of this license document, but changing it is not allowed.",
		"only a title": "MIT License\n\nCopyright (c) 2026 Example Inc.\n",
		"a link":       "Licensed under the Apache License, Version 2.0; see http://www.apache.org/licenses/LICENSE-2.0",
	} {
		if got, err := detect(known, text); err == nil {
			t.Errorf("%s: taken for %s", name, got)
		}
	}
}
