package otasp

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
)

// download is the Download Request with the NAM, MDN and IMSI_T ordered.
func (m *machine) download() is683.Message {
	s := &m.s
	var blocks []is683.Block
	add := func(id uint8, b interface{ Append([]byte) ([]byte, error) }) error {
		data, err := b.Append(nil)
		blocks = append(blocks, is683.Block{ID: id, Data: data})
		return err
	}
	var err error
	if s.Order.NAM != nil {
		err = m.addNAM(add)
	}
	if s.Order.MDN != "" && err == nil {
		err = add(is683.BlockMDN, &is683.MDN{Digits: s.Order.MDN})
	}
	if s.Order.IMSIT != nil && err == nil {
		err = add(is683.BlockIMSIT, s.Order.IMSIT.block())
	}
	if err != nil {
		return unencodable{err}
	}
	return &is683.DownloadRequest{Blocks: blocks}
}

func (m *machine) addNAM(add func(uint8, interface{ Append([]byte) ([]byte, error) }) error) error {
	n := m.s.Order.NAM
	if m.s.namBlock() == is683.BlockCDMANAM {
		return add(is683.BlockCDMANAM, n.cdma())
	}
	if n.Analog == nil {
		return wire.Unencodable("otasp", "nam.analog", wire.ErrMissing)
	}
	return add(is683.BlockCDMAAnalogNAM, n.cdmaAnalog())
}

func (i *IMSI) imsi() is683.IMSIM {
	return is683.IMSIM{MCC: i.MCC, IMSI1112: i.IMSI1112, S: i.S}
}

func (i *IMSI) block() *is683.IMSIT {
	return &is683.IMSIT{MCC: i.MCC, IMSI1112: i.IMSI1112, S: i.S}
}

func (n *NAM) access() is683.Access {
	return is683.Access{
		ACCOLC: n.ACCOLC, LocalControl: n.LocalControl, MobTermHome: n.MobTermHome,
		MobTermForSID: n.MobTermForSID, MobTermForNID: n.MobTermForNID,
	}
}

func (n *NAM) cdma() *is683.CDMANAM {
	return &is683.CDMANAM{IMSIM: n.imsi(), Access: n.access(), SIDNIDs: n.SIDNID}
}

func (n *NAM) cdmaAnalog() *is683.CDMAAnalogNAM {
	return &is683.CDMAAnalogNAM{
		FirstCHP: n.Analog.FirstCHP, HomeSID: n.Analog.HomeSID, EX: n.Analog.EX,
		IMSIM: n.imsi(), Access: n.access(), SIDNIDs: n.SIDNID,
	}
}
