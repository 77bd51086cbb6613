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
// a file is enough. No message shows a hash.
func (c *Config) Validate() error {
	k := checker{file: c.File}
	k.general(c)
	k.smpp(&c.SMPP)
	k.ss7(&c.SS7)
	k.otasp(&c.OTASP)
	k.triggers(c)
	return k.problems.err()
}

// checker collects problems.
type checker struct {
	file     string
	problems Problems
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
	if slices.Contains(allowed, value) {
		return
	}
	text := "allowed is " + allowed[0]
	if n := len(allowed); n > 1 {
		text = "allowed are " + strings.Join(allowed[:n-1], ", ") + " and " + allowed[n-1]
	}
	if value == "" {
		k.add(key, "missing; %s", text)
		return
	}
	if near := nearest(value, allowed); near != "" {
		text += fmt.Sprintf(" (did you mean %s)", near)
	}
	k.add(key, "unknown value %q; %s", value, text)
}

func (k *checker) between(key string, value, first, last int) {
	if value < first || value > last {
		k.add(key, "%d; allowed is %d to %d", value, first, last)
	}
}

// duration checks a time that somebody waits.
func (k *checker) duration(key string, value, least time.Duration) {
	if value < least || value > 24*time.Hour {
		k.add(key, "%s; allowed is %s to 24h", value, least)
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

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
