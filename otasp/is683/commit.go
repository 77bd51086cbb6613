package is683

import "github.com/otagate/otagate/internal/wire"

// CommitRequest makes what was downloaded permanent (message type 0x05). It has
// no fields.
type CommitRequest struct{}

// Type is TypeCommit.
func (m *CommitRequest) Type() MessageType { return TypeCommit }

// Decode fills m from b, one whole message.
func (m *CommitRequest) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeCommit)
	m.read(&c)
	return c.End()
}

func (m *CommitRequest) read(c *wire.Cursor) {}

// Append appends m in wire form to dst.
func (m *CommitRequest) Append(dst []byte) ([]byte, error) {
	return append(dst, byte(TypeCommit)), nil
}

// CommitResponse says whether the handset committed (message type 0x05).
//
//	8:RESULT_CODE
type CommitResponse struct {
	Result ResultCode
}

// Type is TypeCommit.
func (m *CommitResponse) Type() MessageType { return TypeCommit }

// Decode fills m from b, one whole message.
func (m *CommitResponse) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	expect(&c, TypeCommit)
	m.read(&c)
	return c.End()
}

func (m *CommitResponse) read(c *wire.Cursor) {
	m.Result = readResult(c)
}

// Append appends m in wire form to dst.
func (m *CommitResponse) Append(dst []byte) ([]byte, error) {
	return append(dst, byte(TypeCommit), byte(m.Result)), nil
}
