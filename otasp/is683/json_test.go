package is683_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
)

func TestJSONGivesTheSameOctets(t *testing.T) {
	for dir, decode := range map[string]func([]byte) (is683.Message, error){
		forwardVectors: is683.DecodeForward, reverseVectors: is683.DecodeReverse,
	} {
		vs, err := testvec.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range vs {
			m, err := decode(v.Octets)
			if err != nil {
				continue // the codec test says whether that is right
			}
			j, err := is683.ToJSON(m)
			if err != nil {
				t.Fatalf("%s: %v", v.Name, err)
			}
			back, err := is683.FromJSON(j)
			if err != nil {
				t.Fatalf("%s: %s: %v", v.Name, j, err)
			}
			if b, err := back.Append(nil); err != nil || !bytes.Equal(b, v.Canonical) {
				t.Errorf("%s: %x, %v, by way of %s", v.Name, b, err, j)
			}
		}
	}
}

func TestToJSON(t *testing.T) {
	for h, want := range map[string]string{
		"01010106a5551234567000": `{"direction":"forward","message":"DownloadRequest",` +
			`"decoded":[{"Block":"MDN","Fields":{"Digits":"5551234567"}}],` +
			`"Blocks":[{"ID":1,"Data":"a55512345670"}],"Fresh":{"Omitted":false,"Included":false,"Value":0}}`,
		"05":             `{"direction":"forward","message":"CommitRequest"}`,
		"000400010203":   `{"direction":"forward","message":"ConfigurationRequest","BlockIDs":[0,1,2,3]}`,
		"060403000102":   `{"direction":"forward","message":"ProtocolCapabilityRequest","Extended":true,"OTASPPRev":4,"Records":[0,1,2]}`,
		"09010003123456": `{"direction":"forward","message":"ValidationRequest","decoded":[{"Block":"Verify SPC","Fields":"******"}],"Blocks":[{"ID":0,"Data":"123456"}]}`,
	} {
		m, err := is683.DecodeForward(unhex(t, h))
		if err != nil {
			t.Fatal(err)
		}
		got, err := is683.ToJSON(m)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, string(got)); d != "" {
			t.Errorf("%s (-want +got):\n%s", h, d)
		}
	}
}

func TestFromJSONRefuses(t *testing.T) {
	for _, c := range []struct {
		json string
		err  error
		word string
	}{
		{`{`, nil, "unexpected end"},
		{`[]`, nil, "array"},
		{`{"message":"CommitRequest"}`, wire.ErrMissing, "direction"},
		{`{"direction":"forward"}`, wire.ErrMissing, "message"},
		{`{"direction":"forward","message":"CommitResponse"}`, wire.ErrUnsupported, "CommitResponse"},
		{`{"direction":"up","message":"CommitRequest"}`, wire.ErrUnsupported, "up"},
		{`{"direction":"forward","message":""}`, wire.ErrUnsupported, "message"},
		{`{"direction":"forward","message":"CommitRequest","Result":1}`, nil, "Result"},
		{`{"direction":"reverse","message":"CommitResponse","Result":256}`, nil, "256"},
		{`{"direction":"forward","message":"ConfigurationRequest","BlockIDs":[256]}`, wire.ErrValue, "BLOCK_ID"},
		{`{"direction":"forward","message":"ConfigurationRequest","BlockIDs":"00"}`, nil, "cannot unmarshal string"},
		{`{"direction":"forward","message":"KeyGenerationRequest","BSResult":"0g"}`, nil, "hexadecimal"},
		{`null`, wire.ErrMissing, ""},
	} {
		m, err := is683.FromJSON([]byte(c.json))
		if err == nil {
			t.Errorf("%s: %+v, want an error", c.json, m)
			continue
		}
		if c.err != nil && !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%s: %v", c.json, err)
		}
	}
}

type foreign struct{ is683.CommitRequest }

func TestToJSONRefusesForeignMessages(t *testing.T) {
	if j, err := is683.ToJSON(&foreign{}); !errors.Is(err, wire.ErrUnsupported) {
		t.Errorf("%s, %v", j, err)
	}
}
