package smpp

import "encoding/json"

// destinationJSON has the fields of the dest_flag only.
type destinationJSON struct {
	DestFlag        uint8   `json:"dest_flag"`
	DestAddrTON     *uint8  `json:"dest_addr_ton,omitempty"`
	DestAddrNPI     *uint8  `json:"dest_addr_npi,omitempty"`
	DestinationAddr *string `json:"destination_addr,omitempty"`
	DLName          *string `json:"dl_name,omitempty"`
}

// MarshalJSON writes the fields that the dest_flag has.
func (d Destination) MarshalJSON() ([]byte, error) {
	j := destinationJSON{DestFlag: uint8(d.DestFlag)}
	if d.DestFlag == DestFlagDistributionList {
		name := textString(d.DLName)
		j.DLName = &name
	} else {
		addr := textString(d.DestinationAddr)
		j.DestAddrTON, j.DestAddrNPI, j.DestinationAddr = &d.DestAddrTON, &d.DestAddrNPI, &addr
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Destination) UnmarshalJSON(b []byte) error {
	var j destinationJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*d = Destination{DestFlag: DestFlag(j.DestFlag)}
	if j.DestAddrTON != nil {
		d.DestAddrTON = *j.DestAddrTON
	}
	if j.DestAddrNPI != nil {
		d.DestAddrNPI = *j.DestAddrNPI
	}
	var err error
	if j.DestinationAddr != nil {
		if d.DestinationAddr, err = octetsOfText(*j.DestinationAddr); err != nil {
			return err
		}
	}
	if j.DLName != nil {
		d.DLName, err = octetsOfText(*j.DLName)
	}
	return err
}

type unsuccessSMEJSON struct {
	DestAddrTON     uint8  `json:"dest_addr_ton"`
	DestAddrNPI     uint8  `json:"dest_addr_npi"`
	DestinationAddr string `json:"destination_addr"`
	ErrorStatusCode uint32 `json:"error_status_code"`
	Name            string `json:"name,omitempty"`
}

// MarshalJSON writes the status as a number, and its name for the reader.
func (u UnsuccessSME) MarshalJSON() ([]byte, error) {
	return json.Marshal(unsuccessSMEJSON{u.DestAddrTON, u.DestAddrNPI, textString(u.DestinationAddr),
		uint32(u.ErrorStatusCode), u.ErrorStatusCode.String()})
}

// UnmarshalJSON reads what MarshalJSON writes; the name is not looked at.
func (u *UnsuccessSME) UnmarshalJSON(b []byte) error {
	var j unsuccessSMEJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	addr, err := octetsOfText(j.DestinationAddr)
	*u = UnsuccessSME{j.DestAddrTON, j.DestAddrNPI, addr, Status(j.ErrorStatusCode)}
	return err
}
