package sim

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"math/big"

	"github.com/otagate/otagate/otasp/is683"
)

// modulus768 is the 768-bit prime of the first Oakley group (RFC 2409 §6.1):
// the length that AKeyProtocolVersion 2 asks for. Its generator is 2.
const modulus768 = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74" +
	"020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437" +
	"4FE1356D6D51C245E485B576625E7EC6F44C42E9A63A3620FFFFFFFFFFFFFFFF"

// exponentBits is the length of a secret exponent, as versions 2 and 3 have it.
const exponentBits = 160

// exchange is one side of a Diffie-Hellman exchange.
type exchange struct {
	p, g, x *big.Int
	key     [8]byte
	agreed  bool
}

// begin takes the public values and draws a secret exponent. The same values
// again change nothing: the network has repeated them, or an answer was lost.
func (e *exchange) begin(p, g []byte) is683.ResultCode {
	if e.x != nil && e.p.Cmp(new(big.Int).SetBytes(p)) == 0 && e.g.Cmp(new(big.Int).SetBytes(g)) == 0 {
		return is683.Accepted
	}
	e.x = nil
	e.p, e.g = new(big.Int).SetBytes(p), new(big.Int).SetBytes(g)
	e.agreed = false
	if e.p.BitLen() < 2 || e.g.BitLen() == 0 || e.g.Cmp(e.p) >= 0 {
		return is683.InvalidParameter
	}
	x, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), exponentBits))
	if err != nil {
		return is683.UnknownReason
	}
	e.x = x
	return is683.Accepted
}

// public is the value for the other side, as long as the modulus.
func (e *exchange) public() []byte {
	v := new(big.Int).Exp(e.g, e.x, e.p)
	return v.FillBytes(make([]byte, (e.p.BitLen()+7)/8))
}

// agree computes the A-key from the other side's value: the 64 least
// significant bits of the shared secret. That it is those bits is
// recollection; both ends of the simulation only have to agree.
func (e *exchange) agree(other []byte) bool {
	y := new(big.Int).SetBytes(other)
	if e.x == nil || y.Sign() == 0 || y.Cmp(e.p) >= 0 {
		return false
	}
	secret := new(big.Int).Exp(y, e.x, e.p)
	low := new(big.Int).And(secret, new(big.Int).SetUint64(^uint64(0)))
	binary.BigEndian.PutUint64(e.key[:], low.Uint64())
	e.agreed = true
	return true
}

func (h *Handset) generate(m *is683.KeyGenerationRequest) is683.Message {
	if h.keys.x == nil {
		return &is683.KeyGenerationResponse{Result: is683.MessageNotExpected}
	}
	own := h.keys.public()
	if !h.keys.agree(m.BSResult) {
		return &is683.KeyGenerationResponse{Result: is683.InvalidParameter}
	}
	h.pending.AKey, h.pending.HasAKey, h.dirty = h.keys.key, true, true
	return &is683.KeyGenerationResponse{Result: is683.Accepted, MSResult: own}
}

func (h *Handset) reAuthenticate(m *is683.ReAuthenticateRequest) is683.Message {
	key := h.active.AKey
	if h.pending.HasAKey {
		key = h.pending.AKey
	}
	authR, data := standInCAVE(key, m.Rand, h.cfg.ESN)
	return &is683.ReAuthenticateResponse{AuthR: authR, RandC: uint8(m.Rand >> 24), AuthData: data}
}

// standInCAVE stands for the authentication algorithm, whose text is not
// public: 18 bits AUTHR and 24 bits AUTH_DATA of a hash.
func standInCAVE(key [8]byte, rnd, esn uint32) (authR, data uint32) {
	b := binary.BigEndian.AppendUint32(append([]byte("stand-in"), key[:]...), rnd)
	sum := sha256.Sum256(binary.BigEndian.AppendUint32(b, esn))
	return binary.BigEndian.Uint32(sum[:]) >> 14, binary.BigEndian.Uint32(sum[4:]) >> 8
}

// standInSignature stands for the signature by which the network proves itself
// to an idle handset: 18 bits of a hash, which handset and AC compute alike.
func standInSignature(key [8]byte, rnd, esn uint32) uint32 {
	b := binary.BigEndian.AppendUint32(append([]byte("stand-in AUTHBS"), key[:]...), rnd)
	sum := sha256.Sum256(binary.BigEndian.AppendUint32(b, esn))
	return binary.BigEndian.Uint32(sum[:]) >> 14
}

// holds tells whether the handset has agreed on this key.
func (h *Handset) holds(key [8]byte) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.pending.HasAKey && h.pending.AKey == key
}
