package smpp_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"
	"golang.org/x/crypto/bcrypt"

	"github.com/otagate/otagate/smpp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// handlerFunc is a Handler of one function.
type handlerFunc func(b *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply)

func (f handlerFunc) SubmitSM(b *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) { f(b, p, r) }

func accept(_ *smpp.BoundPeer, _ *smpp.SubmitSM, r *smpp.Reply) { r.Respond(smpp.StatusOK, "m1") }

func quickHash(t testing.TB, password string) string {
	t.Helper()
	h, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return string(h)
}

func esme(t testing.TB) []smpp.Account {
	return []smpp.Account{{SystemID: "esme", PasswordHash: quickHash(t, "secret")}}
}

// serve runs a server on loopback until the test ends.
func serve(t *testing.T, cfg smpp.ServerConfig, h smpp.Handler) (*smpp.Server, string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if cfg.BindFailureDelay == 0 {
		cfg.BindFailureDelay = time.Millisecond
	}
	s := smpp.NewServer(cfg, h, zerolog.Nop())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Serve: %v", err)
			}
		case <-time.After(20 * time.Second):
			t.Error("Serve does not return")
		}
	})
	return s, ln.Addr().String()
}

// peer is a scripted peer.
type peer struct {
	t  testing.TB
	nc net.Conn
}

func connect(t *testing.T, addr string) *peer {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	return &peer{t, nc}
}

func (p *peer) raw(b []byte) {
	p.t.Helper()
	if _, err := p.nc.Write(b); err != nil {
		p.t.Fatal(err)
	}
}

func encode(t testing.TB, id smpp.CommandID, status smpp.Status, seq uint32, body smpp.Body) []byte {
	t.Helper()
	b, err := smpp.AppendPDU(nil, smpp.Header{CommandID: id, Status: status, Sequence: seq}, body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (p *peer) send(id smpp.CommandID, status smpp.Status, seq uint32, body smpp.Body) {
	p.t.Helper()
	p.raw(encode(p.t, id, status, seq, body))
}

func (p *peer) read() *smpp.PDU {
	p.t.Helper()
	p.nc.SetReadDeadline(time.Now().Add(10 * time.Second))
	head := make([]byte, 4)
	if _, err := io.ReadFull(p.nc, head); err != nil {
		p.t.Fatalf("no PDU comes: %v", err)
	}
	b := make([]byte, binary.BigEndian.Uint32(head))
	copy(b, head)
	if _, err := io.ReadFull(p.nc, b[4:]); err != nil {
		p.t.Fatal(err)
	}
	m, err := smpp.DecodePDU(b)
	if err != nil {
		p.t.Fatalf("%x: %v", b, err)
	}
	return m
}

func (p *peer) want(id smpp.CommandID, status smpp.Status, seq uint32) *smpp.PDU {
	p.t.Helper()
	m := p.read()
	want := smpp.Header{CommandID: id, Status: status, Sequence: seq}
	if m.Header != want {
		p.t.Fatalf("got %s %s %d, want %s %s %d", m.CommandID, m.Status, m.Sequence, id, status, seq)
	}
	return m
}

func (p *peer) wantEnd() {
	p.t.Helper()
	p.nc.SetReadDeadline(time.Now().Add(10 * time.Second))
	if n, err := p.nc.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		p.t.Fatalf("want the end of the connection, got %d octets, %v", n, err)
	}
}

func bindPDU(kind smpp.CommandID, id, password string) *smpp.Bind {
	return &smpp.Bind{Kind: kind, SystemID: []byte(id), Password: []byte(password), InterfaceVersion: 0x34}
}

func (p *peer) bind(kind smpp.CommandID) {
	p.t.Helper()
	p.send(0, 0, 1, bindPDU(kind, "esme", "secret"))
	p.want(kind.Response(), smpp.StatusOK, 1)
}

func TestServerAnswersEverything(t *testing.T) {
	s, addr := serve(t, smpp.ServerConfig{SystemID: "otagate", Accounts: esme(t)}, handlerFunc(accept))
	p := connect(t, addr)
	msg := &smpp.SubmitSM{DestinationAddr: []byte("12025550123"), ShortMessage: []byte("hello")}

	p.send(0, 0, 1, msg)
	p.want(smpp.CommandSubmitSMResp, smpp.StatusInvalidBindStatus, 1)
	p.send(0, 0, 2, bindPDU(smpp.CommandBindTransceiver, "esme", "secret"))
	m := p.want(smpp.CommandBindTransceiverResp, smpp.StatusOK, 2)
	r, ok := m.Body.(*smpp.BindResp)
	if !ok || string(r.SystemID) != "otagate" {
		t.Errorf("bind response %+v", m.Body)
	}
	if v, ok := r.TLVs.Find(smpp.TagSCInterfaceVersion); !ok || v[0] != 0x34 {
		t.Errorf("sc_interface_version is %x", v)
	}
	p.send(0, 0, 3, bindPDU(smpp.CommandBindTransmitter, "esme", "secret"))
	p.want(smpp.CommandBindTransmitterResp, smpp.StatusAlreadyBound, 3)
	p.send(0, 0, 4, msg)
	m = p.want(smpp.CommandSubmitSMResp, smpp.StatusOK, 4)
	if r, ok := m.Body.(*smpp.SubmitSMResp); !ok || string(r.MessageID) != "m1" {
		t.Errorf("submit_sm response %+v", m.Body)
	}

	b := encode(t, 0, 0, 5, msg)
	b[len(b)-6] = 200 // sm_length
	p.raw(b)
	p.want(smpp.CommandSubmitSMResp, smpp.StatusInvalidMessageLength, 5)
	b = encode(t, 0, 0, 6, &smpp.SubmitSM{TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte("abc")}}})
	b[len(b)-4] = 200 // length of the TLV
	p.raw(b)
	p.want(smpp.CommandSubmitSMResp, smpp.StatusInvalidTLVLength, 6)
	p.send(0, 0, 7, &smpp.DataSM{})
	p.want(smpp.CommandDataSMResp, smpp.StatusInvalidCommandID, 7)
	p.send(0x300, 0, 8, nil)
	p.want(smpp.CommandGenericNack, smpp.StatusInvalidCommandID, 8)
	p.send(0, 0, 9, &smpp.DeliverSM{})
	p.want(smpp.CommandDeliverSMResp, smpp.StatusInvalidBindStatus, 9)
	p.send(smpp.CommandEnquireLink, 0, 10, nil)
	p.want(smpp.CommandEnquireLinkResp, smpp.StatusOK, 10)
	p.send(0, 0, 14, &smpp.EnquireLink{TLVs: smpp.TLVs{{Tag: 0x1501, Value: []byte{1}}}}) // TLVs of a later edition
	p.want(smpp.CommandEnquireLinkResp, smpp.StatusOK, 14)
	p.send(smpp.CommandEnquireLink, 0, 15, &smpp.Opaque{ID: smpp.CommandEnquireLink, Octets: []byte{0}})
	p.want(smpp.CommandEnquireLinkResp, smpp.StatusInvalidTLVLength, 15)
	p.send(smpp.CommandSubmitSMResp, 0, 11, nil) // is not answered
	p.send(smpp.CommandDeliverSMResp, 0, 12, nil)
	p.send(smpp.CommandUnbind, 0, 13, nil)
	p.want(smpp.CommandUnbindResp, smpp.StatusOK, 13)
	p.wantEnd()

	st := s.Stats()
	for reason, n := range map[smpp.Reason]uint64{
		smpp.ReasonWrongBindState: 2, smpp.ReasonAlreadyBound: 1, smpp.ReasonMalformed: 3,
		smpp.ReasonUnsupportedCommand: 2, smpp.ReasonUnexpectedResponse: 2, smpp.ReasonUnbindReceived: 1,
	} {
		if st.Reasons[reason.String()] != n {
			t.Errorf("%s: counted %d, want %d", reason, st.Reasons[reason.String()], n)
		}
	}
	if st.Received != 1 || st.Bound != 1 {
		t.Errorf("stats %+v", st)
	}
}

func TestFramingLost(t *testing.T) {
	_, addr := serve(t, smpp.ServerConfig{PDULimit: 2048, Accounts: esme(t)}, handlerFunc(accept))
	for _, length := range []uint32{0, 15, 2049, 1 << 31} {
		p := connect(t, addr)
		p.bind(smpp.CommandBindTransmitter)
		b := encode(t, smpp.CommandEnquireLink, 0, 2, nil)
		binary.BigEndian.PutUint32(b, length)
		p.raw(b)
		p.want(smpp.CommandGenericNack, smpp.StatusInvalidCommandLength, 0)
		p.wantEnd()
	}
}

// TestReassembly sends PDUs octet by octet, and many larger than the read
// buffer at once.
func TestReassembly(t *testing.T) {
	_, addr := serve(t, smpp.ServerConfig{ReadBuffer: 512, Accounts: esme(t)}, handlerFunc(
		func(_ *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) {
			v, _ := p.TLVs.Find(smpp.TagMessagePayload)
			for i := range v {
				if v[i] != byte(i) {
					r.Respond(smpp.StatusSystemError, "")
					return
				}
			}
			r.Respond(smpp.StatusOK, string(p.DestinationAddr))
		}))
	p := connect(t, addr)
	for _, o := range encode(t, 0, 0, 1, bindPDU(smpp.CommandBindTransmitter, "esme", "secret")) {
		p.raw([]byte{o})
	}
	p.want(smpp.CommandBindTransmitterResp, smpp.StatusOK, 1)
	payload := make([]byte, 60000)
	for i := range payload {
		payload[i] = byte(i)
	}
	var b []byte
	const n = 60
	for seq := uint32(2); seq < 2+n; seq++ {
		m := &smpp.SubmitSM{DestinationAddr: []byte("1"), TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: payload[:seq*seq*15]}}}
		b = append(b, encode(t, 0, 0, seq, m)...)
	}
	go p.nc.Write(b)
	for seq := uint32(2); seq < 2+n; seq++ {
		p.want(smpp.CommandSubmitSMResp, smpp.StatusOK, seq)
	}
}

func TestInboundWindow(t *testing.T) {
	replies := make(chan *smpp.Reply, 10)
	s, addr := serve(t, smpp.ServerConfig{Accounts: []smpp.Account{{SystemID: "esme", PasswordHash: quickHash(t, "secret"), Window: 3}}},
		handlerFunc(func(_ *smpp.BoundPeer, _ *smpp.SubmitSM, r *smpp.Reply) { replies <- r }))
	p := connect(t, addr)
	p.bind(smpp.CommandBindTransmitter)
	for seq := uint32(2); seq <= 6; seq++ {
		p.send(0, 0, seq, &smpp.SubmitSM{})
	}
	p.want(smpp.CommandSubmitSMResp, smpp.StatusThrottled, 5)
	p.want(smpp.CommandSubmitSMResp, smpp.StatusThrottled, 6)
	first := <-replies
	first.Respond(smpp.StatusOK, "a")
	p.want(smpp.CommandSubmitSMResp, smpp.StatusOK, 2)
	first.Respond(smpp.StatusOK, "a") // must not reach the wire
	p.send(0, 0, 7, &smpp.SubmitSM{})
	for seq, r := range map[uint32]*smpp.Reply{3: <-replies, 4: <-replies, 7: <-replies} {
		r.Respond(smpp.StatusSubmitFailed, "")
		p.want(smpp.CommandSubmitSMResp, smpp.StatusSubmitFailed, seq)
	}
	if st := s.Stats().Reasons; st[smpp.ReasonThrottledWindow.String()] != 2 || st[smpp.ReasonAnsweredTwice.String()] != 1 {
		t.Errorf("stats %v", st)
	}
}

func TestMessageIDThatCannotBeSent(t *testing.T) {
	_, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, handlerFunc(
		func(_ *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) { r.Respond(smpp.StatusOK, "a\x00b") }))
	p := connect(t, addr)
	p.bind(smpp.CommandBindTransmitter)
	p.send(0, 0, 2, &smpp.SubmitSM{})
	p.want(smpp.CommandSubmitSMResp, smpp.StatusSystemError, 2)
}

func TestRate(t *testing.T) {
	_, addr := serve(t, smpp.ServerConfig{Accounts: []smpp.Account{{SystemID: "esme", PasswordHash: quickHash(t, "secret"), RatePerSecond: 0.001}}}, handlerFunc(accept))
	p := connect(t, addr)
	p.bind(smpp.CommandBindTransmitter)
	p.send(0, 0, 2, &smpp.SubmitSM{})
	p.want(smpp.CommandSubmitSMResp, smpp.StatusOK, 2)
	p.send(0, 0, 3, &smpp.SubmitSM{})
	p.want(smpp.CommandSubmitSMResp, smpp.StatusThrottled, 3)
}

func TestBindRefused(t *testing.T) {
	argon, err := smpp.HashPassword("a long password")
	if err != nil {
		t.Fatal(err)
	}
	accounts := []smpp.Account{
		{SystemID: "esme", PasswordHash: quickHash(t, "secret")},
		{SystemID: "long", PasswordHash: argon, LongPasswords: true},
		{SystemID: "short", PasswordHash: argon},
		{SystemID: "away", PasswordHash: quickHash(t, "secret"), Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}},
		{SystemID: "here", PasswordHash: quickHash(t, "secret"), Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Modes: smpp.ModeRX, MaxBinds: 1},
	}
	s, addr := serve(t, smpp.ServerConfig{Accounts: accounts}, handlerFunc(accept))
	_, uniform := serve(t, smpp.ServerConfig{Accounts: accounts, UniformBindFailure: true}, handlerFunc(accept))
	rx, tx := smpp.CommandBindReceiver, smpp.CommandBindTransmitter
	for _, c := range []struct {
		kind         smpp.CommandID
		id, password string
		status       smpp.Status
	}{
		{tx, "esme", "secret", smpp.StatusOK},
		{tx, "esme", "secre", smpp.StatusInvalidPassword},
		{tx, "esme", "", smpp.StatusInvalidPassword},
		{tx, "nobody", "secret", smpp.StatusInvalidSystemID},
		{tx, "long", "a long password", smpp.StatusOK},
		{tx, "long", "a long p", smpp.StatusInvalidPassword},
		{tx, "short", "a long password", smpp.StatusInvalidPassword},
		{tx, "away", "secret", smpp.StatusBindFailed},
		{tx, "here", "secret", smpp.StatusBindFailed},
		{rx, "here", "secret", smpp.StatusOK},
		{rx, "here", "secret", smpp.StatusAlreadyBound}, // the one before stays
	} {
		p := connect(t, addr)
		p.send(0, 0, 1, bindPDU(c.kind, c.id, c.password))
		p.want(c.kind.Response(), c.status, 1)
		if c.status != smpp.StatusOK && c.status != smpp.StatusAlreadyBound {
			p = connect(t, uniform)
			p.send(0, 0, 1, bindPDU(c.kind, c.id, c.password))
			p.want(c.kind.Response(), smpp.StatusBindFailed, 1)
		}
	}
	st := s.Stats()
	if st.Reasons[smpp.ReasonWrongPassword.String()] != 3 || st.Reasons[smpp.ReasonPasswordTooLong.String()] != 1 {
		t.Errorf("stats %v", st.Reasons)
	}
}

// TestLogHasNoSecrets binds well and badly and looks for the passwords.
func TestLogHasNoSecrets(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	s := smpp.NewServer(smpp.ServerConfig{Accounts: esme(t), BindFailureDelay: time.Millisecond}, handlerFunc(accept), zerolog.New(&log))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	p := connect(t, ln.Addr().String())
	p.send(0, 0, 1, bindPDU(smpp.CommandBindTransmitter, "esme", "guessed"))
	p.want(smpp.CommandBindTransmitterResp, smpp.StatusInvalidPassword, 1)
	p.bind(smpp.CommandBindTransmitter)
	p.nc.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"bind refused", "wrong password", "esme", "ESME_RINVPASWD", `"event":"unbound"`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no %q in %s", want, &log)
		}
	}
	for _, secret := range []string{"guessed", "secret"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q in %s", secret, &log)
		}
	}
}

func TestThreeRefusedBindsClose(t *testing.T) {
	_, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, handlerFunc(accept))
	p := connect(t, addr)
	for seq := range uint32(smpp.MaxBindAttempts) {
		p.send(0, 0, seq+1, bindPDU(smpp.CommandBindTransmitter, "esme", "wrong"))
		p.want(smpp.CommandBindTransmitterResp, smpp.StatusInvalidPassword, seq+1)
	}
	p.wantEnd()
}

func TestTooManyConnections(t *testing.T) {
	s, addr := serve(t, smpp.ServerConfig{MaxConnections: 1, Accounts: esme(t)}, handlerFunc(accept))
	connect(t, addr).bind(smpp.CommandBindTransmitter)
	connect(t, addr).wantEnd()
	if n := s.Stats().Reasons[smpp.ReasonTooManyConnections.String()]; n != 1 {
		t.Errorf("counted %d", n)
	}
}

func TestShutdownUnbinds(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smpp.NewServer(smpp.ServerConfig{Accounts: esme(t)}, handlerFunc(accept), zerolog.Nop())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	p := connect(t, ln.Addr().String())
	p.bind(smpp.CommandBindTransmitter)
	idle := connect(t, ln.Addr().String())
	idle.send(smpp.CommandEnquireLink, 0, 1, nil) // so that it is accepted for sure
	idle.want(smpp.CommandEnquireLinkResp, smpp.StatusOK, 1)
	cancel()
	m := p.read()
	if m.CommandID != smpp.CommandUnbind {
		t.Fatalf("got %s", m.CommandID)
	}
	p.send(smpp.CommandUnbindResp, 0, m.Sequence, nil)
	p.wantEnd()
	p.nc.Close()
	idle.wantEnd()
	idle.nc.Close()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func TestConfigIsValidated(t *testing.T) {
	for name, cfg := range map[string]smpp.ServerConfig{
		"hash":      {Accounts: []smpp.Account{{SystemID: "a", PasswordHash: "secret"}}},
		"cost":      {Accounts: []smpp.Account{{SystemID: "a", PasswordHash: "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"}}},
		"twice":     {Accounts: append(esme(t), esme(t)...)},
		"limit":     {PDULimit: 100},
		"window":    {InboundWindow: -1},
		"system_id": {SystemID: "longer than fifteen"},
	} {
		if smpp.NewServer(cfg, handlerFunc(accept), zerolog.Nop()).Serve(context.Background(), nil) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
