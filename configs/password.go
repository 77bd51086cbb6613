package configs

import (
	"errors"
	"fmt"
	"strings"
)

// maxPassword is what SMPP 3.4 has room for. Some centres take more, which
// long_password allows; a longer one is refused rather than cut.
const (
	maxPassword     = 8
	maxLongPassword = 64
)

func (l *Link) mostPassword() int {
	if l.LongPassword {
		return maxLongPassword
	}
	return maxPassword
}

// Password is the password of the bind, from wherever it is kept; without a
// file and a variable it is empty. A line end behind it does not belong to it.
// Its errors never show it, nor the name of a file or variable: by mistake that
// is the password itself.
func (l *Link) Password() (string, error) {
	from := secret{l.PasswordFile, l.PasswordEnv}
	if from == (secret{}) {
		return "", nil
	}
	text, err := from.read()
	if err != nil {
		return "", err
	}
	text = strings.TrimRight(text, "\r\n")
	switch {
	case text == "":
		return "", errors.New("there is no password in it")
	case len(text) > l.mostPassword():
		return "", fmt.Errorf("the password has more than %d octets", l.mostPassword())
	case !isPrintable(text):
		return "", errors.New("the password has characters other than printable ASCII")
	}
	return text, nil
}

func (k *checker) password(key string, l *Link) {
	at := key + ".password_file"
	switch {
	case l.PasswordFile != "" && l.PasswordEnv != "":
		k.add(at, "password_file and password_env are given; allowed is one of them, or none for an empty password")
		return
	case l.PasswordFile == "":
		at = key + ".password_env"
	}
	if _, err := l.Password(); err != nil {
		k.add(at, "%s; allowed is one that holds up to %d printable ASCII characters (SMPP 3.4 password)", err, l.mostPassword())
	}
}
