package gsm7

import (
	"errors"
	"fmt"
)

// Language is a national language identifier (23.038 6.2.1.2.4), the one octet
// of the information elements 24 and 25.
type Language uint8

// The languages. Only those up to Portuguese have tables here.
const (
	Default    Language = 0
	Turkish    Language = 1
	Spanish    Language = 2
	Portuguese Language = 3
	Bengali    Language = 4
	Gujarati   Language = 5
	Hindi      Language = 6
	Kannada    Language = 7
	Malayalam  Language = 8
	Oriya      Language = 9
	Punjabi    Language = 10
	Tamil      Language = 11
	Telugu     Language = 12
	Urdu       Language = 13
)

var languageNames = [...]string{
	"default", "Turkish", "Spanish", "Portuguese", "Bengali", "Gujarati", "Hindi",
	"Kannada", "Malayalam", "Oriya", "Punjabi", "Tamil", "Telugu", "Urdu",
}

func (l Language) String() string {
	if int(l) < len(languageNames) {
		return languageNames[l]
	}
	return fmt.Sprintf("language %d", uint8(l))
}

// ErrLanguage is the error for a table that is not here.
var ErrLanguage = errors.New("no table of this language")

// Alphabet is a pair of tables. The zero value is the default alphabet.
type Alphabet struct {
	Locking Language
	Single  Language
}

// Check fails with ErrLanguage when a table of the alphabet is not here.
func (a Alphabet) Check() error {
	if int(a.Locking) >= len(lockingTables) || lockingTables[a.Locking] == nil {
		return fmt.Errorf("locking shift, %v: %w", a.Locking, ErrLanguage)
	}
	if int(a.Single) >= len(singleTables) {
		return fmt.Errorf("single shift, %v: %w", a.Single, ErrLanguage)
	}
	return nil
}
