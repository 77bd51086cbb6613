package doctable_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/otagate/otagate/internal/interop/doctable"
)

func TestPut(t *testing.T) {
	file := filepath.Join(t.TempDir(), "doc.md")
	const doc = "head\n<!-- a: written by x -->\nold\n<!-- a: end -->\nbetween\n<!-- b: written by y -->\n<!-- b: end -->\ntail\n"
	if err := os.WriteFile(file, []byte(doc), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"a": "new\nlines\n", "b": "more\n"} {
		if err := doctable.Put(file, name, text); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	want := "head\n<!-- a: written by x -->\nnew\nlines\n<!-- a: end -->\nbetween\n<!-- b: written by y -->\nmore\n<!-- b: end -->\ntail\n"
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, got)
	}
	if err := doctable.Put(file, "c", ""); err == nil {
		t.Error("a table without a place is written")
	}
}

func TestRows(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rows")
	if _, err := doctable.Rows[int](file); err == nil {
		t.Error("no rows, and no error")
	}
	for i := range 3 {
		if err := doctable.Add(file, i); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := doctable.Rows[int](file); err != nil || !slices.Equal(got, []int{0, 1, 2}) {
		t.Errorf("%v %v", got, err)
	}
}
