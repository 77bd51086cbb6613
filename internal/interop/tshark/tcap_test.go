//go:build interop

package tshark_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// undissected is our name for the line with which Wireshark shows parameters of
// an operation that it does not know.
const undissected = "undissected parameters"

func parametersLine(n *node) string {
	if strings.HasPrefix(n.show, "Dissector for ANSI TCAP") {
		return undissected
	}
	return ""
}

// element writes identifier, length and value.
func element(tag byte, v []byte) []byte {
	b := []byte{tag}
	switch n := len(v); {
	case n < 0x80:
		b = append(b, byte(n))
	case n < 0x100:
		b = append(b, 0x81, byte(n))
	default:
		b = append(b, 0x82, byte(n>>8), byte(n))
	}
	return append(b, v...)
}

var tcapTable = &table{
	columns: []column{
		{"unidirectional", "ansi_tcap.unidirectional_element", presence},
		{"query with permission", "ansi_tcap.queryWithPerm_element", presence},
		{"query without permission", "ansi_tcap.queryWithoutPerm_element", presence},
		{"response", "ansi_tcap.response_element", presence},
		{"conversation with permission", "ansi_tcap.conversationWithPerm_element", presence},
		{"conversation without permission", "ansi_tcap.conversationWithoutPerm_element", presence},
		{"abort", "ansi_tcap.abort_element", presence},
		{"transaction id", "ansi_tcap.identifier", octets},
		{"dialogue portion", "ansi_tcap.dialoguePortion_element", presence},
		{"dialogue portion of an abort", "ansi_tcap.dialogPortion_element", presence},
		{"protocol version", "ansi_tcap.version", octets},
		{"application context", "ansi_tcap.applicationContext", number},
		{"application context, integer", "ansi_tcap.integerApplicationId", number},
		{"application context, object identifier", "ansi_tcap.objectApplicationId", text},
		{"user information", "ansi_tcap.userInformation", number},
		{"EXTERNAL in a list", "ansi_tcap._untag_item_element", presence},
		{"encoding of an EXTERNAL", "ber.encoding", number},
		{"direct reference", "ber.direct_reference", text},
		{"octets of an EXTERNAL", "ber.octet_aligned", octets},
		{"security context", "ansi_tcap.securityContext", number},
		{"security context, integer", "ansi_tcap.integerSecurityId", number},
		{"security context, object identifier", "ansi_tcap.objectSecurityId", text},
		{"confidentiality", "ansi_tcap.confidentiality_element", presence},
		{"confidentiality algorithm", "ansi_tcap.confidentialityId", number},
		{"confidentiality, integer", "ansi_tcap.integerConfidentialityId", number},
		{"confidentiality, object identifier", "ansi_tcap.objectConfidentialityId", text},
		{"cause", "ansi_tcap.causeInformation", number},
		{"P-Abort cause", "ansi_tcap.abortCause", number},
		{"user abort information", "ansi_tcap.userInformation_element", presence},
		{"component sequence", "ansi_tcap.componentPortion", number},
		{"component type", "ansi_tcap.ComponentPDU", number},
		{"INVOKE (Last)", "ansi_tcap.invokeLast_element", presence},
		{"INVOKE (Not Last)", "ansi_tcap.invokeNotLast_element", presence},
		{"RETURN RESULT (Last)", "ansi_tcap.returnResultLast_element", presence},
		{"RETURN RESULT (Not Last)", "ansi_tcap.returnResultNotLast_element", presence},
		{"RETURN ERROR", "ansi_tcap.returnError_element", presence},
		{"REJECT", "ansi_tcap.reject_element", presence},
		{"component id of an INVOKE", "ansi_tcap.componentIDs", octets},
		{"component id", "ansi_tcap.componentID", octets},
		{"operation", "ansi_tcap.operationCode", number},
		{"national operation", "ansi_tcap.national", number},
		{"private operation", "ansi_tcap.private", number},
		{"reply required", "ansi_tcap.req_rep", number},
		{"operation family", "ansi_tcap.op_family", number},
		{"operation specifier", "ansi_tcap.op_specifier", number},
		{"error", "ansi_tcap.errorCode", number},
		{"private error", "ansi_tcap.ec_private", number},
		{"problem", "ansi_tcap.rejectProblem", number},
		{"parameters of a REJECT", "ansi_tcap.parameter", number},
		{"parameter sequence", "ansi_tcap.paramSequence_element", presence},
		{"parameter set", "ansi_tcap.paramSet_element", presence},
		{"parameters", undissected, raw},
	},
	ignored: map[string]string{"ansi_tcap.dissector_not_implemented": "the parameters are opaque here", "ber.error.unknown_field.sequence": "the parameters are opaque here, and Wireshark does not step over them"},
}

// drawParameters are elements: Wireshark looks into what it does not know.
func drawParameters(t *rapid.T) (ps wire.Hex) {
	for range rapid.IntRange(0, 3).Draw(t, "parameters") {
		ps = append(ps, element(rapid.ByteRange(0x80, 0x9e).Draw(t, "parameter"), rapid.SliceOfN(rapid.Byte(), 0, 140).Draw(t, "value"))...)
	}
	return ps
}

var (
	asking    = []ansi.ComponentType{ansi.InvokeLast, ansi.InvokeNotLast}
	answering = []ansi.ComponentType{ansi.ReturnResultLast, ansi.ReturnResultNotLast, ansi.ReturnError, ansi.Reject}
)

func drawComponent(t *rapid.T, types []ansi.ComponentType) ansi.Component {
	k := ansi.Component{
		Type:         rapid.SampledFrom(types).Draw(t, "type"),
		ParameterTag: rapid.SampledFrom([]ansi.ParameterTag{ansi.ParameterSet, ansi.ParameterSequence}).Draw(t, "tag"),
	}
	if k.Type != ansi.Reject {
		k.Parameters = drawParameters(t)
	}
	switch k.Type {
	case ansi.InvokeLast, ansi.InvokeNotLast:
		if k.HasInvokeID = rapid.Bool().Draw(t, "has id"); k.HasInvokeID {
			k.InvokeID = rapid.Byte().Draw(t, "id")
			if k.HasCorrelationID = rapid.Bool().Draw(t, "has correlation"); k.HasCorrelationID {
				k.CorrelationID = rapid.Byte().Draw(t, "correlation")
			}
		}
		k.Operation = ansi.Operation{National: rapid.Bool().Draw(t, "national"), Family: rapid.Byte().Draw(t, "family"), Specifier: rapid.Byte().Draw(t, "specifier")}
		if k.Operation.National { // it knows what some of the standard's own operations hold
			k.Operation.Family |= 0x10
		} else { // those of ANSI-41 have their own batch; the others are of AIN
			for k.Operation.Family&0x7f == ansi.FamilyANSI41 || k.Operation.Family&0x70 == 0x60 {
				k.Operation.Family++
			}
		}
		return k
	case ansi.ReturnError:
		k.Error = ansi.ErrorCode{National: rapid.IntRange(0, 9).Draw(t, "national") == 0, Code: uint16(rapid.Byte().Draw(t, "code"))}
	case ansi.Reject:
		k.Problem = ansi.Problem(rapid.Uint16Range(0x101, 0x505).Draw(t, "problem"))
	}
	k.HasCorrelationID, k.CorrelationID = true, rapid.Byte().Draw(t, "correlation")
	return k
}

// componentTypes are Wireshark's numbers of the alternatives.
func (s *sample) component(k *ansi.Component) {
	s.number("component type", uint64(k.Type&0x1f))
	s.add(k.Type.String(), "there")
	id := []byte{}
	if k.HasInvokeID {
		id = append(id, k.InvokeID)
	}
	if k.HasCorrelationID {
		id = append(id, k.CorrelationID)
	}
	switch {
	case k.Type.IsInvoke():
		s.octets("component id of an INVOKE", id)
		s.operation(k.Operation)
	case k.Type == ansi.ReturnError:
		s.octets("component id", id)
		s.number("error", either[uint64](k.Error.National, 19, 20))
		if k.Error.National {
			s.unreadable = nationalError
		} else {
			s.number("private error", uint64(k.Error.Code))
		}
	case k.Type == ansi.Reject:
		s.octets("component id", id)
		s.number("problem", uint64(k.Problem))
		s.number("parameters of a REJECT", either[uint64](k.ParameterTag == ansi.ParameterSet, 18, 16))
		s.add(either(k.ParameterTag == ansi.ParameterSet, "parameter set", "parameter sequence"), "there")
	default:
		s.octets("component id", id)
	}
	if k.Type != ansi.Reject {
		s.octets("parameters", element(byte(k.ParameterTag), k.Parameters))
	}
}

func (s *sample) operation(o ansi.Operation) {
	code := uint64(o.Family)<<8 | uint64(o.Specifier)
	if o.National {
		s.number("operation", 16)
		s.nationalCode(uint16(code))
		return
	}
	s.number("operation", 17)
	s.number("private operation", code)
}

func (s *sample) nationalCode(code uint16) {
	s.number("national operation", uint64(code))
	s.number("reply required", uint64(code)>>15)
	s.number("operation family", uint64(code)>>8&0x7f)
	s.number("operation specifier", uint64(code)&0xff)
}

func drawOID(t *rapid.T, name string) wire.Hex {
	return rapid.SliceOfN(rapid.ByteRange(0, 0x7f), 1, 8).Draw(t, name)
}

func drawContext(t *rapid.T, name string) *ansi.IntegerOrOID {
	switch rapid.IntRange(0, 2).Draw(t, name) {
	case 0:
		return nil
	case 1:
		return &ansi.IntegerOrOID{IsOID: true, Value: drawOID(t, name+" oid")}
	}
	return &ansi.IntegerOrOID{Value: wire.Hex{rapid.ByteRange(0, 0x7f).Draw(t, name+" integer")}}
}

// oid writes an object identifier as Wireshark does.
func oid(b []byte) string {
	first := min(uint64(b[0])/40, 2)
	s := fmt.Sprintf("%d.%d", first, uint64(b[0])-40*first)
	for _, o := range b[1:] {
		s += fmt.Sprintf(".%d", o)
	}
	return s
}

// context adds which alternative it is, by Wireshark's number, and its value.
func (s *sample) context(ours, choice string, base uint64, v *ansi.IntegerOrOID) {
	if v == nil {
		return
	}
	s.number(choice, base+either[uint64](v.IsOID, 1, 0))
	if v.IsOID {
		s.add(ours+", object identifier", oid(v.Value))
	} else {
		s.number(ours+", integer", uint64(v.Value[0]))
	}
}

func drawDialogue(t *rapid.T) *ansi.Dialogue {
	if rapid.Bool().Draw(t, "no dialogue") {
		return nil
	}
	d := &ansi.Dialogue{
		HasVersion: true, Version: ansi.ProtocolVersion(rapid.ByteRange(1, 3).Draw(t, "version")),
		ApplicationContext: drawContext(t, "context"), SecurityContext: drawContext(t, "security"), Confidentiality: drawContext(t, "confidentiality"),
	}
	if d.HasUserInformation = rapid.Bool().Draw(t, "user information"); d.HasUserInformation {
		d.UserInformation = drawExternals(t, 2)
	}
	return d
}

// drawExternals are EXTERNALs of octets, whose object identifiers are of no
// abstract syntax that Wireshark knows.
func drawExternals(t *rapid.T, most int) (xs []ansi.External) {
	for range rapid.IntRange(1, most).Draw(t, "externals") {
		xs = append(xs, ansi.External{DirectReference: append(wire.Hex{0x29}, drawOID(t, "direct reference")...), Encoding: 0x81,
			Value: rapid.SliceOfN(rapid.Byte(), 1, 20).Draw(t, "value")})
	}
	return xs
}

func (s *sample) externals(xs []ansi.External) {
	for i := range xs {
		s.add("direct reference", oid(xs[i].DirectReference))
		s.number("encoding of an EXTERNAL", 1) // octets
		s.octets("octets of an EXTERNAL", xs[i].Value)
	}
}

// transactionIDs are never given twice, since Wireshark looks for the question
// of an answer. Their order makes all four octets vary.
type transactionIDs uint32

func (ids *transactionIDs) next() ansi.TransactionID {
	*ids++
	return ansi.TransactionID(uint32(*ids) * 2654435761)
}

func drawPackage(t *rapid.T, ids *transactionIDs) *ansi.Package {
	p := &ansi.Package{Type: rapid.SampledFrom([]ansi.PackageType{
		ansi.Unidirectional, ansi.QueryWithPermission, ansi.QueryWithoutPermission, ansi.Response,
		ansi.ConversationWithPermission, ansi.ConversationWithoutPermission, ansi.Abort,
	}).Draw(t, "package")}
	switch p.Type {
	case ansi.QueryWithPermission, ansi.QueryWithoutPermission:
		p.Originating = ids.next()
	case ansi.Response, ansi.Abort:
		p.Responding = ids.next()
	case ansi.ConversationWithPermission, ansi.ConversationWithoutPermission:
		p.Originating, p.Responding = ids.next(), ids.next()
	}
	p.Dialogue = drawDialogue(t)
	if p.Type == ansi.Abort {
		if p.UserAbort = rapid.Bool().Draw(t, "user abort"); p.UserAbort {
			p.UserInformation = drawExternals(t, 1) // Wireshark knows no more than one
		} else {
			p.PAbort = ansi.PAbortCause(rapid.ByteRange(1, 10).Draw(t, "cause"))
		}
		return p
	}
	// Not both in one package: Wireshark shows the operation of an INVOKE again
	// in the answers behind it.
	types := either(rapid.Bool().Draw(t, "asking"), asking, answering)
	for range rapid.IntRange(0, 3).Draw(t, "components") {
		p.Components = append(p.Components, drawComponent(t, types))
	}
	return p
}

var packageNames = map[ansi.PackageType]string{
	ansi.Unidirectional: "unidirectional", ansi.QueryWithPermission: "query with permission", ansi.QueryWithoutPermission: "query without permission",
	ansi.Response: "response", ansi.ConversationWithPermission: "conversation with permission",
	ansi.ConversationWithoutPermission: "conversation without permission", ansi.Abort: "abort",
}

func drawTCAP(t *rapid.T, ids *transactionIDs) *sample {
	s := &sample{table: tcapTable}
	p := drawPackage(t, ids)
	b, err := p.Append(nil)
	if err != nil {
		panic(hex.EncodeToString(b) + ": " + err.Error())
	}
	s.kind, s.message = p.Type.String(), p
	s.packet = packet{at: protocol("ansi_tcap"), octets: b}
	s.add(packageNames[p.Type], "there")
	var id []byte
	switch p.Type {
	case ansi.QueryWithPermission, ansi.QueryWithoutPermission:
		id = binary.BigEndian.AppendUint32(id, uint32(p.Originating))
	case ansi.Response, ansi.Abort:
		id = binary.BigEndian.AppendUint32(id, uint32(p.Responding))
	case ansi.ConversationWithPermission, ansi.ConversationWithoutPermission:
		id = binary.BigEndian.AppendUint32(id, uint32(p.Originating))
		id = binary.BigEndian.AppendUint32(id, uint32(p.Responding))
	}
	s.octets("transaction id", id)
	if d := p.Dialogue; d != nil {
		s.add(either(p.Type == ansi.Abort, "dialogue portion of an abort", "dialogue portion"), "there")
		s.octets("protocol version", []byte{byte(d.Version)})
		s.context("application context", "application context", 27, d.ApplicationContext)
		if d.HasUserInformation {
			s.number("user information", uint64(len(d.UserInformation)))
			for range d.UserInformation {
				s.add("EXTERNAL in a list", "there")
			}
			s.externals(d.UserInformation)
		}
		s.context("security context", "security context", 0, d.SecurityContext)
		if d.Confidentiality != nil {
			s.add("confidentiality", "there")
		}
		s.context("confidentiality", "confidentiality algorithm", 0, d.Confidentiality)
	}
	if p.UserAbort {
		s.number("cause", 24)
		s.add("user abort information", "there")
		s.externals(p.UserInformation)
		return s
	}
	if p.Type == ansi.Abort {
		s.number("cause", 23)
		s.number("P-Abort cause", uint64(p.PAbort))
		return s
	}
	if len(p.Components) > 0 {
		s.number("component sequence", uint64(len(p.Components)))
	}
	for i := range p.Components {
		s.component(&p.Components[i])
	}
	return s
}

func either[T any](b bool, x, y T) T {
	if b {
		return x
	}
	return y
}

func TestTCAP(t *testing.T) { tcapBatch().run(t) }

func tcapBatch() *batch {
	var ids transactionIDs
	return &batch{
		name: "ANSI TCAP, all packages and components", against: "ansi_tcap", protocols: []string{"ansi_tcap"}, table: tcapTable,
		draw:    func(t *rapid.T) *sample { return drawTCAP(t, &ids) },
		options: disable("ansi_map", "ain"), remarks: []string{"Dissector for ANSI TCAP", "BER Error: This field lies beyond the end of the known sequence definition."}, headings: parametersLine,
	}
}
