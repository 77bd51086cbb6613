package configs

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Validate tells everything that is wrong, as [Problems], so that one look at
// a file is enough. No message shows a hash or a password.
func (c *Config) Validate() error {
	k := checker{file: c.File, dictionary: c.SMPP.Dictionary()}
	k.general(c)
	k.smpp(&c.SMPP)
	if c.givesSS7() {
		k.ss7(&c.SS7)
		k.activationMINs(c.OTASP.ActivationMINs)
	} else {
		k.withoutSS7(c)
	}
	k.otasp(&c.OTASP)
	k.http(&c.HTTP)
	k.links(c.Links)
	k.push(c)
	k.routes(c)
	k.iota(&c.IOTA)
	k.backend(&c.Backend)
	k.triggers(c)
	return k.problems.err()
}

// checker collects problems.
type checker struct {
	file       string
	problems   Problems
	dictionary *Dictionary // of TLVs
}

func (k *checker) add(key, format string, args ...any) {
	k.problems = append(k.problems, Problem{File: k.file, Key: key, Text: fmt.Sprintf(format, args...)})
}

func (k *checker) general(c *Config) {
	if c.Node.Number > 15 {
		k.add("node.number", "%d; allowed is 0 to 15", c.Node.Number)
	}
	k.oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	k.oneOf("log.format", c.Log.Format, "json", "console")
	if n := c.Log.Counters; n != 0 && (n < time.Second || n > 24*time.Hour) {
		k.add("log.counters", "%s; allowed is 1s to 24h, or 0s for never", n)
	}
	k.storePath("store.path", c.Store.Path)
}

func (k *checker) storePath(key, path string) {
	if path == "" {
		k.add(key, "missing; allowed is the name of the SQLite file")
		return
	}
	if st, err := os.Stat(path); err == nil && st.IsDir() {
		k.add(key, "%s is a directory; allowed is the name of a file in it", path)
		return
	}
	dir := filepath.Dir(path)
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		k.add(key, "there is no directory %s; allowed is a file in a directory that exists", dir)
	}
}

// oneOf checks a word that has few values.
func (k *checker) oneOf(key, value string, allowed ...string) {
	switch {
	case slices.Contains(allowed, value):
	case value == "":
		k.add(key, "missing; %s", allowedWords(value, allowed))
	default:
		k.add(key, "unknown value %q; %s", value, allowedWords(value, allowed))
	}
}

// allowedWords lists words, and tells which of them value was meant to be.
func allowedWords(value string, words []string) string {
	text := "allowed is " + words[0]
	if n := len(words); n > 1 {
		text = "allowed are " + strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return text + didYouMean(value, words)
}

// allowedEntries lists the names of the entries of another list.
func allowedEntries(value string, names []string) string {
	if len(names) == 0 {
		return "allowed is the name of an entry there"
	}
	return "allowed are " + strings.Join(names, ", ") + didYouMean(value, names)
}

func didYouMean(value string, words []string) string {
	if near := nearest(value, words); value != "" && near != "" {
		return fmt.Sprintf(" (did you mean %s)", near)
	}
	return ""
}

func (k *checker) between(key string, value, first, last int) {
	if value < first || value > last {
		k.add(key, "%d; allowed is %d to %d", value, first, last)
	}
}

// duration checks a time that somebody waits.
func (k *checker) duration(key string, value, least time.Duration) {
	k.span(key, value, least, 24*time.Hour)
}

// span checks a time with bounds of its own; most is a number of hours.
func (k *checker) span(key string, value, least, most time.Duration) {
	if value < least || value > most {
		k.add(key, "%s; allowed is %s to %dh", value, least, most/time.Hour)
	}
}

// names checks that list entries have names and that no two have the same.
type names struct {
	k    *checker
	list string
	seen map[string]bool
}

func (k *checker) names(list string) names {
	return names{k: k, list: list, seen: map[string]bool{}}
}

// entry returns the key of entry i, smpp.accounts[ivr].
func (n *names) entry(i int, name string) string {
	key := fmt.Sprintf("%s[%s]", n.list, name)
	switch {
	case name == "":
		key = fmt.Sprintf("%s[%d]", n.list, i)
		n.k.add(key+".name", "missing; allowed is any name that no other entry has")
	case n.seen[name]:
		n.k.add(key+".name", "two entries have this name; allowed is one")
	}
	n.seen[name] = true
	return key
}

// isPrintable tells whether s is printable ASCII only.
func isPrintable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
