package is683_test

import (
	"errors"
	"testing"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
)

// What a field cannot hold is refused, never cut off.
func TestMessageLimits(t *testing.T) {
	long := make([]byte, 256)
	tooLong := []is683.Block{{Data: long}}
	configured := []is683.ConfiguredBlock{{Data: long}}
	for _, c := range []struct {
		field string
		m     is683.Message
	}{
		{"NUM_BLOCKS", &is683.ConfigurationRequest{BlockIDs: long}},
		{"NUM_BLOCKS", &is683.ConfigurationResponse{Blocks: make([]is683.ConfiguredBlock, 256)}},
		{"BLOCK_LEN", &is683.ConfigurationResponse{Blocks: configured}},
		{"FRESH", &is683.ConfigurationResponse{Fresh: is683.Fresh{Included: true, Value: 0x8000}}},
		{"NUM_BLOCKS", &is683.DownloadRequest{Blocks: make([]is683.Block, 256)}},
		{"BLOCK_LEN", &is683.DownloadRequest{Blocks: tooLong}},
		{"FRESH", &is683.DownloadRequest{Fresh: is683.Fresh{Included: true, Value: 0x8000}}},
		{"NUM_BLOCKS", &is683.DownloadResponse{Results: make([]is683.BlockResult, 256)}},
		{"PARAM_P_LEN", &is683.MSKeyRequest{P: long}},
		{"PARAM_G_LEN", &is683.MSKeyRequest{G: long}},
		{"BS_RESULT_LEN", &is683.KeyGenerationRequest{BSResult: long}},
		{"MS_RESULT_LEN", &is683.KeyGenerationResponse{MSResult: long}},
		{"AUTHR", &is683.ReAuthenticateResponse{AuthR: 1 << 18}},
		{"COUNT", &is683.ReAuthenticateResponse{Count: 64}},
		{"AUTH_DATA", &is683.ReAuthenticateResponse{AuthData: 1 << 24}},
		{"NUM_CAP_RECORDS", &is683.ProtocolCapabilityRequest{Extended: true, Records: make([]is683.CapabilityType, 256)}},
		{"NUM_FEATURES", &is683.ProtocolCapabilityResponse{Features: make([]is683.Feature, 256)}},
		{"ADD_LENGTH", &is683.ProtocolCapabilityResponse{Additional: long}},
		{"NUM_FEATURES", &is683.ExtendedProtocolCapabilityResponse{Features: make([]is683.Feature, 256)}},
		{"NUM_CAP_RECORDS", &is683.ExtendedProtocolCapabilityResponse{Records: make([]is683.CapabilityRecord, 256)}},
		{"CAP_RECORD_LEN", &is683.ExtendedProtocolCapabilityResponse{Records: []is683.CapabilityRecord{{Data: long}}}},
		{"BLOCK_LEN", &is683.SSPRConfigurationResponse{Data: long}},
		{"BLOCK_LEN", &is683.SSPRDownloadRequest{Data: long}},
		{"BLOCK_LEN", &is683.ValidationRequest{Blocks: tooLong}},
		{"BLOCK_LEN", &is683.PUZLConfigurationResponse{Data: long}},
		{"NUM_BLOCKS", &is683.PUZLDownloadResponse{Results: make([]is683.PUZLResult, 256)}},
		{"UZ_SID", &is683.PUZLDownloadResponse{Results: []is683.PUZLResult{{Identified: true, UZSID: 1 << 15}}}},
		{"BLOCK_LEN", &is683.ThreeGPDConfigurationResponse{Blocks: configured}},
		{"SECURITY", &is683.SecureModeRequest{Security: 16}},
		{"BLOCK_LEN", &is683.MMDConfigurationResponse{Blocks: configured, ResultsLast: true}},
		{"BLOCK_LEN", &is683.SystemTagConfigurationResponse{Data: long}},
		{"BLOCK_LEN", &is683.SystemTagDownloadRequest{Data: long}},
		{"BLOCK_LEN", &is683.MMSDownloadRequest{Blocks: tooLong}},
	} {
		_, err := c.m.Append(nil)
		wantField(t, c.field, err)
	}
}

// A type may be decoded by a caller that knows what it waits for; anything
// else is refused at the first octet.
func TestDecodeChecksTheType(t *testing.T) {
	var m is683.CommitResponse
	if err := m.Decode([]byte{0x05, 0x0a}); err != nil || m.Result != is683.MobileLocked {
		t.Errorf("%+v, %v", m, err)
	}
	err := m.Decode([]byte{0x02, 0x00})
	var we *wire.Error
	if !errors.As(err, &we) || we.Field != "OTASP_MSG_TYPE" || we.Offset != 0 || !errors.Is(err, wire.ErrValue) {
		t.Errorf("wrong type: %v", err)
	}
	if _, err := is683.DecodeReverse([]byte{0x18, 0x00}); !errors.Is(err, wire.ErrUnsupported) {
		t.Errorf("unknown type: %v", err)
	}
	if m, err := is683.DecodeForward(nil); m != nil || !errors.Is(err, wire.ErrShort) {
		t.Errorf("nothing: %v, %v", m, err)
	}
}
