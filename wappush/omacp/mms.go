package omacp

// MMS is the multimedia messaging of a device: its centre, and the proxy and the
// access point by which it is reached. One of GPRS and CDMA2000 has to be there.
type MMS struct {
	Name     string
	Centre   string // the URL of the MMSC
	Proxy    *Proxy // none when nil
	GPRS     *GPRS
	CDMA2000 *CDMA2000
}

// Document is the settings as they are sent.
func (m *MMS) Document() (*Document, error) {
	var nap Characteristic
	switch {
	case (m.GPRS == nil) == (m.CDMA2000 == nil):
		return nil, &InvalidError{TypeNAPDEF, "want one access point, of GPRS or of CDMA2000"}
	case m.GPRS != nil:
		nap = m.GPRS.characteristic()
	default:
		nap = m.CDMA2000.characteristic()
	}
	way := Set("TO-NAPID", nap.Value("NAPID"))
	var cs []Characteristic
	if m.Proxy != nil {
		cs = append(cs, m.Proxy.characteristic(way.Value))
		way = Set("TO-PROXY", m.Proxy.ID)
	}
	return checked(append(cs, nap, m.application(way))...)
}

func (m *MMS) application(way Parm) Characteristic {
	c := Characteristic{Type: TypeAPPLICATION, Parms: []Parm{Set("APPID", AppMMS)}}
	c.setIfAny("NAME", m.Name)
	c.Parms = append(c.Parms, way, Set("ADDR", m.Centre))
	return c
}
