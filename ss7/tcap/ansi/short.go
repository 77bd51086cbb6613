package ansi

// The short ways of Append are for what a session consists of: one component
// in a query or in its response, all lengths in one octet. These are known, or
// stand where they are known to stand, so that nothing has to be opened and
// closed. For anything else ok is false, and appendAny begins anew. A test
// holds the two together.

// appendShort is the short way of Append for a package.
func (p *Package) appendShort(dst []byte) (_ []byte, ok bool) {
	var id TransactionID
	switch p.Type {
	case QueryWithPermission, QueryWithoutPermission:
		id = p.Originating
	case Response:
		id = p.Responding
	default:
		return dst, false
	}
	if len(p.Components) != 1 || p.Dialogue != nil {
		return dst, false
	}
	at := len(dst)
	dst = append(dst, byte(p.Type), 0, byte(tagTransactionID), 4, byte(id>>24), byte(id>>16), byte(id>>8), byte(id),
		byte(tagComponentSequence), 0)
	if dst, ok = p.Components[0].appendShort(dst); !ok || len(dst)-at-2 > 0x7f {
		return dst, false
	}
	dst[at+1], dst[at+9] = byte(len(dst)-at-2), byte(len(dst)-at-10)
	return dst, true
}

// appendShort is the short way of Append for an INVOKE with an invoke id alone
// and a private operation, and for a RETURN RESULT.
func (k *Component) appendShort(dst []byte) (_ []byte, ok bool) {
	n := len(k.Parameters)
	if n > 0x7f-9 || k.ParameterTag != ParameterSet && k.ParameterTag != 0 {
		return dst, false
	}
	switch o := &k.Operation; {
	case k.Type.IsInvoke() && k.HasInvokeID && !k.HasCorrelationID && !o.National && !o.Short:
		dst = append(dst, byte(k.Type), byte(n+9), byte(tagComponentID), 1, k.InvokeID,
			byte(tagPrivateOperation), 2, o.Family, o.Specifier, byte(ParameterSet), byte(n))
	case (k.Type == ReturnResultLast || k.Type == ReturnResultNotLast) && k.HasCorrelationID && !k.HasInvokeID:
		dst = append(dst, byte(k.Type), byte(n+5), byte(tagComponentID), 1, k.CorrelationID, byte(ParameterSet), byte(n))
	default:
		return dst, false
	}
	return append(dst, k.Parameters...), true
}
