package is683

import (
	"fmt"
	"strings"
)

// Gist is one short line about m for a ladder diagram, without secrets:
// "Download Request: CDMA NAM, MDN" or "Validation Response: Verify SPC
// invalid SPC".
func Gist(m Message) string {
	name, about := Name(m), gistOf(m)
	if about == "" {
		return name
	}
	return name + ": " + about
}

func gistOf(m Message) string {
	if parts := gistBlocks(m); parts != nil {
		return strings.Join(parts, ", ")
	}
	switch m := m.(type) {
	case *MSKeyRequest:
		return fmt.Sprintf("A_KEY_P_REV %d", m.AKeyPRev)
	case *MSKeyResponse:
		return m.Result.String()
	case *KeyGenerationResponse:
		return m.Result.String()
	case *CommitResponse:
		return m.Result.String()
	case *SecureModeResponse:
		return m.Result.String()
	case *ServiceKeyGenerationRequest:
		return m.KeyID.String()
	case *ServiceKeyGenerationResponse:
		return m.Result.String()
	case *ProtocolCapabilityRequest:
		return gistWhen(m.Extended, "extended", "")
	case *ProtocolCapabilityResponse:
		return gistFeatures(m.Features)
	case *ExtendedProtocolCapabilityResponse:
		return gistFeatures(m.Features)
	case *OTAPARequest:
		return gistWhen(m.Start, "start", "stop")
	case *OTAPAResponse:
		return m.Result.String() + gistWhen(m.NAMLock, ", NAM locked", "")
	case *SecureModeRequest:
		return gistWhen(m.Start, "start", "stop")
	}
	return ""
}

func gistWhen(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}

func gistFeatures(fs []Feature) string {
	parts := make([]string, len(fs))
	for i, f := range fs {
		parts[i] = fmt.Sprintf("%s %d", f.ID, f.PRev)
	}
	return strings.Join(parts, ", ")
}

// gistBlocks names the blocks of m with what is said of each; nil when m is
// not about blocks.
func gistBlocks(m Message) []string {
	switch m := m.(type) {
	case *ConfigurationRequest:
		return gistIDs(m.Type(), m.BlockIDs)
	case *ThreeGPDConfigurationRequest:
		return gistIDs(m.Type(), m.BlockIDs)
	case *MMDConfigurationRequest:
		return gistIDs(m.Type(), m.BlockIDs)
	case *MMSConfigurationRequest:
		return gistIDs(m.Type(), m.BlockIDs)
	case *ConfigurationResponse:
		return gistConfigured(m.Type(), m.Blocks)
	case *ThreeGPDConfigurationResponse:
		return gistConfigured(m.Type(), m.Blocks)
	case *MMDConfigurationResponse:
		return gistConfigured(m.Type(), m.Blocks)
	case *MMSConfigurationResponse:
		return gistConfigured(m.Type(), m.Blocks)
	case *DownloadResponse:
		return gistResults(m.Type(), m.Results)
	case *ValidationResponse:
		return gistResults(m.Type(), m.Results)
	case *ThreeGPDDownloadResponse:
		return gistResults(m.Type(), m.Results)
	case *MMDDownloadResponse:
		return gistResults(m.Type(), m.Results)
	case *MMSDownloadResponse:
		return gistResults(m.Type(), m.Results)
	case *PUZLDownloadResponse:
		var rs []BlockResult
		for _, r := range m.Results {
			rs = append(rs, BlockResult{r.ID, r.Result})
		}
		return gistResults(m.Type(), rs)
	case *PUZLConfigurationRequest:
		return gistIDs(m.Type(), []uint8{m.BlockID})
	}
	return gistSegments(m)
}

// gistSegments is about the messages that carry one block or a part of it.
func gistSegments(m Message) []string {
	part := func(id uint8, offset uint16, size uint8) string {
		return fmt.Sprintf("%s, %d octets at %d", BlockName(m.Type(), id), size, offset)
	}
	switch m := m.(type) {
	case *SSPRConfigurationRequest:
		if m.BlockID == SSPRSegment {
			return []string{part(m.BlockID, m.Offset, m.MaxSize)}
		}
		return gistIDs(m.Type(), []uint8{m.BlockID})
	case *SystemTagConfigurationRequest:
		if m.Segment {
			return []string{part(m.BlockID, m.Offset, m.MaxSize)}
		}
		return gistIDs(m.Type(), []uint8{m.BlockID})
	case *SSPRDownloadRequest:
		var s PRLSegment
		if s.Decode(m.Data) == nil {
			return []string{part(m.BlockID, s.Offset, uint8(len(s.Data))) + gistWhen(s.Last, ", last", "")}
		}
		return gistIDs(m.Type(), []uint8{m.BlockID})
	case *SSPRDownloadResponse:
		return []string{part(m.BlockID, m.Offset, m.Size), m.Result.String()}
	case *SystemTagDownloadResponse:
		if isTagList(m.BlockID) {
			return []string{part(m.BlockID, m.Offset, m.Size), m.Result.String()}
		}
		return gistResults(m.Type(), []BlockResult{{m.BlockID, m.Result}})
	case *SSPRConfigurationResponse:
		return gistResults(m.Type(), []BlockResult{{m.BlockID, m.Result}})
	case *PUZLConfigurationResponse:
		return gistResults(m.Type(), []BlockResult{{m.BlockID, m.Result}})
	case *SystemTagConfigurationResponse:
		return gistResults(m.Type(), []BlockResult{{m.BlockID, m.Result}})
	}
	var ids []uint8
	for _, b := range blocksOf(m) {
		ids = append(ids, b.ID)
	}
	return gistIDs(m.Type(), ids)
}

func gistIDs(t MessageType, ids []uint8) []string {
	var parts []string
	for _, id := range ids {
		parts = append(parts, BlockName(t, id))
	}
	return parts
}

func gistResults(t MessageType, rs []BlockResult) []string {
	var parts []string
	for _, r := range rs {
		parts = append(parts, BlockName(t, r.ID)+" "+r.Result.String())
	}
	return parts
}

func gistConfigured(t MessageType, bs []ConfiguredBlock) []string {
	var parts []string
	for _, b := range bs {
		s := BlockName(t, b.ID)
		if b.Result != Accepted {
			s += " " + b.Result.String()
		}
		parts = append(parts, s)
	}
	return parts
}

// blocksOf are the blocks that m carries, with their octets.
func blocksOf(m Message) []Block {
	switch m := m.(type) {
	case *DownloadRequest:
		return m.Blocks
	case *ValidationRequest:
		return m.Blocks
	case *PUZLDownloadRequest:
		return m.Blocks
	case *ThreeGPDDownloadRequest:
		return m.Blocks
	case *MMDDownloadRequest:
		return m.Blocks
	case *MMSDownloadRequest:
		return m.Blocks
	case *SSPRDownloadRequest:
		return []Block{{m.BlockID, m.Data}}
	case *SystemTagDownloadRequest:
		return []Block{{m.BlockID, m.Data}}
	case *ConfigurationResponse:
		return plain(m.Blocks)
	case *ThreeGPDConfigurationResponse:
		return plain(m.Blocks)
	case *MMDConfigurationResponse:
		return plain(m.Blocks)
	case *MMSConfigurationResponse:
		return plain(m.Blocks)
	case *SSPRConfigurationResponse:
		return []Block{{m.BlockID, m.Data}}
	case *PUZLConfigurationResponse:
		return []Block{{m.BlockID, m.Data}}
	case *SystemTagConfigurationResponse:
		return []Block{{m.BlockID, m.Data}}
	}
	return nil
}

func plain(bs []ConfiguredBlock) []Block {
	out := make([]Block, len(bs))
	for i, b := range bs {
		out[i] = Block{b.ID, b.Data}
	}
	return out
}
