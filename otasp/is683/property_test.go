package is683_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
)

// gen draws the values that messages and blocks are made of.
type gen struct{ *rapid.T }

func (g gen) u8() uint8   { return rapid.Byte().Draw(g.T, "octet") }
func (g gen) u16() uint16 { return rapid.Uint16().Draw(g.T, "number") }
func (g gen) u32() uint32 { return rapid.Uint32().Draw(g.T, "number") }
func (g gen) flag() bool  { return rapid.Bool().Draw(g.T, "flag") }

func (g gen) max(n int) uint16 { return uint16(rapid.IntRange(0, n).Draw(g.T, "number")) }

func (g gen) octets(n int) []byte { return rapid.SliceOfN(rapid.Byte(), 0, n).Draw(g.T, "octets") }

func (g gen) result() is683.ResultCode { return is683.ResultCode(g.max(50)) }

func (g gen) fresh() is683.Fresh {
	switch g.max(2) {
	case 0:
		return is683.Fresh{Omitted: true}
	case 1:
		return is683.Fresh{Included: true, Value: g.max(0x7fff)}
	}
	return is683.Fresh{}
}

func (g gen) ids() is683.BlockIDs { return g.octets(8) }

func (g gen) blocks() []is683.Block {
	return slice(g, 4, func() is683.Block { return is683.Block{ID: g.u8(), Data: g.octets(255)} })
}

func (g gen) configured() []is683.ConfiguredBlock {
	return slice(g, 4, func() is683.ConfiguredBlock {
		return is683.ConfiguredBlock{ID: g.u8(), Data: g.octets(255), Result: g.result()}
	})
}

func (g gen) results() []is683.BlockResult {
	return slice(g, 8, func() is683.BlockResult { return is683.BlockResult{ID: g.u8(), Result: is683.ResultCode(g.u8())} })
}

func (g gen) features() []is683.Feature {
	return slice(g, 12, func() is683.Feature { return is683.Feature{ID: is683.FeatureID(g.u8()), PRev: g.u8()} })
}

func slice[E any](g gen, n int, draw func() E) []E {
	s := make([]E, g.max(n))
	for i := range s {
		s[i] = draw()
	}
	return s
}

func (g gen) request(t is683.MessageType) is683.Message {
	switch t {
	case is683.TypeConfiguration:
		return &is683.ConfigurationRequest{BlockIDs: g.ids()}
	case is683.TypeDownload:
		return &is683.DownloadRequest{Blocks: g.blocks(), Fresh: g.fresh()}
	case is683.TypeMSKey:
		m := &is683.MSKeyRequest{AKeyPRev: uint8(g.max(5))}
		if m.AKeyPRev < 3 {
			m.P, m.G = g.octets(255), g.octets(255)
		}
		return m
	case is683.TypeKeyGeneration:
		return &is683.KeyGenerationRequest{BSResult: g.octets(255)}
	case is683.TypeReAuthenticate:
		return &is683.ReAuthenticateRequest{Rand: g.u32()}
	case is683.TypeCommit:
		return &is683.CommitRequest{}
	case is683.TypeProtocolCapability:
		if g.flag() {
			return &is683.ProtocolCapabilityRequest{}
		}
		return &is683.ProtocolCapabilityRequest{Extended: true, OTASPPRev: g.u8(),
			Records: slice(g, 6, func() is683.CapabilityType { return is683.CapabilityType(g.u8()) })}
	case is683.TypeSSPRConfiguration:
		if g.flag() {
			return &is683.SSPRConfigurationRequest{BlockID: is683.SSPRSegment, Offset: g.u16(), MaxSize: g.u8()}
		}
		return &is683.SSPRConfigurationRequest{BlockID: is683.SSPRExtendedDimensions}
	case is683.TypeSSPRDownload:
		return &is683.SSPRDownloadRequest{BlockID: g.u8(), Data: g.octets(255), Fresh: g.fresh()}
	case is683.TypeValidation:
		return &is683.ValidationRequest{Blocks: g.blocks()}
	case is683.TypeOTAPA:
		return &is683.OTAPARequest{Start: g.flag()}
	case is683.TypePUZLConfiguration:
		return &is683.PUZLConfigurationRequest{BlockID: g.u8(), Data: g.octets(20)}
	case is683.TypePUZLDownload:
		return &is683.PUZLDownloadRequest{Blocks: g.blocks(), Fresh: g.fresh()}
	case is683.TypeThreeGPDConfiguration:
		return &is683.ThreeGPDConfigurationRequest{BlockIDs: g.ids()}
	case is683.TypeThreeGPDDownload:
		return &is683.ThreeGPDDownloadRequest{Blocks: g.blocks(), Fresh: g.fresh()}
	case is683.TypeSecureMode:
		m := &is683.SecureModeRequest{Start: g.flag(), Security: uint8(g.max(15))}
		if m.Start {
			m.RandSM = rapid.Uint64().Draw(g.T, "RAND_SM")
		}
		return m
	case is683.TypeMMDConfiguration:
		return &is683.MMDConfigurationRequest{BlockIDs: g.ids()}
	case is683.TypeMMDDownload:
		return &is683.MMDDownloadRequest{Blocks: g.blocks(), Fresh: g.fresh()}
	case is683.TypeSystemTagConfiguration:
		if g.flag() {
			return &is683.SystemTagConfigurationRequest{BlockID: g.u8()}
		}
		return &is683.SystemTagConfigurationRequest{BlockID: g.u8(), Segment: true, Offset: g.u16(), MaxSize: g.u8()}
	case is683.TypeSystemTagDownload:
		return &is683.SystemTagDownloadRequest{BlockID: g.u8(), Data: g.octets(255)}
	case is683.TypeServiceKeyGeneration:
		return &is683.ServiceKeyGenerationRequest{KeyID: is683.KeyID(g.u16())}
	case is683.TypeMMSConfiguration:
		return &is683.MMSConfigurationRequest{BlockIDs: g.ids()}
	default:
		return &is683.MMSDownloadRequest{Blocks: g.blocks(), Fresh: g.fresh()}
	}
}

func (g gen) response(t is683.MessageType) is683.Message {
	switch t {
	case is683.TypeConfiguration:
		return &is683.ConfigurationResponse{Blocks: g.configured(), Fresh: g.fresh()}
	case is683.TypeDownload:
		return &is683.DownloadResponse{Results: g.results()}
	case is683.TypeMSKey:
		return &is683.MSKeyResponse{Result: g.result()}
	case is683.TypeKeyGeneration:
		return &is683.KeyGenerationResponse{Result: g.result(), MSResult: g.octets(255)}
	case is683.TypeReAuthenticate:
		return &is683.ReAuthenticateResponse{AuthR: g.u32() >> 14, RandC: g.u8(), Count: uint8(g.max(63)), AuthData: g.u32() >> 8}
	case is683.TypeCommit:
		return &is683.CommitResponse{Result: g.result()}
	case is683.TypeProtocolCapability:
		return &is683.ProtocolCapabilityResponse{MobFirmRev: g.u16(), MobModel: g.u8(), Features: g.features(), Additional: g.octets(4)}
	case is683.TypeSSPRConfiguration:
		return &is683.SSPRConfigurationResponse{BlockID: g.u8(), Result: g.result(), Data: g.octets(255), Fresh: g.fresh()}
	case is683.TypeSSPRDownload:
		return &is683.SSPRDownloadResponse{BlockID: g.u8(), Result: g.result(), Offset: g.u16(), Size: g.u8()}
	case is683.TypeValidation:
		return &is683.ValidationResponse{Results: g.results()}
	case is683.TypeOTAPA:
		m := &is683.OTAPAResponse{Result: g.result(), NAMLock: g.flag()}
		if m.NAMLock {
			m.RandOTAPA = g.u32()
		}
		return m
	case is683.TypePUZLConfiguration:
		return &is683.PUZLConfigurationResponse{BlockID: g.u8(), Result: g.result(), Data: g.octets(255), Fresh: g.fresh()}
	case is683.TypePUZLDownload:
		return &is683.PUZLDownloadResponse{Results: slice(g, 5, g.puzlResult)}
	case is683.TypeThreeGPDConfiguration:
		return &is683.ThreeGPDConfigurationResponse{Blocks: g.configured(), Fresh: g.fresh()}
	case is683.TypeThreeGPDDownload:
		return &is683.ThreeGPDDownloadResponse{Results: g.results()}
	case is683.TypeSecureMode:
		return &is683.SecureModeResponse{Result: g.result()}
	case is683.TypeExtendedProtocolCapability:
		return &is683.ExtendedProtocolCapabilityResponse{OTASPMobPRev: g.u8(), MobFirmRev: g.u16(), MobModel: g.u8(), Features: g.features(),
			Records: slice(g, 4, func() is683.CapabilityRecord {
				return is683.CapabilityRecord{Type: is683.CapabilityType(g.u8()), Data: g.octets(255)}
			})}
	case is683.TypeMMDConfiguration:
		return &is683.MMDConfigurationResponse{Blocks: g.configured(), Fresh: g.fresh()}
	case is683.TypeMMDDownload:
		return &is683.MMDDownloadResponse{Results: g.results()}
	case is683.TypeSystemTagConfiguration:
		return &is683.SystemTagConfigurationResponse{BlockID: g.u8(), Result: g.result(), Data: g.octets(255)}
	case is683.TypeSystemTagDownload:
		m := &is683.SystemTagDownloadResponse{BlockID: uint8(g.max(5)), Result: g.result()}
		if m.BlockID >= 1 && m.BlockID <= 3 {
			m.Offset, m.Size = g.u16(), g.u8()
		}
		return m
	case is683.TypeServiceKeyGeneration:
		return &is683.ServiceKeyGenerationResponse{Result: g.result()}
	case is683.TypeMMSConfiguration:
		return &is683.MMSConfigurationResponse{Blocks: g.configured(), Fresh: g.fresh()}
	default:
		return &is683.MMSDownloadResponse{Results: g.results()}
	}
}

func (g gen) puzlResult() is683.PUZLResult {
	r := is683.PUZLResult{ID: g.u8(), Result: g.result(), Identified: g.flag()}
	if r.Identified {
		r.UZID, r.UZSID = g.u16(), g.max(0x7fff)
	}
	return r
}

func TestRequestsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := gen{t}
		kind := is683.MessageType(g.max(int(is683.TypeMMSDownload)))
		if kind == is683.TypeExtendedProtocolCapability {
			kind = is683.TypeProtocolCapability // 0x10 is a response only
		}
		comesBack(t, g.request(kind), g.request(kind), is683.DecodeForward)
	})
}

func TestResponsesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := gen{t}
		kind := is683.MessageType(g.max(int(is683.TypeMMSDownload)))
		comesBack(t, g.response(kind), g.response(kind), is683.DecodeReverse)
	})
}

// comesBack encodes and decodes m, as octets and as JSON, and also into a
// value that held an earlier message.
func comesBack(t *rapid.T, m, earlier is683.Message, decode func([]byte) (is683.Message, error)) {
	b, err := m.Append([]byte{0xaa})
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode(b[1:])
	if err != nil {
		t.Fatalf("%x: %v", b[1:], err)
	}
	if d := cmp.Diff(m, got, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%x (-want +got):\n%s", b[1:], d)
	}
	used := earlier.(decoder)
	if err := used.Decode(b[1:]); err != nil {
		t.Fatalf("%x into a used value: %v", b[1:], err)
	}
	if d := cmp.Diff(m, earlier, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%x into a used value (-want +got):\n%s", b[1:], d)
	}
	j, err := is683.ToJSON(m)
	if err != nil {
		t.Fatal(err)
	}
	if got, err = is683.FromJSON(j); err != nil {
		t.Fatalf("%s: %v", j, err)
	}
	if d := cmp.Diff(m, got, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%s (-want +got):\n%s", j, d)
	}
}

func (g gen) digits(n int) string {
	return rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), n, n, -1).Draw(g.T, "digits")
}

func (g gen) imsi() is683.IMSIM {
	return is683.IMSIM{Class: g.flag(), AddrNum: uint8(g.max(7)), MCC: g.digits(3), IMSI1112: g.digits(2), S: g.digits(10)}
}

func (g gen) access() is683.Access {
	return is683.Access{ACCOLC: uint8(g.max(15)), LocalControl: g.flag(), MobTermHome: g.flag(), MobTermForSID: g.flag(), MobTermForNID: g.flag()}
}

func (g gen) pairs() []is683.SIDNID {
	return slice(g, 60, func() is683.SIDNID { return is683.SIDNID{SID: g.max(0x7fff), NID: g.u16()} })
}

const blockKinds = 15

func (g gen) block(kind uint16) is683.TypedBlock {
	switch kind {
	case 0:
		return &is683.CDMANAM{IMSIM: g.imsi(), Access: g.access(), SIDNIDs: g.pairs()}
	case 1:
		return &is683.CDMANAMResponse{SlottedMode: g.flag(), MobPRev: g.u8(), IMSIM: g.imsi(), Access: g.access(), MaxSIDNID: g.u8(), StoredSIDNID: g.pairs()}
	case 2:
		return &is683.CDMAAnalogNAM{FirstCHP: g.max(2047), HomeSID: g.max(0x7fff), EX: g.flag(), IMSIM: g.imsi(), Access: g.access(), SIDNIDs: g.pairs()}
	case 3:
		return &is683.CDMAAnalogNAMResponse{FirstCHP: g.max(2047), HomeSID: g.max(0x7fff), EX: g.flag(), SCM: is683.SCM(g.u8()), MobPRev: g.u8(),
			IMSIM: g.imsi(), Access: g.access(), MaxSIDNID: g.u8(), StoredSIDNID: g.pairs()}
	case 4:
		return &is683.MDN{Digits: g.digits(int(g.max(15)))}
	case 5:
		i := is683.IMSIT(g.imsi())
		return &i
	case 6:
		s := is683.SPC{g.u8(), g.u8(), g.u8()}
		return &s
	case 7:
		if g.flag() {
			return &is683.SPASM{NAMLock: g.flag()}
		}
		return &is683.SPASM{AuthOTAPAIncluded: true, AuthOTAPA: g.u32() >> 14, NAMLock: g.flag()}
	case 8:
		return &is683.PRLDimensions{MaxSize: g.u16(), CurSize: g.u16(), PRListID: g.u16(), NumAcqRecs: g.max(511), NumSysRecs: g.max(1<<14 - 1)}
	case 9:
		return &is683.ExtendedPRLDimensions{MaxSize: g.u16(), CurSize: g.u16(), PRListID: g.u16(), SSPRPRev: 1, NumAcqRecs: g.max(511), NumSysRecs: g.max(1<<14 - 1)}
	case 10:
		return &is683.ExtendedPRLDimensions{MaxSize: g.u16(), CurSize: g.u16(), PRListID: g.u16(), SSPRPRev: 3,
			NumAcqRecs: g.max(511), NumCommonSubnetRecs: g.max(511), NumSysRecs: g.max(1<<14 - 1)}
	case 11:
		return &is683.PRLSegment{Last: g.flag(), Offset: g.u16(), Data: g.octets(is683.MaxPRLSegment)}
	case 12:
		return &is683.HomeTag{Encoding: uint8(g.max(31)), Tag: g.octets(31)}
	case 13:
		return &is683.HomeTagResponse{CallPromptIncluded: g.flag(), CallPrompt: uint8(g.max(31)), Encoding: uint8(g.max(31)), Tag: g.octets(31)}
	case 14:
		return &is683.MMSURICapability{MaxNum: uint8(g.max(15)), MaxLength: g.u8()}
	default:
		return &is683.MMSURI{Entries: slice(g, 15, func() is683.MMSURIEntry {
			return is683.MMSURIEntry{Index: uint8(g.max(15)), URI: string(g.octets(255))}
		})}
	}
}

func TestBlocksComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := gen{t}
		kind := g.max(blockKinds)
		want, used := g.block(kind), g.block(kind)
		b, err := want.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range []is683.TypedBlock{empty(want), used} {
			if err := got.Decode(b); err != nil {
				t.Fatalf("%x: %v", b, err)
			}
			if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("%x (-want +got):\n%s", b, d)
			}
		}
	})
}

// empty is a new block of b's type, found among the cases.
func empty(b is683.TypedBlock) is683.TypedBlock {
	for _, t := range []is683.MessageType{is683.TypeConfiguration, is683.TypeDownload, is683.TypeValidation, is683.TypeSSPRConfiguration,
		is683.TypeSSPRDownload, is683.TypeSystemTagConfiguration, is683.TypeSystemTagDownload, is683.TypeMMSConfiguration} {
		for id := range uint8(5) {
			if n := is683.NewTypedBlock(t, id); n != nil && sameType(n, b) {
				return n
			}
		}
	}
	return nil
}

func sameType(a, b is683.TypedBlock) bool { return fmt.Sprintf("%T", a) == fmt.Sprintf("%T", b) }

// FuzzBlocks gives octets to the decoder of every block whose layout is known.
func FuzzBlocks(f *testing.F) {
	for _, c := range blockCases() {
		f.Add(unhex(f, c.hex))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, c := range blockCases() {
			stableBlock(t, c.empty, b)
		}
		stableBlock(t, new(is683.SPC), b)
		stableBlock(t, new(is683.CDMAAnalogNAMResponse), b)
	})
}

func stableBlock(t *testing.T, block is683.TypedBlock, b []byte) {
	if block.Decode(b) != nil {
		return
	}
	once, err := block.Append(nil)
	if err != nil {
		t.Fatalf("%T: accepted %x, cannot encode it: %v", block, b, err)
	}
	if err := block.Decode(once); err != nil {
		t.Fatalf("%T: accepted %x, encoded %x, refused that: %v", block, b, once, err)
	}
	twice, err := block.Append(nil)
	if err != nil || string(once) != string(twice) {
		t.Fatalf("%T: not stable: %x, then %x (%v)", block, once, twice, err)
	}
	var tr wire.Trace
	c := wire.NewCursorAt("is683", append([]byte{0x01, 0x01, 0x02, byte(len(b))}, b...), 0, &tr)
	if _, err := is683.ReadForward(&c); err != nil && len(b) < 256 {
		t.Fatalf("%x inside a message: %v", b, err)
	}
}
