// Package doctable has what the tests of internal/interop print their tables
// with: rows that processes of their own leave behind, and the place of a table
// in a document.
package doctable

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Docs is the document that has the tables, seen from a directory two below
// internal.
var Docs = filepath.Join("..", "..", "..", "docs", "interop.md")

// Put writes the text of a name into a document, in place of what stands between
//
//	<!-- NAME: written by ... -->
//	<!-- NAME: end -->
func Put(file, name, text string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	doc := string(b)
	begin := strings.Index(doc, "<!-- "+name+": written by ")
	end := strings.Index(doc, "<!-- "+name+": end -->")
	if begin < 0 || end < begin {
		return fmt.Errorf("%s: the lines that mark the place of %s are missing", file, name)
	}
	begin += strings.Index(doc[begin:], "\n") + 1
	return os.WriteFile(file, []byte(doc[:begin]+text+doc[end:]), 0o644)
}

// Add appends a row to a file, which several processes may do.
func Add(file string, row any) error {
	line, err := json.Marshal(row)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// Rows reads what Add has written. No row at all is an error.
func Rows[T any](file string) ([]T, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("no test has run")
	}
	if err != nil {
		return nil, err
	}
	var all []T
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		var row T
		if err := json.Unmarshal(s.Bytes(), &row); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
}
