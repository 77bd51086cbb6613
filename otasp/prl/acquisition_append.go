package prl

import "github.com/otagate/otagate/internal/wire"

func (a *AcquisitionRecord) appendClassic(w *wire.BitAppender) error {
	if !a.Type.classic() {
		return wire.Unencodable(proto, "ACQ_TYPE", wire.ErrUnsupported)
	}
	if len(a.Extra) > 0 {
		return wire.Unencodable(proto, "extra", wire.ErrUnsupported)
	}
	w.U(4, uint64(a.Type))
	return a.appendBody(w)
}

func (a *AcquisitionRecord) appendExtended(dst []byte) ([]byte, error) {
	dst = append(dst, byte(a.Type), 0)
	at := len(dst) - 1
	w := wire.AppendBits(dst)
	if err := a.appendBody(&w); err != nil {
		return dst, err
	}
	dst = append(w.Pad(), a.Extra...)
	return dst, wire.PatchU8(dst, at, proto, "LENGTH")
}

func (a *AcquisitionRecord) appendBody(w *wire.BitAppender) error {
	if a.AB > 3 {
		return wire.Unencodable(proto, "A_B", wire.ErrValue)
	}
	if a.PriSec > 3 {
		return wire.Unencodable(proto, "PRI_SEC", wire.ErrValue)
	}
	switch a.Type {
	case CellularAnalog, CellularCDMAPreferred:
		w.U(2, uint64(a.AB))
	case CellularCDMAStandard, JTACSCDMAStandard:
		w.U(2, uint64(a.AB))
		w.U(2, uint64(a.PriSec))
	case CellularCDMACustom, PCSCDMAChannels, JTACSCDMACustom, IMT2000CDMAChannels:
		return a.appendChannels(w)
	case PCSCDMABlocks:
		return a.appendBlocks(w)
	case Generic1x, GenericHRPD:
		return a.appendBands(w)
	}
	return nil
}

func (a *AcquisitionRecord) appendChannels(w *wire.BitAppender) error {
	if len(a.Channels) > maxChannels {
		return wire.Unencodable(proto, "NUM_CHANS", wire.ErrTooLong)
	}
	w.U(5, uint64(len(a.Channels)))
	for _, ch := range a.Channels {
		if ch > maxChannel {
			return wire.Unencodable(proto, "CHAN", wire.ErrValue)
		}
		w.U(11, uint64(ch))
	}
	return nil
}

func (a *AcquisitionRecord) appendBlocks(w *wire.BitAppender) error {
	if len(a.Blocks) > maxBlocks {
		return wire.Unencodable(proto, "NUM_BLOCKS", wire.ErrTooLong)
	}
	w.U(3, uint64(len(a.Blocks)))
	for _, b := range a.Blocks {
		if b > 7 {
			return wire.Unencodable(proto, "BLOCK", wire.ErrValue)
		}
		w.U(3, uint64(b))
	}
	return nil
}

func (a *AcquisitionRecord) appendBands(w *wire.BitAppender) error {
	for _, b := range a.Bands {
		if b.Band > 31 {
			return wire.Unencodable(proto, "BAND_CLASS", wire.ErrValue)
		}
		if b.Channel > maxChannel {
			return wire.Unencodable(proto, "CHANNEL_NUMBER", wire.ErrValue)
		}
		w.U(5, uint64(b.Band))
		w.U(11, uint64(b.Channel))
	}
	return nil
}
