//go:build interop

package tshark_test

import (
	"encoding/hex"
	"fmt"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/otasp/is683"
)

// request draws any forward message and notes what it means.
func (g handset) request() is683.Message {
	t := is683.MessageType(g.max(int(is683.TypeMMSDownload)))
	switch t {
	case is683.TypeConfiguration:
		return &is683.ConfigurationRequest{BlockIDs: g.ids(aNAM, 4)}
	case is683.TypeDownload:
		m := &is683.DownloadRequest{Blocks: g.typed(aNAM, 1+int(g.max(2)), g.namBlock), Fresh: g.fresh()}
		g.addFresh(m.Fresh)
		return m
	case is683.TypeMSKey:
		return g.msKey()
	case is683.TypeKeyGeneration:
		m := &is683.KeyGenerationRequest{BSResult: g.some(255)}
		g.number("length", uint64(len(m.BSResult)))
		g.octets("BS_RESULT", m.BSResult)
		return m
	case is683.TypeReAuthenticate:
		m := &is683.ReAuthenticateRequest{Rand: g.u32()}
		g.octets("RAND", []byte{byte(m.Rand >> 24), byte(m.Rand >> 16), byte(m.Rand >> 8), byte(m.Rand)})
		return m
	case is683.TypeCommit:
		return &is683.CommitRequest{}
	case is683.TypeSSPRConfiguration, is683.TypeSSPRDownload:
		return g.ssprRequest(t)
	case is683.TypeValidation:
		return &is683.ValidationRequest{Blocks: g.typed(aValidation, 1+int(g.max(2)), g.validation)}
	case is683.TypeOTAPA:
		m := &is683.OTAPARequest{Start: g.coin()}
		g.flag("START_STOP of OTAPA", m.Start)
		g.octets("reserved", []byte{bit(m.Start, 7)})
		return m
	case is683.TypePUZLConfiguration:
		m := &is683.PUZLConfigurationRequest{BlockID: uint8(g.max(3)), Data: g.some(20)}
		g.blockID(aPUZL, m.BlockID)
		data := hex.EncodeToString(m.Data)
		g.addWrong("block data", data, fmt.Sprintf("%02x", m.BlockID)+data, puzlBlockData)
		return m
	case is683.TypePUZLDownload:
		m := &is683.PUZLDownloadRequest{Blocks: g.opaque(aPUZL, 4), Fresh: g.fresh()}
		g.addFresh(m.Fresh)
		return m
	case is683.TypeThreeGPDConfiguration:
		return &is683.ThreeGPDConfigurationRequest{BlockIDs: g.ids(a3GPD, 13)}
	case is683.TypeThreeGPDDownload:
		m := &is683.ThreeGPDDownloadRequest{Blocks: g.opaque(a3GPD, 12), Fresh: g.fresh()}
		g.addFresh(m.Fresh)
		return m
	case is683.TypeSecureMode:
		return g.secureMode()
	case is683.TypeMMDConfiguration:
		return &is683.MMDConfigurationRequest{BlockIDs: g.ids(anMMD, 0)}
	case is683.TypeMMDDownload:
		m := &is683.MMDDownloadRequest{Blocks: g.opaque(anMMD, 0), Fresh: g.fresh()}
		g.addFresh(m.Fresh)
		return m
	case is683.TypeSystemTagConfiguration, is683.TypeSystemTagDownload:
		return g.systemTagRequest(t)
	case is683.TypeServiceKeyGeneration:
		return g.serviceKey()
	case is683.TypeMMSConfiguration:
		return &is683.MMSConfigurationRequest{BlockIDs: g.ids(anMMS, 1)}
	case is683.TypeMMSDownload:
		m := &is683.MMSDownloadRequest{Blocks: g.opaque(anMMS, 0), Fresh: g.fresh()}
		g.addFresh(m.Fresh)
		return m
	}
	return g.capability()
}

func (g handset) msKey() is683.Message {
	m := &is683.MSKeyRequest{AKeyPRev: uint8(g.max(5))}
	g.number("A_KEY_P_REV", uint64(m.AKeyPRev))
	if m.AKeyPRev < 3 {
		m.P, m.G = g.some(255), g.some(255)
		g.number("length", uint64(len(m.P)))
		g.number("length", uint64(len(m.G)))
		g.octets("PARAM_P", m.P)
		g.octets("PARAM_G", m.G)
	}
	return m
}

func (g handset) capability() is683.Message {
	if g.coin() {
		return &is683.ProtocolCapabilityRequest{}
	}
	m := &is683.ProtocolCapabilityRequest{Extended: true, OTASPPRev: g.u8()}
	for range g.max(6) {
		m.Records = append(m.Records, is683.CapabilityType(g.max(5)))
	}
	g.number("OTASP_P_REV", uint64(m.OTASPPRev))
	g.number("NUM_CAP_RECORDS", uint64(len(m.Records)))
	for _, r := range m.Records {
		g.number("CAP_RECORD_TYPE", uint64(r))
	}
	return m
}

func (g handset) ssprRequest(t is683.MessageType) is683.Message {
	if t == is683.TypeSSPRDownload {
		m := &is683.SSPRDownloadRequest{BlockID: uint8(g.max(1)), Data: g.some(255), Fresh: g.fresh()}
		g.blockID(anSSPR, m.BlockID)
		g.number("length", uint64(len(m.Data)))
		g.octets("block data", m.Data)
		g.addFresh(m.Fresh)
		return m
	}
	m := &is683.SSPRConfigurationRequest{BlockID: uint8(g.max(2))}
	g.blockID(anSSPR, m.BlockID)
	if m.BlockID == is683.SSPRSegment {
		m.Offset, m.MaxSize = g.u16(), g.u8()
		g.number("SEGMENT_OFFSET", uint64(m.Offset))
		g.number("SEGMENT_SIZE_MAX", uint64(m.MaxSize))
	}
	return m
}

func (g handset) secureMode() is683.Message {
	m := &is683.SecureModeRequest{Start: g.coin(), Security: uint8(g.max(15))}
	g.flag("START_STOP of secure mode", m.Start)
	g.number("SECURITY", uint64(m.Security))
	g.octets("reserved", []byte{bit(m.Start, 7) | m.Security<<3})
	if m.Start {
		m.RandSM = rapid.Uint64().Draw(g.t, "RAND_SM")
		g.number("RAND_SM", m.RandSM)
	}
	return m
}

func (g handset) systemTagRequest(t is683.MessageType) is683.Message {
	if t == is683.TypeSystemTagDownload {
		m := &is683.SystemTagDownloadRequest{BlockID: uint8(g.max(3)), Data: g.some(255)}
		g.blockID(aSystemTag, m.BlockID)
		g.number("length", uint64(len(m.Data)))
		g.octets("block data", m.Data)
		return m
	}
	m := &is683.SystemTagConfigurationRequest{BlockID: uint8(g.max(6))}
	switch m.BlockID {
	case is683.SystemTagGroupList, is683.SystemTagSpecificList, is683.SystemTagCallPromptList:
		m.Segment, m.Offset, m.MaxSize = true, g.u16(), g.u8()
		g.number("SEGMENT_OFFSET", uint64(m.Offset))
		g.number("SEGMENT_SIZE_MAX", uint64(m.MaxSize))
	}
	g.blockID(aSystemTag, m.BlockID)
	return m
}

func (g handset) serviceKey() is683.Message {
	m := &is683.ServiceKeyGenerationRequest{KeyID: is683.KeyID(g.u16() &^ 0xf)}
	g.flag("KEY_ID, IMS root key", m.KeyID&0x8000 != 0)
	g.flag("KEY_ID, BCMCS root key", m.KeyID&0x4000 != 0)
	g.flag("KEY_ID, WLAN root key", m.KeyID&0x2000 != 0)
	g.number("KEY_ID, reserved", uint64(m.KeyID&0x1fff)>>4)
	g.number("KEY_ID, last four bits", 0)
	return m
}

// response draws any reverse message and notes what it means.
func (g handset) response() is683.Message {
	t := is683.MessageType(g.max(int(is683.TypeMMSDownload)))
	switch t {
	case is683.TypeConfiguration:
		return g.configured()
	case is683.TypeDownload:
		return &is683.DownloadResponse{Results: g.results(aNAM, 4)}
	case is683.TypeMSKey:
		m := &is683.MSKeyResponse{Result: g.result()}
		g.number("RESULT_CODE of key exchange", uint64(m.Result))
		return m
	case is683.TypeKeyGeneration:
		m := &is683.KeyGenerationResponse{Result: g.result(), MSResult: g.some(255)}
		g.number("RESULT_CODE of key exchange", uint64(m.Result))
		g.number("length", uint64(len(m.MSResult)))
		g.octets("MS_RESULT", m.MSResult)
		return m
	case is683.TypeReAuthenticate:
		m := &is683.ReAuthenticateResponse{AuthR: g.u32() >> 14, RandC: g.u8(), Count: uint8(g.max(63)), AuthData: g.u32() >> 8}
		g.number("AUTHR", uint64(m.AuthR))
		g.number("RANDC", uint64(m.RandC))
		g.number("COUNT", uint64(m.Count))
		g.number("AUTH_DATA", uint64(m.AuthData))
		return m
	case is683.TypeCommit:
		m := &is683.CommitResponse{Result: g.result()}
		g.number("RESULT_CODE of commit", uint64(m.Result))
		return m
	case is683.TypeProtocolCapability:
		return g.capabilities()
	case is683.TypeSSPRConfiguration, is683.TypeSSPRDownload:
		return g.ssprResponse(t)
	case is683.TypeValidation:
		return &is683.ValidationResponse{Results: g.results(aValidation, 2)}
	case is683.TypeOTAPA:
		m := &is683.OTAPAResponse{Result: g.result(), NAMLock: g.coin()}
		g.number("RESULT_CODE", uint64(m.Result))
		g.flag("NAM_LOCK_IND", m.NAMLock)
		g.octets("reserved", []byte{bit(m.NAMLock, 0)})
		if m.NAMLock {
			m.RandOTAPA = g.u32()
			g.number("RAND_OTAPA", uint64(m.RandOTAPA))
		}
		return m
	case is683.TypePUZLConfiguration, is683.TypePUZLDownload:
		return g.puzlResponse(t)
	case is683.TypeThreeGPDConfiguration:
		m := &is683.ThreeGPDConfigurationResponse{Blocks: g.configuredBlocks(a3GPD, 13), Fresh: g.fresh()}
		g.addFresh(m.Fresh)
		return m
	case is683.TypeThreeGPDDownload:
		return &is683.ThreeGPDDownloadResponse{Results: g.results(a3GPD, 12)}
	case is683.TypeSecureMode:
		m := &is683.SecureModeResponse{Result: g.result()}
		g.number("RESULT_CODE of secure mode", uint64(m.Result))
		return m
	case is683.TypeMMDConfiguration:
		m := &is683.MMDConfigurationResponse{Blocks: g.configuredBlocks(anMMD, 0), Fresh: g.fresh()}
		g.addFresh(m.Fresh)
		return m
	case is683.TypeMMDDownload:
		return &is683.MMDDownloadResponse{Results: g.results(anMMD, 0)}
	case is683.TypeSystemTagConfiguration, is683.TypeSystemTagDownload:
		return g.systemTagResponse(t)
	case is683.TypeServiceKeyGeneration:
		m := &is683.ServiceKeyGenerationResponse{Result: g.result()}
		g.number("RESULT_CODE of service key generation", uint64(m.Result))
		return m
	case is683.TypeMMSConfiguration:
		m := &is683.MMSConfigurationResponse{Blocks: g.configuredBlocks(anMMS, 1), Fresh: g.fresh()}
		g.addFresh(m.Fresh)
		return m
	case is683.TypeMMSDownload:
		return &is683.MMSDownloadResponse{Results: g.results(anMMS, 0)}
	}
	return g.extendedCapabilities()
}

func (g handset) configured() is683.Message {
	m := &is683.ConfigurationResponse{}
	blocks := g.typed(aNAM, 1+int(g.max(2)), g.namAnswer)
	for _, b := range blocks {
		r := g.result()
		m.Blocks = append(m.Blocks, is683.ConfiguredBlock{ID: b.ID, Data: b.Data, Result: r})
		g.number("RESULT_CODE", uint64(r))
	}
	m.Fresh = g.fresh()
	g.addFresh(m.Fresh)
	return m
}

func (g handset) configuredBlocks(kind string, top int) []is683.ConfiguredBlock {
	var bs []is683.ConfiguredBlock
	for _, b := range g.opaque(kind, top) {
		r := g.result()
		bs = append(bs, is683.ConfiguredBlock{ID: b.ID, Data: b.Data, Result: r})
		g.number("RESULT_CODE", uint64(r))
	}
	return bs
}

func (g handset) features() []is683.Feature {
	fs := make([]is683.Feature, g.max(10))
	g.number("NUM_FEATURES", uint64(len(fs)))
	for i := range fs {
		fs[i] = is683.Feature{ID: is683.FeatureID(g.u8()), PRev: g.u8()}
		g.number("FEATURE_ID", uint64(fs[i].ID))
		g.number("FEATURE_P_REV", uint64(fs[i].PRev))
	}
	return fs
}

func (g handset) capabilities() is683.Message {
	m := &is683.ProtocolCapabilityResponse{MobFirmRev: g.u16(), MobModel: g.u8(), Features: g.features()}
	g.number("MOB_FIRM_REV", uint64(m.MobFirmRev))
	g.number("MOB_MODEL", uint64(m.MobModel))
	if g.coin() {
		m.Additional = g.some(4)
	}
	g.number("length", uint64(len(m.Additional)))
	if len(m.Additional) > 0 {
		mode := m.Additional[0]
		g.flag("BAND_MODE, analog", mode&0x80 != 0)
		g.flag("BAND_MODE, band class 0", mode&0x40 != 0)
		g.flag("BAND_MODE, band class 1", mode&0x20 != 0)
		g.flag("BAND_MODE, band class 3", mode&0x10 != 0)
		g.flag("BAND_MODE, band class 6", mode&0x08 != 0)
		g.octets("reserved", m.Additional[:1])
		if len(m.Additional) > 1 {
			g.octets("more additional fields", m.Additional[1:])
		}
	}
	return m
}

func (g handset) extendedCapabilities() is683.Message {
	m := &is683.ExtendedProtocolCapabilityResponse{OTASPMobPRev: g.u8(), MobFirmRev: g.u16(), MobModel: g.u8(), Features: g.features()}
	g.number("OTASP_MOB_P_REV", uint64(m.OTASPMobPRev))
	g.number("MOB_FIRM_REV", uint64(m.MobFirmRev))
	g.number("MOB_MODEL", uint64(m.MobModel))
	for range g.max(3) {
		r := is683.CapabilityRecord{Type: is683.CapabilityType(g.max(5)), Data: g.some(20)}
		m.Records = append(m.Records, r)
		g.number("CAP_RECORD_TYPE", uint64(r.Type))
		g.number("length", uint64(len(r.Data)))
		g.octets("capability data", r.Data)
	}
	g.number("NUM_CAP_RECORDS", uint64(len(m.Records)))
	return m
}

func (g handset) ssprResponse(t is683.MessageType) is683.Message {
	if t == is683.TypeSSPRDownload {
		m := &is683.SSPRDownloadResponse{BlockID: uint8(g.max(1)), Result: g.result(), Offset: g.u16(), Size: g.u8()}
		g.blockID(anSSPR, m.BlockID)
		g.number("RESULT_CODE of SSPR download", uint64(m.Result))
		g.number("SEGMENT_OFFSET", uint64(m.Offset))
		g.number("SEGMENT_SIZE of SSPR download", uint64(m.Size))
		return m
	}
	m := &is683.SSPRConfigurationResponse{BlockID: uint8(g.max(2)), Result: g.result(), Data: g.some(255), Fresh: g.fresh()}
	g.blockID(anSSPR, m.BlockID)
	g.number("RESULT_CODE of SSPR configuration", uint64(m.Result))
	g.number("length", uint64(len(m.Data)))
	g.octets("block data", m.Data)
	g.addFresh(m.Fresh)
	return m
}

func (g handset) puzlResponse(t is683.MessageType) is683.Message {
	if t == is683.TypePUZLConfiguration {
		m := &is683.PUZLConfigurationResponse{BlockID: uint8(g.max(3)), Result: g.result(), Data: g.some(255), Fresh: g.fresh()}
		g.blockID(aPUZL, m.BlockID)
		g.number("RESULT_CODE of PUZL configuration", uint64(m.Result))
		g.number("length", uint64(len(m.Data)))
		g.octets("block data", m.Data)
		g.addFresh(m.Fresh)
		return m
	}
	m := &is683.PUZLDownloadResponse{Results: make([]is683.PUZLResult, 1+g.max(4))}
	g.number("NUM_BLOCKS", uint64(len(m.Results)))
	for i := range m.Results {
		r := is683.PUZLResult{ID: uint8(g.max(4)), Result: g.result(), Identified: g.coin()}
		g.blockID(aPUZL, r.ID)
		g.number("RESULT_CODE", uint64(r.Result))
		g.flag("IDENT_INCL of PUZL", r.Identified)
		if r.Identified {
			r.UZID, r.UZSID = g.u16(), g.max(0x7fff)
			g.number("UZ_ID", uint64(r.UZID))
			g.number("UZ_SID", uint64(r.UZSID))
		} else {
			g.add("reserved", "00")
		}
		m.Results[i] = r
	}
	return m
}

func (g handset) systemTagResponse(t is683.MessageType) is683.Message {
	if t == is683.TypeSystemTagConfiguration {
		m := &is683.SystemTagConfigurationResponse{BlockID: uint8(g.max(6)), Result: g.result(), Data: g.some(255)}
		g.blockID(aSystemTag, m.BlockID)
		g.number("RESULT_CODE of system tag configuration", uint64(m.Result))
		g.number("length", uint64(len(m.Data)))
		g.octets("block data", m.Data)
		return m
	}
	m := &is683.SystemTagDownloadResponse{BlockID: uint8(g.max(3)), Result: g.result()}
	g.blockID(aSystemTag, m.BlockID)
	g.number("RESULT_CODE of system tag download", uint64(m.Result))
	if m.BlockID >= 1 && m.BlockID <= 3 {
		m.Offset, m.Size = g.u16(), g.u8()
		g.number("SEGMENT_OFFSET", uint64(m.Offset))
		g.number("SEGMENT_SIZE", uint64(m.Size))
	}
	return m
}
