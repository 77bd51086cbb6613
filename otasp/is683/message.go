package is683

import "github.com/otagate/otagate/internal/wire"

// proto names this protocol in errors.
const proto = "is683"

// Message is a request or a response.
type Message interface {
	// Type is the OTASP_MSG_TYPE.
	Type() MessageType
	// Append appends the message in wire form to dst. It fails only if the
	// message cannot be represented.
	Append(dst []byte) ([]byte, error)
}

// body is a Message that can read what follows its OTASP_MSG_TYPE.
type body interface {
	Message
	read(c *wire.Cursor)
}

// form is one line of a dispatch table: the Go name of the message, by which
// JSON knows it, and its constructor.
type form struct {
	name string
	make func() body
}

var forward = [...]form{
	TypeConfiguration:          {"ConfigurationRequest", func() body { return new(ConfigurationRequest) }},
	TypeDownload:               {"DownloadRequest", func() body { return new(DownloadRequest) }},
	TypeMSKey:                  {"MSKeyRequest", func() body { return new(MSKeyRequest) }},
	TypeKeyGeneration:          {"KeyGenerationRequest", func() body { return new(KeyGenerationRequest) }},
	TypeReAuthenticate:         {"ReAuthenticateRequest", func() body { return new(ReAuthenticateRequest) }},
	TypeCommit:                 {"CommitRequest", func() body { return new(CommitRequest) }},
	TypeProtocolCapability:     {"ProtocolCapabilityRequest", func() body { return new(ProtocolCapabilityRequest) }},
	TypeSSPRConfiguration:      {"SSPRConfigurationRequest", func() body { return new(SSPRConfigurationRequest) }},
	TypeSSPRDownload:           {"SSPRDownloadRequest", func() body { return new(SSPRDownloadRequest) }},
	TypeValidation:             {"ValidationRequest", func() body { return new(ValidationRequest) }},
	TypeOTAPA:                  {"OTAPARequest", func() body { return new(OTAPARequest) }},
	TypePUZLConfiguration:      {"PUZLConfigurationRequest", func() body { return new(PUZLConfigurationRequest) }},
	TypePUZLDownload:           {"PUZLDownloadRequest", func() body { return new(PUZLDownloadRequest) }},
	TypeThreeGPDConfiguration:  {"ThreeGPDConfigurationRequest", func() body { return new(ThreeGPDConfigurationRequest) }},
	TypeThreeGPDDownload:       {"ThreeGPDDownloadRequest", func() body { return new(ThreeGPDDownloadRequest) }},
	TypeSecureMode:             {"SecureModeRequest", func() body { return new(SecureModeRequest) }},
	TypeMMDConfiguration:       {"MMDConfigurationRequest", func() body { return new(MMDConfigurationRequest) }},
	TypeMMDDownload:            {"MMDDownloadRequest", func() body { return new(MMDDownloadRequest) }},
	TypeSystemTagConfiguration: {"SystemTagConfigurationRequest", func() body { return new(SystemTagConfigurationRequest) }},
	TypeSystemTagDownload:      {"SystemTagDownloadRequest", func() body { return new(SystemTagDownloadRequest) }},
	TypeServiceKeyGeneration:   {"ServiceKeyGenerationRequest", func() body { return new(ServiceKeyGenerationRequest) }},
	TypeMMSConfiguration:       {"MMSConfigurationRequest", func() body { return new(MMSConfigurationRequest) }},
	TypeMMSDownload:            {"MMSDownloadRequest", func() body { return new(MMSDownloadRequest) }},
}

var reverse = [...]form{
	TypeConfiguration:              {"ConfigurationResponse", func() body { return new(ConfigurationResponse) }},
	TypeDownload:                   {"DownloadResponse", func() body { return new(DownloadResponse) }},
	TypeMSKey:                      {"MSKeyResponse", func() body { return new(MSKeyResponse) }},
	TypeKeyGeneration:              {"KeyGenerationResponse", func() body { return new(KeyGenerationResponse) }},
	TypeReAuthenticate:             {"ReAuthenticateResponse", func() body { return new(ReAuthenticateResponse) }},
	TypeCommit:                     {"CommitResponse", func() body { return new(CommitResponse) }},
	TypeProtocolCapability:         {"ProtocolCapabilityResponse", func() body { return new(ProtocolCapabilityResponse) }},
	TypeSSPRConfiguration:          {"SSPRConfigurationResponse", func() body { return new(SSPRConfigurationResponse) }},
	TypeSSPRDownload:               {"SSPRDownloadResponse", func() body { return new(SSPRDownloadResponse) }},
	TypeValidation:                 {"ValidationResponse", func() body { return new(ValidationResponse) }},
	TypeOTAPA:                      {"OTAPAResponse", func() body { return new(OTAPAResponse) }},
	TypePUZLConfiguration:          {"PUZLConfigurationResponse", func() body { return new(PUZLConfigurationResponse) }},
	TypePUZLDownload:               {"PUZLDownloadResponse", func() body { return new(PUZLDownloadResponse) }},
	TypeThreeGPDConfiguration:      {"ThreeGPDConfigurationResponse", func() body { return new(ThreeGPDConfigurationResponse) }},
	TypeThreeGPDDownload:           {"ThreeGPDDownloadResponse", func() body { return new(ThreeGPDDownloadResponse) }},
	TypeSecureMode:                 {"SecureModeResponse", func() body { return new(SecureModeResponse) }},
	TypeExtendedProtocolCapability: {"ExtendedProtocolCapabilityResponse", func() body { return new(ExtendedProtocolCapabilityResponse) }},
	TypeMMDConfiguration:           {"MMDConfigurationResponse", func() body { return new(MMDConfigurationResponse) }},
	TypeMMDDownload:                {"MMDDownloadResponse", func() body { return new(MMDDownloadResponse) }},
	TypeSystemTagConfiguration:     {"SystemTagConfigurationResponse", func() body { return new(SystemTagConfigurationResponse) }},
	TypeSystemTagDownload:          {"SystemTagDownloadResponse", func() body { return new(SystemTagDownloadResponse) }},
	TypeServiceKeyGeneration:       {"ServiceKeyGenerationResponse", func() body { return new(ServiceKeyGenerationResponse) }},
	TypeMMSConfiguration:           {"MMSConfigurationResponse", func() body { return new(MMSConfigurationResponse) }},
	TypeMMSDownload:                {"MMSDownloadResponse", func() body { return new(MMSDownloadResponse) }},
}

func (d Direction) forms() []form {
	if d == Reverse {
		return reverse[:]
	}
	return forward[:]
}

// ReadForward reads one whole request, which borrows the cursor's octets. A
// message type without a request is wire.ErrUnsupported.
func ReadForward(c *wire.Cursor) (Message, error) { return read(c, Forward) }

// ReadReverse reads one whole response, which borrows the cursor's octets.
func ReadReverse(c *wire.Cursor) (Message, error) { return read(c, Reverse) }

// DecodeForward decodes b, one whole request. The message borrows b.
func DecodeForward(b []byte) (Message, error) {
	c := wire.NewCursor(proto, b)
	return ReadForward(&c)
}

// DecodeReverse decodes b, one whole response. The message borrows b.
func DecodeReverse(b []byte) (Message, error) {
	c := wire.NewCursor(proto, b)
	return ReadReverse(&c)
}

func read(c *wire.Cursor, d Direction) (Message, error) {
	off := c.Off()
	t := MessageType(c.U8("OTASP_MSG_TYPE"))
	if c.Err() != nil {
		return nil, c.Err()
	}
	c.Hexadecimal()
	forms := d.forms()
	if int(t) >= len(forms) || forms[t].make == nil {
		c.FailAt(off, "OTASP_MSG_TYPE", wire.ErrUnsupported)
		return nil, c.Err()
	}
	if c.Trace() != nil {
		c.Note(t.String() + " " + d.word())
	}
	m := forms[t].make()
	m.read(c)
	if err := c.End(); err != nil {
		return nil, err
	}
	return m, nil
}

// expect reads the OTASP_MSG_TYPE of a message whose type the caller chose.
func expect(c *wire.Cursor, t MessageType) {
	off := c.Off()
	if got := MessageType(c.U8("OTASP_MSG_TYPE")); got != t {
		c.FailAt(off, "OTASP_MSG_TYPE", wire.ErrValue)
	}
}
