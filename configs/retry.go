package configs

import (
	"fmt"
	"strconv"
	"strings"
)

// The kinds of error that a [Retry] is about.
const (
	RetrySMPP  = "smpp"  // command_status of a response
	RetryCause = "cause" // SMS_CauseCode of SMDPP
	RetryError = "error" // error code of a RETURN ERROR
)

// Code takes Error apart: its kind and its number, which is decimal or
// hexadecimal with 0x.
func (r *Retry) Code() (kind string, code uint32, err error) {
	kind, number, _ := strings.Cut(r.Error, " ")
	least, most := uint64(0), uint64(0)
	switch kind {
	case RetrySMPP:
		least, most = 1, 1<<32-1 // 0 is no error
	case RetryCause:
		most = 255
	case RetryError:
		least, most = 0x81, 255
	}
	n, bad := strconv.ParseUint(number, 0, 32)
	if bad != nil || !plainNumber.MatchString(number) || n < least || n > most {
		return "", 0, fmt.Errorf("%q is not an error; allowed are smpp with a command_status such as 0x58, cause with 0 to 255, and error with 0x81 to 0xff", r.Error)
	}
	return kind, uint32(n), nil
}
