package configs_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/argon2"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/prl"
	"github.com/otagate/otagate/smpp"
)

// Every example beside the code loads and is valid.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob("*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	loaded := 0
	for _, file := range files {
		if file == "orders.example.yaml" {
			continue
		}
		c, err := configs.Load(file)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if err := c.Validate(); err != nil {
			t.Error(err)
		}
		loaded++
	}
	if loaded == 0 {
		t.Fatal("no example was loaded")
	}
}

// The comments in the examples tell the right password.
func TestExamplePasswords(t *testing.T) {
	c, r := lab(t), relay(t)
	for name, read := range map[string]func() (string, error){
		"account ivr": c.SMPP.Accounts[0].Hash, "initiator acme": c.HTTP.Initiators[0].Hash,
		"account shop": r.SMPP.Accounts[0].Hash, "account desk": r.SMPP.Accounts[1].Hash,
	} {
		hash, err := read()
		if err != nil {
			t.Fatal(err)
		}
		salt, sum := argon2Parts(t, hash)
		if got := argon2.IDKey([]byte("otagate1"), salt, 2, 19456, 1, uint32(len(sum))); !bytes.Equal(got, sum) {
			t.Errorf("the hash of %s is not that of the password in the comment", name)
		}
	}
	if password, err := r.Links[0].Password(); password != "otagate1" || err != nil {
		t.Errorf("the password of the link is %q, %v", password, err)
	}
}

// The laboratory file has every key of push, of routes and of the back-end, and what it has
// of them as comments is good.
func TestLabComments(t *testing.T) {
	b, err := os.ReadFile("lab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(b), "\nhttp:")
	section, behind, ok := strings.Cut(rest, "\n# Which submit_sm")
	if !ok {
		t.Fatal("the sections http, push and backend are not where they were")
	}
	explains(t, section, reflect.TypeFor[configs.HTTP](), reflect.TypeFor[configs.Push](), reflect.TypeFor[configs.Link](), reflect.TypeFor[configs.MessageRoute](), reflect.TypeFor[configs.Backend]())
	section = strings.NewReplacer("\n    # ", "\n    ", "\n  # token_file", "\n  token_file", `report: ""`, "report: https://registry.example.org/reports").Replace(section)
	section = regexp.MustCompile(`(retries|links|profiles): \[\]`).ReplaceAllString(section, "$1:")
	head, routes, _ := strings.Cut(section, "\nroutes:")
	section = head + "\nroutes:" + strings.ReplaceAll(routes, "\n  # ", "\n  ")
	file := write(t, "lab.yaml", before+"\nhttp:"+section+"\n#"+behind)
	for name, text := range map[string]string{"smsc1.password": "otagate1\n", "internet.xml": "<wap-provisioningdoc/>", "backend.token": "otagate1\n"} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(file), name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := configs.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	if p := c.Push; len(p.Retries) != 3 || len(c.Links) != 1 || len(p.Profiles) != 1 {
		t.Errorf("%d retries, %d links, %d profiles", len(p.Retries), len(c.Links), len(p.Profiles))
	}
	if len(c.Routes) != 3 {
		t.Errorf("%d routes", len(c.Routes))
	}
	if token, err := c.Backend.Token(); token != "otagate1" || err != nil {
		t.Errorf("token %q, %v", token, err)
	}
}

// explains wants a line for every key of these structures.
func explains(t *testing.T, section string, of ...reflect.Type) {
	t.Helper()
	for _, s := range of {
		for _, key := range keys(s) {
			if !regexp.MustCompile(`[ {]` + key + `:( |\n)`).MatchString(section) {
				t.Errorf("no line explains %s", key)
			}
		}
	}
}

// keys are the keys of a structure and of what is in it, but not those that
// hold a password hash elsewhere, which are explained with smpp.
func keys(t reflect.Type) (out []string) {
	for f := range t.Fields() {
		in := f.Type
		if in.Kind() == reflect.Slice {
			in = in.Elem()
		}
		if in.Kind() == reflect.Struct {
			out = append(out, keys(in)...)
		}
		if key := f.Tag.Get("mapstructure"); !strings.HasPrefix(key, "password_hash_") && key != "password_env" {
			out = append(out, key)
		}
	}
	return out
}

// What the server makes of a password is what a configuration takes.
func TestServerHashIsAllowed(t *testing.T) {
	h, err := smpp.HashPassword("geheim")
	if err != nil {
		t.Fatal(err)
	}
	c := lab(t)
	c.SMPP.Accounts[0].PasswordHash = h
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
}

func TestOrderExamples(t *testing.T) {
	fromYAML := loadOrders(t, "orders.example.yaml")
	fromCSV := loadOrders(t, "orders.example.csv")
	if d := cmp.Diff(fromYAML, fromCSV); d != "" {
		t.Errorf("YAML and CSV differ (-YAML +CSV):\n%s", d)
	}
	want := otasp.NAM{
		IMSI:   otasp.IMSI{MCC: "310", IMSI1112: "00", S: "5551234567"},
		ACCOLC: 7, MobTermHome: true, MobTermForSID: true, MobTermForNID: true,
	}
	for i := range fromYAML {
		o := decodeOrder(t, &fromYAML[i])
		if err := o.Validate(); err != nil {
			t.Error(err)
		}
		if list, err := prl.Decode(fromYAML[i].PRL); err != nil || list.ID != 1001 {
			t.Errorf("%s: roaming list: %v", o.Name, err)
		}
		if o.Name != "lab-1" {
			continue
		}
		if len(o.NAM.SIDNID) != 2 || o.NAM.SIDNID[0].SID != 4139 || o.NAM.SIDNID[1].NID != 65535 {
			t.Errorf("systems of lab-1: %+v", o.NAM.SIDNID)
		}
		o.NAM.SIDNID = nil
		if d := cmp.Diff(&want, o.NAM); d != "" {
			t.Errorf("NAM of lab-1 (-want +got):\n%s", d)
		}
	}
}

// The orders file has a key for everything that a session can download, under
// the same name: a document made of all keys decodes without an unknown one,
// and nothing of it is lost.
func TestOrderKeysAreThoseOfSessions(t *testing.T) {
	var full otasp.Order
	fill(reflect.ValueOf(&full).Elem())
	full.PRL = nil // named by its file
	full.PacketData = []otasp.Block{{ID: 6, Data: []byte{1, 2}}}
	want, err := json.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	var o configs.Order
	strict(t, want, &o)
	got, err := o.Document()
	if err != nil {
		t.Fatal(err)
	}
	var back otasp.Order
	strict(t, got, &back)
	if d := cmp.Diff(full, back); d != "" {
		t.Errorf("(-session +orders file):\n%s", d)
	}
}

func loadOrders(t *testing.T, file string) []configs.Order {
	t.Helper()
	orders, err := configs.LoadOrders(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(orders) != 2 {
		t.Fatalf("%s: %d orders, want 2", file, len(orders))
	}
	return orders
}

func decodeOrder(t *testing.T, o *configs.Order) *otasp.Order {
	t.Helper()
	doc, err := o.Document()
	if err != nil {
		t.Fatal(err)
	}
	var order otasp.Order
	strict(t, doc, &order)
	return &order
}

func strict(t *testing.T, doc []byte, v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(doc))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
}

// fill gives every field of v a value that is not zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.String:
		v.SetString("123456")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8, reflect.Uint16:
		v.SetUint(7)
	}
}
