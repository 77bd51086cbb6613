package configs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/otagate/otagate/configs"
)

// Whatever the text, loading ends in a configuration that can be validated
// or in problems that name the file. What the check of the text lets pass,
// viper must be able to read: a message of its own names no file.
func FuzzLoad(f *testing.F) {
	for _, file := range []string{"lab.yaml", "orders.example.yaml"} {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add("routes: [{to: [1, '^('], tlv: [{tag: 0x1401, value: 41}], via: [{ss7: true}], refuse: 0x0b}]\n")
	f.Add("a: &a [*a]\n")
	f.Add("smpp: {accounts: [{<<: {name: x}, rate: 1e3}]}\n")
	file := filepath.Join(f.TempDir(), "fuzz.yaml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := configs.Load(file)
		if err != nil {
			if !strings.HasPrefix(err.Error(), file) || strings.Contains(err.Error(), "decoding failed") {
				t.Fatalf("not a message for people: %v", err)
			}
			return
		}
		_ = c.Validate()
	})
}
