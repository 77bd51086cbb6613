package omacp

// MailProtocol is the APPID of a mail server: the port that IANA has for it. The
// last three are in use by some devices, for the secure forms.
type MailProtocol string

// The protocols.
const (
	SMTP  MailProtocol = "25"
	POP3  MailProtocol = "110"
	IMAP  MailProtocol = "143"
	SMTPS MailProtocol = "465"
	POP3S MailProtocol = "995"
	IMAPS MailProtocol = "993"
)

// Email is a mail account: two applications, one to send and one to fetch, that
// belong together by their ProviderID and their Name.
type Email struct {
	ProviderID string
	Name       string
	NAPID      string // the way to both servers; INTERNET when empty
	From       string // the subscriber's address; a name outside of the tables
	ReplyTo    string // RT-ADDR, likewise
	Outgoing   MailServer
	Incoming   MailServer
}

// MailServer is one server of the account.
type MailServer struct {
	Protocol MailProtocol
	Host     string
	Port     uint16 // that of the protocol when 0
	Service  string // of the port; none when empty
	Auth     Credentials
}

// Document is the settings as they are sent. An access point that the account
// names is the device's already.
func (e *Email) Document() (*Document, error) {
	if p := e.Outgoing.Protocol; p != SMTP && p != SMTPS {
		return nil, &InvalidError{"APPLICATION[1]/APPID", "mail is sent by SMTP or SMTPS"}
	}
	switch e.Incoming.Protocol {
	case POP3, IMAP, POP3S, IMAPS:
	default:
		return nil, &InvalidError{"APPLICATION[2]/APPID", "mail is fetched by POP3, IMAP, POP3S or IMAPS"}
	}
	return added(e.application(&e.Outgoing), e.application(&e.Incoming))
}

func (e *Email) application(s *MailServer) Characteristic {
	c := Characteristic{Type: TypeAPPLICATION, Parms: []Parm{
		Set("APPID", string(s.Protocol)), Set("PROVIDER-ID", e.ProviderID), Set("NAME", e.Name), Set("TO-NAPID", orInternet(e.NAPID)),
	}}
	if s == &e.Outgoing {
		c.setIfAny("FROM", e.From)
		c.setIfAny("RT-ADDR", e.ReplyTo)
	}
	addr := Characteristic{Type: TypeAPPADDR, Parms: []Parm{Set("ADDR", s.Host)}}
	if s.Port != 0 {
		addr.Characteristics = []Characteristic{port(s.Port, s.Service)}
	}
	c.Characteristics = []Characteristic{addr}
	if s.Auth != (Credentials{}) {
		c.Characteristics = append(c.Characteristics, s.Auth.application())
	}
	return c
}
