package wire_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/otagate/otagate/internal/wire"
)

func TestErrorText(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{&wire.Error{Proto: "smpp", Field: "sm_length", Offset: 17, Err: wire.ErrShort}, "smpp: sm_length at octet 17: the message ends before the field does"},
		{&wire.Error{Proto: "smpp", Field: "command_length", Err: wire.ErrLength}, "smpp: command_length at octet 0: length does not fit"},
		{wire.Unencodable("m3ua", "User Data", wire.ErrTooLong), "m3ua: User Data: too long for its field"},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got  %q\nwant %q", got, tt.want)
		}
	}
}

// TestErrorChain: what is wrong is found through every layer of wrapping, and
// no sentinel is taken for another.
func TestErrorChain(t *testing.T) {
	sentinels := []error{
		wire.ErrShort, wire.ErrTrailing, wire.ErrLength, wire.ErrValue,
		wire.ErrTooLong, wire.ErrMissing, wire.ErrUnsupported,
	}
	for _, is := range sentinels {
		inner := &wire.Error{Proto: "sccp", Field: "called", Offset: 5, Err: is}
		err := fmt.Errorf("from a peer: %w", &wire.Error{Proto: "m3ua", Field: "User Data", Offset: 3, Err: inner})
		for _, other := range sentinels {
			if got := errors.Is(err, other); got != (is == other) {
				t.Errorf("%v is %q: %t", err, other, got)
			}
		}
		var outer *wire.Error
		if !errors.As(err, &outer) || outer.Proto != "m3ua" || outer.Err != inner {
			t.Errorf("outermost error of %v is %v", err, outer)
		}
	}
}

func TestHex(t *testing.T) {
	type message struct {
		Data  wire.Hex            `json:"data"`
		Omit  wire.Hex            `json:"omit,omitempty"`
		Other map[string]wire.Hex `json:"other"`
	}
	in := message{Data: wire.Hex{0, 0xab, 0xff}, Other: map[string]wire.Hex{"x": {}}}
	b, err := json.Marshal(in)
	if want := `{"data":"00abff","other":{"x":""}}`; err != nil || string(b) != want {
		t.Errorf("got %s (%v), want %s", b, err, want)
	}
	var out message
	if err := json.Unmarshal([]byte(`{"data":"00ABff"}`), &out); err != nil || out.Data.String() != "00abff" {
		t.Errorf("read %q, %v", out.Data, err)
	}
	for _, bad := range []string{`"0"`, `"0g"`, `"0x00"`, `"00 11"`, `12`} {
		h := wire.Hex{1}
		if err := json.Unmarshal([]byte(bad), &h); err == nil || h.String() != "01" {
			t.Errorf("%s was read as %q, %v", bad, h, err)
		}
	}
}
