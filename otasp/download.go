package otasp

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
)

// download is the Download Request with the NAM, MDN and IMSI_T ordered, as far
// as they are among parts; nam is the NAM block that the handset has.
func (o *Order) download(nam, parts uint8) is683.Message {
	var blocks []is683.Block
	add := func(id uint8, b interface{ Append([]byte) ([]byte, error) }) error {
		data, err := b.Append(nil)
		blocks = append(blocks, is683.Block{ID: id, Data: data})
		return err
	}
	var err error
	switch {
	case o.NAM == nil || parts&partNAM == 0:
	case nam == is683.BlockCDMANAM:
		err = add(nam, o.NAM.cdma())
	case o.NAM.Analog == nil:
		err = wire.Unencodable("otasp", "nam.analog", wire.ErrMissing)
	default:
		err = add(nam, o.NAM.cdmaAnalog())
	}
	if o.MDN != "" && parts&partMDN != 0 && err == nil {
		err = add(is683.BlockMDN, &is683.MDN{Digits: o.MDN})
	}
	if o.IMSIT != nil && parts&partIMSIT != 0 && err == nil {
		err = add(is683.BlockIMSIT, o.IMSIT.block())
	}
	if err != nil {
		return unencodable{err}
	}
	return &is683.DownloadRequest{Blocks: blocks}
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
