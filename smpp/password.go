package smpp

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
)

// The cost of new hashes, the smaller of the two that OWASP recommends for
// argon2id: a bind costs about 20 ms and 19 MiB.
const (
	hashMemory  = 19 << 10 // KiB
	hashTime    = 2
	hashThreads = 1
	hashSalt    = 16
	hashKey     = 32
)

// HashPassword makes the PasswordHash of an Account: argon2id in PHC form.
func HashPassword(password string) (string, error) {
	if password == "" || len(password) >= maxCredential || strings.IndexByte(password, 0) >= 0 {
		return "", errors.New("smpp: a password has 1 to 255 octets, none of them NUL")
	}
	salt := make([]byte, hashSalt)
	rand.Read(salt) // never fails
	h := passwordHash{memory: hashMemory, time: hashTime, threads: hashThreads, salt: salt}
	h.key = h.derive([]byte(password), hashKey)
	return h.String(), nil
}

// passwordHash is argon2id, or bcrypt when that is set.
type passwordHash struct {
	memory, time uint32
	threads      uint8
	salt, key    []byte
	bcrypt       []byte
}

func (h *passwordHash) derive(password []byte, n int) []byte {
	return argon2.IDKey(password, h.salt, h.time, h.memory, h.threads, uint32(n))
}

func (h *passwordHash) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, h.memory, h.time, h.threads, b64(h.salt), b64(h.key))
}

// matches does the same work whether the password is right or not.
func (h *passwordHash) matches(password []byte) bool {
	if h.bcrypt != nil {
		// bcrypt looks at 72 octets; a longer password would be cut.
		fits := len(password) <= 72
		err := bcrypt.CompareHashAndPassword(h.bcrypt, password[:min(len(password), 72)])
		return err == nil && fits
	}
	return subtle.ConstantTimeCompare(h.key, h.derive(password, len(h.key))) == 1
}

// Verifier holds a PasswordHash ready for use, for doors beside SMPP whose
// passwords are kept in the same way.
type Verifier struct{ hash passwordHash }

// NewVerifier reads a PasswordHash. Its errors do not show it.
func NewVerifier(hash string) (*Verifier, error) {
	h, err := parseHash(hash)
	if err != nil {
		return nil, err
	}
	return &Verifier{h}, nil
}

// Matches tells whether this is the password. It costs as much as the hash
// says; whoever lets strangers ask limits how many do so at a time.
func (v *Verifier) Matches(password []byte) bool { return v.hash.matches(password) }

var errHash = errors.New("the password hash is neither argon2id in PHC form nor bcrypt")

// parseHash refuses costs that would let a bind exhaust the machine.
func parseHash(s string) (passwordHash, error) {
	if strings.HasPrefix(s, "$2") {
		cost, err := bcrypt.Cost([]byte(s))
		if err != nil || cost > 16 {
			return passwordHash{}, errHash
		}
		return passwordHash{bcrypt: []byte(s)}, nil
	}
	part := strings.Split(s, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return passwordHash{}, errHash
	}
	var h passwordHash
	n, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.threads)
	if err != nil || n != 3 || h.memory < 8 || h.memory > 256<<10 || h.time < 1 || h.time > 16 || h.threads < 1 || h.threads > 16 {
		return passwordHash{}, errHash
	}
	if h.salt, err = base64.RawStdEncoding.DecodeString(part[4]); err != nil || len(h.salt) < 8 {
		return passwordHash{}, errHash
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(part[5]); err != nil || len(h.key) < 16 || len(h.key) > 64 {
		return passwordHash{}, errHash
	}
	return h, nil
}
