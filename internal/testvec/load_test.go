package testvec_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/testvec"
)

// folder writes vector files, name and text in turn, and returns where.
func folder(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const head = "source: here\norigin: made\nproto: demo\n"

func TestLoadFile(t *testing.T) {
	dir := folder(t, "all.hex", `# a comment before anything
source:  published, tests of a stack # not part of it
origin: published
spec: T1.114.3
proto: tcap
args: invoke  9
expect: error component id
canonical: 04 01FF
whole-at: 1 3-4 6

e233 c704		# hexadecimal: any way
00
  0000 00

-- decoded --
     0  a line: with a colon
        # and this is no comment
====
`+head+`
01
`+"=== next ===\n"+head+"expect: ok\n\n# nothing but a comment\n")
	file := filepath.Join(dir, "all.hex")
	got, err := testvec.LoadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	small := testvec.Vector{File: file, Proto: "demo", Source: "here", Origin: "made"}
	second, third := small, small
	second.Name, second.Octets, second.Canonical = "all/2", []byte{1}, []byte{1}
	third.Name, third.Octets, third.Canonical = "all/3", []byte{}, []byte{}
	want := []testvec.Vector{{
		Name: "all/1", File: file, Proto: "tcap", Spec: "T1.114.3",
		Source: "published, tests of a stack", Origin: "published",
		Fault: "component id", Args: []string{"invoke", "9"},
		Octets: []byte{0xe2, 0x33, 0xc7, 4, 0, 0, 0, 0}, Canonical: []byte{4, 1, 0xff}, WholeAt: []int{1, 3, 4, 6},
		Decoded: "     0  a line: with a colon\n        # and this is no comment\n",
	}, second, third}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestLoad(t *testing.T) {
	dir := folder(t,
		"b.hex", head+"02",
		"a.hex", strings.Replace(head, "demo", "other", 1)+"01",
		"c.txt", "no vector",
	)
	all, err := testvec.Load(dir)
	if err != nil || len(all) != 2 || all[0].Name != "a" || all[1].Name != "b" {
		t.Errorf("loaded %v, %v", all, err)
	}
	some, err := testvec.LoadProto(dir, "demo")
	if err != nil || len(some) != 1 || some[0].Name != "b" {
		t.Errorf("loaded %v of demo, %v", some, err)
	}
}

// TestNothingToLoad: a test over no vectors would pass whatever the codec does.
func TestNothingToLoad(t *testing.T) {
	dir := folder(t, "a.hex", head+"01")
	if _, err := testvec.LoadProto(dir, "tcap"); err == nil || !strings.Contains(err.Error(), "tcap") || !strings.Contains(err.Error(), dir) {
		t.Errorf("a protocol without vectors: %v", err)
	}
	for _, empty := range []string{t.TempDir(), filepath.Join(dir, "missing")} {
		if _, err := testvec.Load(empty); err == nil || !strings.Contains(err.Error(), empty) {
			t.Errorf("no files: %v", err)
		}
		if _, err := testvec.LoadProto(empty, "demo"); err == nil {
			t.Error("no files, no error")
		}
	}
	if _, err := testvec.LoadFile(filepath.Join(dir, "missing.hex")); err == nil {
		t.Error("no file, no error")
	}
}

// TestBadFiles: the error names the file, the vector in it, and what is wrong.
func TestBadFiles(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"unknown key", head + "sorce: me\n01", `"sorce"`},
		{"key twice", head + "proto: other\n01", "proto is given twice"},
		{"not hexadecimal", head + "01 0g", "'g'"},
		{"odd number of digits", head + "01 0", "odd"},
		{"header after the octets", head + "01\nspec: x\n", "'s'"},
		{"no source", "origin: made\nproto: demo\n01", "source"},
		{"no origin", "source: me\nproto: demo\n01", "origin"},
		{"origin that means nothing", "source: me\norigin: trace\nproto: demo\n01", `"trace"`},
		{"no protocol", "source: me\norigin: made\n01", "proto"},
		{"expects nonsense", head + "expect: failure\n01", `"failure"`},
		{"expects an error nowhere", head + "expect: error\n01", `"error"`},
		{"canonical not hexadecimal", head + "canonical: xx\n01", "canonical: "},
		{"whole at a word", head + "whole-at: 0 end\n01", "whole-at"},
		{"whole at its end", head + "whole-at: 0 2\n0102", "whole-at"},
		{"whole at a range of a word", head + "whole-at: 0-end\n01", "whole-at"},
		{"whole at a range turned round", head + "whole-at: 1-0\n0102", "whole-at"},
		{"whole at a range past its end", head + "whole-at: 0-100000\n0102", "whole-at"},
		{"whole before its start", head + "whole-at: -1\n0102", "whole-at"},
		{"nothing after the line", head + "01\n===\n", "source"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, good := range []int{0, 2} {
				text := strings.Repeat(head+"00\n===\n", good) + tt.text
				dir := folder(t, "some.hex", text)
				vs, err := testvec.Load(dir)
				if err == nil {
					t.Fatalf("loaded %v", vs)
				}
				where := "vector 1:"
				if good == 2 {
					where = "vector 3:"
				}
				if tt.name == "nothing after the line" {
					where = map[int]string{0: "vector 2:", 2: "vector 4:"}[good]
				}
				what, named := strings.CutPrefix(err.Error(), filepath.Join(dir, "some.hex")+": "+where)
				if !named || !strings.Contains(what, tt.want) {
					t.Errorf("%q does not say %s %s", err, where, tt.want)
				}
			}
		})
	}
}

// TestFile: the octets of a vector may be a file beside it, for text.
func TestFile(t *testing.T) {
	dir := folder(t, "a.hex", head+"file: a.xml\nexpect: ok\n\n-- decoded --\n     0  a\n", "a.xml", "<a>\n# 01\n</a>\n")
	vs, err := testvec.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if v := vs[0]; string(v.Octets) != "<a>\n# 01\n</a>\n" || string(v.Canonical) != string(v.Octets) || v.Decoded != "     0  a\n" {
		t.Errorf("%+v", v)
	}
	for what, text := range map[string]string{
		"a file and digits": "file: a.xml\n\n01\n", "want the name of a file beside": "file: ../a.xml\n", "missing.xml": "file: missing.xml\n",
	} {
		dir := folder(t, "b.hex", head+text, "a.xml", "<a/>")
		if _, err := testvec.Load(dir); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("want an error that says %q, got %v", what, err)
		}
	}
}
