package is683_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
)

func traced(t *testing.T, h string, read func(*wire.Cursor) (is683.Message, error)) (is683.Message, string) {
	t.Helper()
	var tr wire.Trace
	c := wire.NewCursorAt("is683", unhex(t, h), 0, &tr)
	m, err := read(&c)
	if err != nil {
		t.Fatal(err)
	}
	return m, tr.Text(false)
}

func TestTraceDescendsIntoBlocks(t *testing.T) {
	_, got := traced(t, "0102010211aa030703471b7806239000", is683.ReadForward)
	want := `     0  OTASP_MSG_TYPE                       0x01  (Download Request)
     1  NUM_BLOCKS                           2
     2  BLOCK_ID                             1  (MDN)
     3  BLOCK_LEN                            2
     4  PARAM_DATA                           11aa  (not the layout of MDN)
     6  BLOCK_ID                             3  (IMSI_T)
     7  BLOCK_LEN                            7
     8  IMSI_T
   8.0    IMSI_T_CLASS                       0
   8.1    IMSI_T_ADDR_NUM                    0
   8.4    MCC_T                              209  (310)
   9.6    IMSI_T_11_12                       99  (00)
  10.5    IMSI_T_S                           7449285064  (5551234567)
  14.7    reserved                           0
  15.0  FRESH_INCL                           0
  15.1  reserved                             0
`
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestTraceHidesSecrets(t *testing.T) {
	for _, c := range []struct {
		hex, secret string
		read        func(*wire.Cursor) (is683.Message, error)
	}{
		{"09010003123456", "SPC", is683.ReadForward},
		{"090101021234", "PARAM_DATA", is683.ReadForward}, // a Change SPC that is too short
		{"030401020304", "BS_RESULT", is683.ReadForward},
		{"030003aabbcc", "MS_RESULT", is683.ReadReverse},
		{"0e01090312345600", "PARAM_DATA", is683.ReadForward}, // CHAP secret
	} {
		_, text := traced(t, c.hex, c.read)
		found := false
		for line := range strings.Lines(text) {
			if strings.Contains(line, c.secret+" ") {
				found = strings.Contains(line, "octets, secret>")
			}
		}
		if !found {
			t.Errorf("%s: %s is not hidden in\n%s", c.hex, c.secret, text)
		}
		for _, leak := range []string{"1234", "1193046", "01020304", "aabbcc"} {
			if strings.Contains(text, leak) {
				t.Errorf("%s: %s shown in\n%s", c.hex, leak, text)
			}
		}
	}
}

// A traced read gives the same message as an untraced one, and the fields that
// stand at octets lie inside the message.
func TestTraceChangesNothing(t *testing.T) {
	for _, d := range []struct {
		dir    string
		read   func(*wire.Cursor) (is683.Message, error)
		decode func([]byte) (is683.Message, error)
	}{
		{forwardVectors, is683.ReadForward, is683.DecodeForward},
		{reverseVectors, is683.ReadReverse, is683.DecodeReverse},
	} {
		vs, err := testvec.Load(d.dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range vs {
			want, wantErr := d.decode(v.Octets)
			var tr wire.Trace
			c := wire.NewCursorAt("is683", v.Octets, 0, &tr)
			got, gotErr := d.read(&c)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-untraced +traced):\n%s", v.Name, diff)
			}
			if (wantErr == nil) != (gotErr == nil) || wantErr != nil && wantErr.Error() != gotErr.Error() {
				t.Errorf("%s: untraced %v, traced %v", v.Name, wantErr, gotErr)
			}
			for _, f := range tr.Fields {
				if f.Off < 0 || f.Off+f.Len > len(v.Octets) {
					t.Errorf("%s: %s at %d, %d octets, outside the message", v.Name, f.Name, f.Off, f.Len)
				}
				if f.Depth > 1 {
					t.Errorf("%s: %s is %d deep", v.Name, f.Name, f.Depth)
				}
			}
		}
	}
}

func TestTraceSaysWhereResultsStand(t *testing.T) {
	m, text := traced(t, "0d020001c0010140000000", is683.ReadReverse)
	r, ok := m.(*is683.ThreeGPDConfigurationResponse)
	if !ok || !r.ResultsLast || !strings.Contains(text, "results after all blocks") {
		t.Errorf("%+v\n%s", m, text)
	}
}
