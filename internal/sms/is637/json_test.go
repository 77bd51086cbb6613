package is637_test

import (
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/sms/is637"
)

func TestFromJSONRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`{`:                         "unexpected end",
		`{}`:                        `"message"`,
		`{"message":"submit"}`:      "not supported",
		`{"message":"WDP","tot":1}`: `unknown field "tot"`,
		`{"message":"BearerData","message_center_time_stamp":"2008"}`:                    "YYMMDDhhmmss",
		`{"message":"BearerData","call_back_number":{"digits":"1\\x2"}}`:                 `\xHH`,
		`{"message":"BearerData","call_back_number":{"digits":"1\\xzz"}}`:                `\xHH`,
		`{"message":"TransportMessage","sms_msg_type":1,"service_category":"emergency"}`: "cannot unmarshal",
	} {
		if f, err := is637.FromJSON([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v (%+v)", text, want, err, f)
		}
	}
}

func TestJSONHasText(t *testing.T) {
	u, err := is637.NewText(is637.EncodingUTF16, "héé")
	if err != nil {
		t.Fatal(err)
	}
	b := &is637.Bearer{UserData: is637.Some(u)}
	for header, want := range map[bool]bool{false: true, true: false} {
		b.Identifier.HeaderInd = header
		j, err := is637.ToJSON(b)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(j), `"text":"héé"`); got != want {
			t.Errorf("with a header %t: %s", header, j)
		}
	}
}
