//go:build interop

package tshark_test

import (
	"encoding/hex"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/wire"
)

var is637Table = &table{
	columns: []column{
		{"PARAMETER_ID", "ansi_637_trans.param_id", number},
		{"PARAMETER_LEN", "ansi_637_trans.len", number},
		{"TELESERVICE_IDENTIFIER", "ansi_637_trans.tele_id", number},
		{"SERVICE_CATEGORY", "ansi_637_trans.srvc_cat", number},
		{"DIGIT_MODE", "ansi_637_trans.addr_param.digit_mode", number},
		{"NUMBER_MODE", "ansi_637_trans.addr_param.number_mode", number},
		{"NUMBER_TYPE", "ansi_637_trans.addr_param.ton", number},
		{"NUMBER_PLAN", "ansi_637_trans.addr_param.plan", number},
		{"NUM_FIELDS of an address", "ansi_637_trans.addr_param.num_fields", number},
		{"characters of an address", "ansi_637_trans.addr_param.number", text},
		{"octets of an address", "ansi_637_trans.bin_addr", octets},
		{"TYPE", "ansi_637_trans.subaddr.type", number},
		{"ODD", "ansi_637_trans.subaddr.odd_even_ind", number},
		{"NUM_FIELDS of a subaddress", "ansi_637_trans.subaddr.num_fields", number},
		{"REPLY_SEQ of the reply option", "ansi_637_trans.bearer_reply.seq_num", number},
		{"REPLY_SEQ of cause codes", "ansi_637_trans.cause_codes.seq_num", number},
		{"ERROR_CLASS of cause codes", "ansi_637_trans.cause_codes.error_class", number},
		{"CAUSE_CODE", "ansi_637_trans.cause_codes.code", number},

		{"SUBPARAMETER_ID", "ansi_637_tele.subparam_id", number},
		{"SUBPARAM_LEN", "ansi_637_tele.len", number},
		{"MESSAGE_TYPE", "ansi_637_tele.msg_type", number},
		{"MESSAGE_ID", "ansi_637_tele.msg_id", number},
		{"HEADER_IND", "ansi_637_tele.msg_header_ind", number},
		{"RESERVED of the message identifier", "ansi_637_tele.msg_rsvd", number},
		{"MSG_ENCODING", "ansi_637_tele.user_data.encoding", number},
		{"MESSAGE_TYPE of IS-91", "ansi_637_tele.user_data.message_type", number},
		{"NUM_FIELDS", "ansi_637_tele.user_data.num_fields", number},
		{"text", "ansi_637_tele.user_data.text", text},
		{"USER_CODE", "ansi_637_tele.response_code", number},
		{"VALIDITY", "ansi_637_tele.validity_period_relative.validity", number},
		{"DELIVERY_TIME", "ansi_637_tele.deferred_del.relative", number},
		{"PRIORITY", "ansi_637_tele.priority_indicator", number},
		{"PRIVACY", "ansi_637_tele.privacy_indicator", number},
		{"USER_ACK_REQ", "ansi_637_tele.reply_option.user_ack_req", number},
		{"DAK_REQ", "ansi_637_tele.reply_option.dak_req", number},
		{"READ_ACK_REQ", "ansi_637_tele.reply_option.read_ack_req", number},
		{"REPORT_REQ", "ansi_637_tele.reply_option.report_req", number},
		{"MSG_COUNT", "ansi_637_tele.num_messages.count", number},
		{"ALERT_PRIORITY", "ansi_637_tele.alert_msg_delivery.priority", number},
		{"LANGUAGE", "ansi_637_tele.language", number},
		{"DIGIT_MODE of the call-back number", "ansi_637_tele.cb_num.digit_mode", number},
		{"NUMBER_TYPE of the call-back number", "ansi_637_tele.cb_num.ton", number},
		{"NUMBER_PLAN of the call-back number", "ansi_637_tele.cb_num.plan", number},
		{"NUM_FIELDS of the call-back number", "ansi_637_tele.cb_num.num_fields", number},
		{"call-back number", "ansi_637_tele.cb_num.number", text},
		{"MSG_DISPLAY_MODE", "ansi_637_tele.msg_display_mode", number},
		{"MESSAGE_DEPOSIT_INDEX", "ansi_637_tele.msg_deposit_idx", number},
		{"MSG_ENCODING of a part", "ansi_637_tele.mult_enc_user_data.encoding", number},
		{"NUM_FIELDS of a part", "ansi_637_tele.mult_enc_user_data.num_fields", number},
		{"text of a part", "ansi_637_tele.mult_enc_user_data.text", text},
		{"MSG_ENCODING of a program", "ansi_637_tele.srvc_cat_prog_data.encoding", number},
		{"OPERATION_CODE", "ansi_637_tele.srvc_cat_prog_data.operation_code", number},
		{"SERVICE_CATEGORY of a program", "ansi_637_tele.srvc_cat_prog_data.category", number},
		{"LANGUAGE of a program", "ansi_637_tele.srvc_cat_prog_data.language", number},
		{"MAX_MESSAGES", "ansi_637_tele.srvc_cat_prog_data.max_messages", number},
		{"ALERT_OPTION", "ansi_637_tele.srvc_cat_prog_data.alert_option", number},
		{"NUM_FIELDS of a program", "ansi_637_tele.srvc_cat_prog_data.num_fields", number},
		{"text of a program", "ansi_637_tele.srvc_cat_prog_data.text", text},
		{"SERVICE_CATEGORY of a result", "ansi_637_tele.srvc_cat_prog_results.srvc_cat", number},
		{"PROGRAM_RESULT", "ansi_637_tele.srvc_cat_prog_results.result", number},
		{"message status", "ansi_637_tele.msg_status", number},
		{"ERROR_CLASS", "ansi_637_tele.msg_status.error_class", number},
		{"MSG_STATUS_CODE", "ansi_637_tele.msg_status.code", number},
		{"TP_FAILURE_CAUSE", "ansi_637_tele.tp_failure_cause.value", number},
	},
	ignored: map[string]string{
		"ansi_637_tele.msb_first_field": "bits of the first character again", "ansi_637_tele.lsb_last_field": "bits of the last character again",
		"ansi_637_tele.reserved": "reserved bits and padding",
	},
}

// timeColumns are those of the three times.
func timeColumns() (cs []column) {
	for _, kind := range timeKinds {
		for _, part := range timeParts {
			cs = append(cs, column{part + " of " + kind, "ansi_637_tele." + kind + "." + part, number})
		}
	}
	return cs
}

var (
	timeKinds = [...]string{"message_center_ts", "validity_period_ts", "deferred_del_ts"}
	timeParts = [...]string{"year", "month", "day", "hours", "minutes", "seconds"}
)

func is637Batch() *batch {
	t := *is637Table
	t.columns = append(timeColumns(), t.columns...)
	return &batch{
		name: "IS-637, transport layer and bearer data", against: "ansi_637", table: &t,
		protocols: []string{"ansi_637_trans", "ansi_637_tele"},
		draw:      func(r *rapid.T) *sample { return drawIS637(r, &t) },
	}
}

func TestIS637(t *testing.T) { is637Batch().run(t) }

// short draws short messages and notes what they mean.
type short struct {
	*sample
	t *rapid.T
}

func (g short) u8() uint8         { return rapid.Byte().Draw(g.t, "octet") }
func (g short) u16() uint16       { return rapid.Uint16().Draw(g.t, "number") }
func (g short) coin() bool        { return rapid.Bool().Draw(g.t, "flag") }
func (g short) max(n int) uint8   { return uint8(rapid.IntRange(0, n).Draw(g.t, "number")) }
func (g short) rare() bool        { return g.max(9) == 0 }
func (g short) some(n int) []byte { return rapid.SliceOfN(rapid.Byte(), 1, n).Draw(g.t, "octets") }

func (g short) text(pattern string) string { return rapid.StringMatching(pattern).Draw(g.t, "text") }

// drawIS637 draws a message. Wireshark has no dissector for the enhanced voice
// mail notification, and none for what we do not know either.
func drawIS637(t *rapid.T, table *table) *sample {
	s := &sample{packet: packet{at: protocol("ansi_637_trans")}, table: table}
	g := short{s, t}
	m := &is637.Message{Type: is637.TransportType(g.max(2))}
	s.message, s.kind = m, m.Type.String()
	bearer := g.sub()
	switch m.Type {
	case is637.PointToPoint:
		// Only these have a dissector for the bearer data.
		m.Teleservice = is637.Some(is637.TeleserviceWPT + is637.Teleservice(g.max(3)))
		g.number("TELESERVICE_IDENTIFIER", uint64(m.Teleservice.V))
		g.addresses(m)
	case is637.Broadcast:
		m.ServiceCategory = is637.Some(is637.ServiceCategory(g.u16()))
		g.number("SERVICE_CATEGORY", uint64(m.ServiceCategory.V))
	case is637.Acknowledge:
		g.addresses(m)
		m.CauseCodes = is637.Some(g.causes())
	}
	if m.Type != is637.Acknowledge {
		// Wireshark takes user data of every broadcast for a warning of CMAS.
		b := short{bearer, t}.bearer(m.Type == is637.PointToPoint)
		m.BearerData = is637.Some(wire.Hex(encoded(b)))
		s.values = append(s.values, bearer.values...)
		s.unreadable = bearer.unreadable
	}
	s.packet.octets = encoded(m)
	g.lengths("PARAMETER", s.packet.octets[1:])
	g.lengths("SUBPARAM", m.BearerData.V)
	return s
}

func encoded(m interface {
	Append([]byte) ([]byte, error)
}) []byte {
	b, err := m.Append(nil)
	if err != nil {
		panic(err) // a mistake in the test
	}
	return b
}

// lengths adds the ids and lengths of parameters.
func (g short) lengths(what string, b []byte) {
	id := map[string]string{"PARAMETER": "PARAMETER_ID", "SUBPARAM": "SUBPARAMETER_ID"}[what]
	for len(b) > 0 {
		g.number(id, uint64(b[0]))
		g.number(what+"_LEN", uint64(b[1]))
		b = b[2+int(b[1]):]
	}
}

func (g short) addresses(m *is637.Message) {
	for _, a := range []*is637.Optional[is637.Address]{&m.OriginatingAddress, &m.DestinationAddress} {
		sub := &m.OriginatingSubaddress
		if a == &m.DestinationAddress {
			sub = &m.DestinationSubaddress
		}
		if g.coin() {
			*a = is637.Some(g.address())
		}
		if g.rare() {
			*sub = is637.Some(g.subaddress())
		}
	}
	if g.coin() {
		m.ReplyOption = is637.Some(is637.ReplySequence(g.max(63)))
		g.number("REPLY_SEQ of the reply option", uint64(m.ReplyOption.V))
	}
}

func (g short) address() (a is637.Address) {
	a.DigitMode = g.coin()
	a.Digits = is637.Chars(g.text(`[0-9*#]{1,20}`))
	g.flag("DIGIT_MODE", a.DigitMode)
	if !a.DigitMode {
		g.flag("NUMBER_MODE", false)
		g.number("NUM_FIELDS of an address", uint64(len(a.Digits)))
		g.add("characters of an address", string(a.Digits))
		return a
	}
	a.NumberMode, a.Type = g.coin(), is637.NumberType(g.max(7))
	g.flag("NUMBER_MODE", a.NumberMode)
	switch {
	case !a.NumberMode:
		a.Plan = is637.NumberPlan(g.max(15))
	case g.coin():
		a.Type, a.Digits = is637.EMail, is637.Chars(g.text(`[a-z.]{1,20}@[a-z]{1,9}\.[a-z]{2}`))
	default:
		a.Type, a.Digits = is637.InternetProtocol, g.some(4)
	}
	g.number("NUMBER_TYPE", uint64(a.Type))
	if !a.NumberMode {
		g.number("NUMBER_PLAN", uint64(a.Plan))
	}
	g.number("NUM_FIELDS of an address", uint64(len(a.Digits)))
	if a.NumberMode && a.Type == is637.InternetProtocol {
		whole := hex.EncodeToString(a.Digits)
		g.addWrong("octets of an address", whole, whole+"00", longAddress)
	} else {
		g.add("characters of an address", string(a.Digits))
	}
	return a
}

func (g short) subaddress() is637.Subaddress {
	s := is637.Subaddress{Type: g.max(1), Odd: g.coin(), Chars: g.some(10)}
	g.number("TYPE", uint64(s.Type))
	g.flag("ODD", s.Odd)
	g.number("NUM_FIELDS of a subaddress", uint64(len(s.Chars)))
	whole := hex.EncodeToString(s.Chars)
	g.addWrong("octets of an address", whole, whole[:len(whole)-2], shortSubaddress)
	return s
}

func (g short) causes() is637.CauseCodes {
	c := is637.CauseCodes{ReplySeq: is637.ReplySequence(g.max(63)), Class: is637.ErrorClass(g.max(3))}
	g.number("REPLY_SEQ of cause codes", uint64(c.ReplySeq))
	g.number("ERROR_CLASS of cause codes", uint64(c.Class))
	if c.Class != is637.NoError {
		c.Code = is637.CauseCode(g.u8())
		g.number("CAUSE_CODE", uint64(c.Code))
	}
	return c
}

func (g short) bearer(userData bool) *is637.Bearer {
	b := new(is637.Bearer)
	b.Identifier = is637.MessageIdentifier{Type: is637.MessageType(g.max(15)), ID: is637.MessageID(g.u16())}
	if userData && g.coin() {
		b.UserData = is637.Some(g.userData())
	} else {
		b.Identifier.HeaderInd = g.coin()
	}
	g.number("MESSAGE_TYPE", uint64(b.Identifier.Type))
	g.number("MESSAGE_ID", uint64(b.Identifier.ID))
	g.flag("HEADER_IND", b.Identifier.HeaderInd)
	g.number("RESERVED of the message identifier", 0)
	draw(g, &b.UserResponseCode, "USER_CODE", 255)
	for i, t := range []*is637.Optional[is637.Timestamp]{&b.MessageCenterTime, &b.ValidityAbsolute, &b.DeferredAbsolute} {
		if g.rare() {
			*t = is637.Some(g.time(timeKinds[i]))
		}
	}
	draw(g, &b.ValidityRelative, "VALIDITY", 255)
	draw(g, &b.DeferredRelative, "DELIVERY_TIME", 255)
	draw(g, &b.Priority, "PRIORITY", 3)
	draw(g, &b.Privacy, "PRIVACY", 3)
	if g.coin() {
		b.ReplyOption = is637.Some(is637.ReplyOption(g.max(15) << 4))
		for i, field := range []string{"USER_ACK_REQ", "DAK_REQ", "READ_ACK_REQ", "REPORT_REQ"} {
			g.flag(field, b.ReplyOption.V&(0x80>>i) != 0)
		}
	}
	if g.rare() {
		b.NumberOfMessages = is637.Some(is637.MessageCountOf(int(g.max(99))))
		n, _ := b.NumberOfMessages.V.BCD()
		g.number("MSG_COUNT", uint64(n))
	}
	draw(g, &b.Alert, "ALERT_PRIORITY", 3)
	draw(g, &b.Language, "LANGUAGE", 255)
	if g.coin() {
		b.CallBack = is637.Some(g.callBack())
	}
	draw(g, &b.DisplayMode, "MSG_DISPLAY_MODE", 3)
	g.rest(b)
	return b
}

// draw draws an indicator that is one number, sometimes.
func draw[T ~uint8](g short, o *is637.Optional[T], field string, top int) {
	if !g.rare() {
		return
	}
	*o = is637.Some(T(g.max(top)))
	g.number(field, uint64(o.V))
}

func (g short) rest(b *is637.Bearer) {
	if g.rare() {
		b.MultipleEncoding = is637.Some(g.multiple())
	}
	if g.rare() {
		b.DepositIndex = is637.Some(g.u16())
		g.number("MESSAGE_DEPOSIT_INDEX", uint64(b.DepositIndex.V))
	}
	if g.rare() {
		b.CategoryProgram = is637.Some(g.program())
	}
	if g.rare() {
		var v is637.CategoryResults
		for range 1 + g.max(3) {
			r := is637.CategoryResult{Category: is637.ServiceCategory(g.u16()), Result: g.max(15)}
			g.number("SERVICE_CATEGORY of a result", uint64(r.Category))
			g.number("PROGRAM_RESULT", uint64(r.Result))
			v = append(v, r)
		}
		b.CategoryResults = is637.Some(v)
	}
	if g.rare() {
		b.Status = is637.Some(is637.MessageStatus(g.u8()))
		g.number("message status", uint64(b.Status.V))
		g.number("ERROR_CLASS", uint64(b.Status.V.Class()))
		g.number("MSG_STATUS_CODE", uint64(b.Status.V&63))
	}
	if b.MultipleEncoding.OK || b.CategoryProgram.OK || g.rare() {
		// See the known fault of texts in the middle: without another octet
		// behind them Wireshark gives up.
		b.TPFailureCause = is637.Some(g.u8())
		g.number("TP_FAILURE_CAUSE", uint64(b.TPFailureCause.V))
	}
}

func (g short) time(kind string) (t is637.Timestamp) {
	for i, top := range []int{99, 12, 31, 23, 59, 59} {
		v := g.max(top)
		t[i] = v/10<<4 | v%10
		g.number(timeParts[i]+" of "+kind, uint64(t[i]))
	}
	return t
}

func (g short) callBack() is637.Address {
	a := is637.Address{DigitMode: g.coin(), Digits: is637.Chars(g.text(`[0-9*#]{2,20}`))}
	g.flag("DIGIT_MODE of the call-back number", a.DigitMode)
	if a.DigitMode {
		a.Type, a.Plan = is637.NumberType(g.max(7)), is637.NumberPlan(g.max(15))
		g.number("NUMBER_TYPE of the call-back number", uint64(a.Type))
		g.number("NUMBER_PLAN of the call-back number", uint64(a.Plan))
	}
	n := strconv.Itoa(len(a.Digits))
	if a.DigitMode {
		g.add("NUM_FIELDS of the call-back number", n)
	} else {
		g.addWrong("NUM_FIELDS of the call-back number", n, strconv.Itoa(secondAndThird(a.Digits)), callBackCount)
	}
	g.add("call-back number", string(a.Digits))
	return a
}

// secondAndThird are the eight bits of those digits.
func secondAndThird(digits is637.Chars) (v int) {
	const codes = "_1234567890*#"
	v = strings.IndexByte(codes, digits[1]) << 4
	if len(digits) > 2 {
		v |= strings.IndexByte(codes, digits[2])
	}
	return v
}

// userData draws user data in an encoding of which Wireshark shows the text.
func (g short) userData() is637.UserData {
	if g.rare() {
		u, err := is637.NewText(is637.EncodingIS91, g.text(`[ -_]{1,40}`))
		if err != nil {
			panic(err)
		}
		g.number("MSG_ENCODING", uint64(u.Encoding))
		g.number("MESSAGE_TYPE of IS-91", uint64(u.Type))
		g.number("NUM_FIELDS", uint64(u.NumFields))
		g.unreadable = is91Unreadable
		return u
	}
	e, content, shown := g.words(is637.EncodingGSM)
	u := is637.UserData{Encoding: e, Octets: content, NumFields: uint8(len(content))}
	g.number("MSG_ENCODING", uint64(e))
	if e == is637.EncodingUTF16 {
		u.NumFields /= 2
	}
	g.number("NUM_FIELDS", uint64(u.NumFields))
	g.add("text", shown)
	return u
}

// words draws characters and how they are shown. Wireshark does not convert
// Shift-JIS and Korean, and does not know the data coding of GSM.
func (g short) words(encodings ...is637.Encoding) (e is637.Encoding, content []byte, shown string) {
	encodings = append(encodings,
		is637.EncodingOctet, is637.EncodingASCII, is637.EncodingIA5, is637.EncodingUTF16, is637.EncodingHebrew, is637.EncodingLatin1)
	e = rapid.SampledFrom(encodings).Draw(g.t, "encoding")
	letters := g.text(`[A-Za-z0-9 ]{0,40}[A-Za-z]`)
	switch e {
	case is637.EncodingOctet:
		content = g.some(140)
		return e, content, hex.EncodeToString(content)
	case is637.EncodingUTF16:
		for _, c := range letters + "\u017d\u3042" {
			content = append(content, byte(c>>8), byte(c))
		}
		return e, content, letters + "\u017d\u3042"
	}
	content, shown = []byte(letters), letters
	if more, is := foreign[e]; is && g.coin() {
		content, shown = append(content, more.octets...), shown+more.shown
	}
	return e, content, shown
}

// foreign are letters that the encoding has and ASCII has not.
var foreign = map[is637.Encoding]struct{ octets, shown string }{
	is637.EncodingHebrew: {"\xe0", "\u05d0"},
	is637.EncodingLatin1: {"\xe9", "\u00e9"},
}

func (g short) multiple() (m is637.MultipleEncoding) {
	for range 1 + g.max(2) {
		e, content, shown := g.words()
		n := len(content)
		if e == is637.EncodingUTF16 {
			n /= 2
		}
		m = append(m, is637.EncodedText{Encoding: e, Octets: content})
		g.number("MSG_ENCODING of a part", uint64(e))
		g.number("NUM_FIELDS of a part", uint64(n))
		g.add("text of a part", shown)
	}
	return m
}

func (g short) program() is637.CategoryProgram {
	p := is637.CategoryProgram{Encoding: is637.EncodingASCII}
	g.number("MSG_ENCODING of a program", uint64(p.Encoding))
	for range 1 + g.max(2) {
		name := strings.TrimSpace(g.text(`[a-z]{1,20}`))
		e := is637.CategoryEntry{
			Operation: is637.CategoryOperation(g.max(15)), Category: is637.ServiceCategory(g.u16()), Language: is637.Language(g.u8()),
			MaxMessages: g.u8(), AlertOption: g.max(15), Name: wire.Hex(name),
		}
		g.number("OPERATION_CODE", uint64(e.Operation))
		g.number("SERVICE_CATEGORY of a program", uint64(e.Category))
		g.number("LANGUAGE of a program", uint64(e.Language))
		g.number("MAX_MESSAGES", uint64(e.MaxMessages))
		g.number("ALERT_OPTION", uint64(e.AlertOption))
		g.number("NUM_FIELDS of a program", uint64(len(name)))
		g.add("text of a program", name)
		p.Entries = append(p.Entries, e)
	}
	return p
}

// bearerData is what a sample of this batch carries.
func bearerData(s *sample) *is637.Bearer {
	b := new(is637.Bearer)
	if m, is := s.message.(*is637.Message); !is || b.Decode(m.BearerData.V) != nil {
		return new(is637.Bearer)
	}
	return b
}

func hasIS91(s *sample, _ *difference) bool {
	b := bearerData(s)
	return b.UserData.OK && b.UserData.V.Encoding == is637.EncodingIS91
}

// alignedParts tells for which texts that differ it is so that their first bit
// is the first one of an octet.
func alignedParts(s *sample, d *difference) bool {
	bits := 0
	var aligned []bool
	for _, p := range bearerData(s).MultipleEncoding.V {
		bits += 13
		aligned = append(aligned, bits%8 == 0)
		bits += bitsOf(p.Encoding, p.Octets)
	}
	return onlyWhere(aligned, d)
}

func alignedNames(s *sample, d *difference) bool {
	p := bearerData(s).CategoryProgram.V
	bits := 5
	var aligned []bool
	for _, e := range p.Entries {
		bits += 48
		aligned = append(aligned, bits%8 == 0)
		bits += bitsOf(p.Encoding, e.Name)
	}
	return onlyWhere(aligned, d)
}

func bitsOf(e is637.Encoding, octets []byte) int {
	if e == is637.EncodingASCII || e == is637.EncodingIA5 {
		return 7 * len(octets)
	}
	return 8 * len(octets)
}

func onlyWhere(allowed []bool, d *difference) bool {
	if len(allowed) != len(d.want) || len(d.want) != len(d.got) {
		return false
	}
	for i := range allowed {
		if d.want[i] != d.got[i] && !allowed[i] {
			return false
		}
	}
	return true
}
