package route

import "github.com/otagate/otagate/smpp"

// Message is what rules look at. It borrows, and nothing here keeps it.
type Message struct {
	From string // account, link or initiator
	Push bool   // from a push initiator or a trigger

	Source      []byte
	SourceTON   uint8
	SourceNPI   uint8
	Destination []byte
	DestTON     uint8
	DestNPI     uint8
	ServiceType []byte
	DataCoding  uint8
	TLVs        smpp.TLVs

	Part      bool   // of a long message
	Reference uint16 // of the long message
}

// Submitted is the message of a submit_sm.
func Submitted(from string, p *smpp.SubmitSM) Message {
	m := Message{
		From:   from,
		Source: p.SourceAddr, SourceTON: p.SourceAddrTON, SourceNPI: p.SourceAddrNPI,
		Destination: p.DestinationAddr, DestTON: p.DestAddrTON, DestNPI: p.DestAddrNPI,
		ServiceType: p.ServiceType, DataCoding: p.DataCoding, TLVs: p.TLVs,
	}
	m.FindReference(p.ESMClass, p.ShortMessage)
	return m
}

// Data is the message of a data_sm.
func Data(from string, p *smpp.DataSM) Message {
	m := Message{
		From:   from,
		Source: p.SourceAddr, SourceTON: p.SourceAddrTON, SourceNPI: p.SourceAddrNPI,
		Destination: p.DestinationAddr, DestTON: p.DestAddrTON, DestNPI: p.DestAddrNPI,
		ServiceType: p.ServiceType, DataCoding: p.DataCoding, TLVs: p.TLVs,
	}
	m.FindReference(p.ESMClass, nil)
	return m
}

// Delivered is the message of a deliver_sm that is no receipt.
func Delivered(from string, p *smpp.DeliverSM) Message {
	m := Message{
		From:   from,
		Source: p.SourceAddr, SourceTON: p.SourceAddrTON, SourceNPI: p.SourceAddrNPI,
		Destination: p.DestinationAddr, DestTON: p.DestAddrTON, DestNPI: p.DestAddrNPI,
		ServiceType: p.ServiceType, DataCoding: p.DataCoding, TLVs: p.TLVs,
	}
	m.FindReference(p.ESMClass, p.ShortMessage)
	return m
}
