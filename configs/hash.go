package configs

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/bcrypt"
)

const allowedHash = "an argon2id ($argon2id$v=19$...) or bcrypt ($2b$...) hash as otagate hash-password prints it"

// Hash is the password hash of the account, from wherever it is kept. Its
// errors never show it, nor the name of a file or variable: by mistake that is
// the hash itself.
func (a *Account) Hash() (string, error) { return a.hash().read() }

// Hash is the password hash of the initiator, as that of an [Account].
func (i *Initiator) Hash() (string, error) { return i.hash().read() }

func (a *Account) hash() passwordHash {
	return passwordHash{a.PasswordHash, secret{a.PasswordHashFile, a.PasswordHashEnv}}
}

func (i *Initiator) hash() passwordHash {
	return passwordHash{i.PasswordHash, secret{i.PasswordHashFile, i.PasswordHashEnv}}
}

// passwordHash is a hash that stands in the configuration, or elsewhere.
type passwordHash struct {
	text string
	secret
}

func (h passwordHash) read() (string, error) {
	if h.text != "" {
		return h.text, nil
	}
	if h.secret == (secret{}) {
		return "", errors.New("no password hash")
	}
	b, err := h.secret.read()
	return strings.TrimSpace(b), err
}

func (k *checker) passwordHash(key string, h passwordHash) {
	var given []string
	for _, f := range [...]struct{ key, value string }{
		{"password_hash", h.text},
		{"password_hash_file", h.file},
		{"password_hash_env", h.env},
	} {
		if f.value != "" {
			given = append(given, f.key)
		}
	}
	if len(given) != 1 {
		k.add(key+".password_hash", "%d of password_hash, password_hash_file and password_hash_env are given; allowed is exactly one", len(given))
		return
	}
	hash, err := h.read()
	if err != nil {
		k.add(key+"."+given[0], "%s; allowed is one that holds %s", err, allowedHash)
		return
	}
	if text := checkHash(hash); text != "" {
		k.add(key+"."+given[0], "%s; allowed is %s", text, allowedHash)
	}
}

// checkHash says what is wrong with a password hash without showing it.
func checkHash(hash string) string {
	switch {
	case strings.HasPrefix(hash, "$argon2id$"):
		return checkArgon2id(hash)
	case strings.HasPrefix(hash, "$2"):
		cost, err := bcrypt.Cost([]byte(hash))
		switch {
		case err != nil || len(hash) != 60:
			return "not a complete bcrypt hash"
		case cost > 16:
			return "a bcrypt hash with a cost over 16"
		}
		return ""
	case strings.HasPrefix(hash, "$argon2"):
		return "another kind of argon2 than argon2id"
	}
	return "not a hash (plain-text passwords are refused)"
}

// checkArgon2id checks $argon2id$v=19$m=65536,t=3,p=4$SALT$HASH. The limits
// keep one bind from taking the memory or the time of all others.
func checkArgon2id(hash string) string {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[2] != "v=19" {
		return "not a complete argon2id hash of version 19"
	}
	salt, errSalt := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	sum, errSum := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if errSalt != nil || errSum != nil || len(salt) < 8 || len(sum) < 16 || len(sum) > 64 {
		return "an argon2id hash with a damaged salt or sum"
	}
	for i, p := range [...]struct {
		name        string
		first, last uint64
	}{{"m=", 8, 256 << 10}, {"t=", 1, 16}, {"p=", 1, 16}} {
		list := strings.Split(parts[3], ",")
		if len(list) != 3 {
			return "an argon2id hash without m, t and p"
		}
		n, err := strconv.ParseUint(strings.TrimPrefix(list[i], p.name), 10, 32)
		if err != nil || !strings.HasPrefix(list[i], p.name) || n < p.first || n > p.last {
			return fmt.Sprintf("an argon2id hash with %s out of %d to %d", p.name[:1], p.first, p.last)
		}
	}
	return ""
}
