package bench

import (
	"context"
	"errors"
)

// SS7 measures the SMDPP packet layer by layer, and the whole stack decoded
// and encoded again. A layer's ceiling reads and writes that layer by hand, see
// handSame; the whole stack's encodes in one pass, without a buffer between the
// layers.
func SS7(ctx context.Context, o Options) ([]Result, error) {
	t, err := newStacks()
	if err != nil {
		return nil, err
	}
	return run(ctx, "ss7", o.time(), append(t.layers(), pairing{
		name: "stack decode+encode",
		ours: t.bothOurs, ceiling: t.bothSame,
		goal: Goal{ValueMost: 2000, NoAllocs: true},
	}))
}

func (t *stacks) bothOurs(n int) error {
	for range n {
		if err := t.decodeOurs(1); err != nil {
			return err
		}
		if err := t.appendOurs(1); err != nil {
			return err
		}
	}
	return nil
}

func (t *stacks) bothSame(n int) error {
	for range n {
		if !t.same.decode(t.wire) {
			return errDecode
		}
		if _, ok := t.same.append(t.buf[:0]); !ok {
			return errAppend
		}
	}
	return nil
}

// layers are the cases of the single layers.
func (t *stacks) layers() []pairing {
	s, h := &t.ours, &t.same
	wire, udt, query, params := t.wire, clone(s.data.UserData), clone(s.udt.Data), clone(s.query.Components[0].Parameters)
	return []pairing{
		{"m3ua decode", decoder(s.data.Decode, wire), handDecoder(h.decodeData, wire), Goal{}},
		{"m3ua encode", appender(s.data.Append), handAppender(h.appendData), Goal{}},
		{"sccp decode", decoder(s.udt.Decode, udt), handDecoder(h.decodeUDT, udt), Goal{}},
		{"sccp encode", appender(s.udt.Append), handAppender(h.appendUDT), Goal{}},
		{"tcap decode", decoder(s.query.Decode, query), handDecoder(h.decodeQuery, query), Goal{}},
		{"tcap encode", appender(s.query.Append), handAppender(h.appendQuery), Goal{}},
		{"ansi41 decode", decoder(s.smdpp.Decode, params), handDecoder(h.decodeSMDPP, params), Goal{}},
		{"ansi41 encode", appender(s.smdpp.Append), handAppender(h.appendSMDPP), Goal{}},
	}
}

func clone(b []byte) []byte { return append([]byte(nil), b...) }

func decoder(decode func([]byte) error, b []byte) work {
	return func(n int) error {
		for range n {
			if err := decode(b); err != nil {
				return err
			}
		}
		return nil
	}
}

func handDecoder(decode func([]byte) bool, b []byte) work {
	return func(n int) error {
		for range n {
			if !decode(b) {
				return errDecode
			}
		}
		return nil
	}
}

func appender(encode func([]byte) ([]byte, error)) work {
	buf := make([]byte, 0, 512)
	return func(n int) error {
		for range n {
			if _, err := encode(buf[:0]); err != nil {
				return errors.Join(errAppend, err)
			}
		}
		return nil
	}
}

func handAppender(encode func([]byte) ([]byte, bool)) work {
	buf := make([]byte, 0, 512)
	return func(n int) error {
		for range n {
			if _, ok := encode(buf[:0]); !ok {
				return errAppend
			}
		}
		return nil
	}
}
