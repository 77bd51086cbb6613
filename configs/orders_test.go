package configs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/otagate/otagate/configs"
)

func TestOrderProblems(t *testing.T) {
	for _, tt := range []struct{ name, file, text, want string }{
		{"no list", "o.yaml", "", ": orders: missing; allowed is a list with one entry or more"},
		{"empty list", "o.yaml", "orders: []\n", ": orders: missing; allowed is a list with one entry or more"},
		{"unknown key", "o.yaml", "orders:\n  - name: a\n    mnd: 5551234567\n", ":3: orders[a].mnd: unknown key, did you mean mdn;"},
		{"leading zero", "o.yaml", "orders:\n  - name: a\n    nam: {mcc: 010}\n", `:3: orders[a].nam.mcc: 010 is read as another value without quotes`},
		{"SPC is not shown", "o.yaml", "orders: [{name: a, spc: 012345}]\n", ":1: orders[a].spc: cannot be read (not shown here); allowed is text in quotes"},
		{"packet data is not shown", "o.yaml", "orders: [{name: a, packet_data: [{id: 1, data: 012345}]}]\n", ":1: orders[a].packet_data[0].data: cannot be read (not shown here); allowed is text in quotes"},
		{"value of an object is not shown", "o.yaml", "orders: [{name: a, objects: [{name: b, value: 012345}]}]\n", ":1: orders[a].objects[b].value: cannot be read (not shown here); allowed is text in quotes"},
		{"name twice", "o.yaml", "orders: [{name: a}, {name: a}]\n", ": orders[a].name: two entries have this name; allowed is one"},
		{"no name", "o.yaml", "orders: [{mdn: 5551234567}]\n", ": orders[0].name: missing;"},
		{"list not there", "o.yaml", "orders: [{name: a, prl_file: none.prl}]\n", "no such file or directory; allowed is the name of a roaming list relative to this file"},
		{"list empty", "o.yaml", "orders: [{name: a, prl_file: empty.prl}]\n", "has 0 octets; allowed is a roaming list of 1 to 65536"},
		{"empty CSV", "o.csv", "", ": empty; allowed is a line of column names and one line an order"},
		{"unknown column", "o.csv", "name,nam.mcn\na,310\n", ": nam.mcn: unknown column, did you mean mcc; allowed are mcc,"},
		{"column below a value", "o.csv", "name.x\na\n", ": name.x: a column below a value; allowed is the value itself"},
		{"column of a group", "o.csv", "name,nam\na,b\n", ": nam: a column for a group of values; allowed are nam.mcc, nam.imsi_11_12,"},
		{"column twice", "o.csv", "name,name\na,b\n", `already defined`},
		{"too few cells", "o.csv", "name,mdn\na\n", ":2: wrong number of fields"},
		{"cell", "o.csv", "# comment\nname,nam.accolc\na,seven\n", `:3: orders[a].nam.accolc: "seven"; allowed is a whole number`},
		{"flag", "o.csv", "name,a_key\na,1\n", `:2: orders[a].a_key: "1"; allowed is true or false`},
		{"list cell", "o.csv", "name,nam.sid_nid\na,22:x\n", `:2: orders[a].nam.sid_nid[0].nid: "x"; allowed is a whole number`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := write(t, tt.file, tt.text)
			if err := os.WriteFile(filepath.Join(filepath.Dir(file), "empty.prl"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := configs.LoadOrders(file)
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), file) {
				t.Errorf("\n got %s\nwant %s", err, tt.want)
			}
			if strings.Contains(strings.ReplaceAll(err.Error(), file, ""), "12345") {
				t.Errorf("shows a secret: %s", err)
			}
		})
	}
}

// TestOrderObjects: the names of objects have colons, so another character parts
// them from their values.
func TestOrderObjects(t *testing.T) {
	for file, text := range map[string]string{
		"o.csv":  "name,objects\na,phone:homepage=http://wap.example/?a=b browser:reset\n",
		"o.yaml": "orders: [{name: a, objects: [{name: phone:homepage, value: 'http://wap.example/?a=b'}, {name: browser:reset}]}]\n",
	} {
		orders, err := configs.LoadOrders(write(t, file, text))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := orders[0].Document()
		if want := `{"name":"a","objects":[{"name":"phone:homepage","value":"http://wap.example/?a=b"},{"name":"browser:reset"}]}`; err != nil || string(doc) != want {
			t.Errorf("%s: %s, %v", file, doc, err)
		}
	}
}

// Spreadsheets write a byte order mark and lines that end in CR LF.
func TestOrdersOfASpreadsheet(t *testing.T) {
	orders, err := configs.LoadOrders(write(t, "o.CSV", "\ufeffname,mdn\r\na,0123\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(orders) != 1 || orders[0].Name != "a" || orders[0].MDN != "0123" {
		t.Errorf("%+v", orders)
	}
}
