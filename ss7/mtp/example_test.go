package mtp_test

import (
	"fmt"

	"github.com/otagate/otagate/ss7/mtp"
)

// A point code is written by its parts or as one number.
func ExampleParsePointCode() {
	for _, s := range []string{"245-8-3", "16058371", "245-8-300"} {
		pc, err := mtp.ParsePointCode(s)
		fmt.Println(pc, pc.Decimal(), err)
	}
	// Output:
	// 245-8-3 16058371 <nil>
	// 245-8-3 16058371 <nil>
	// 0-0-0 0 point code "245-8-300": each part must be 0 to 255
}

// switchboard prints what MTP says to its user.
type switchboard struct{}

func (switchboard) Transfer(t mtp.Transfer) { fmt.Printf("%v to %v: %x\n", t.OPC, t.DPC, t.Data) }
func (switchboard) Pause(pc mtp.PointCode)  { fmt.Println(pc, "unreachable") }
func (switchboard) Resume(pc mtp.PointCode) { fmt.Println(pc, "reachable") }
func (switchboard) Status(status mtp.Status) {
	if status.Cause == mtp.CauseCongestion {
		fmt.Println(status.Affected, "congested, level", status.Level)
	}
}

// A user of MTP takes four indications.
func ExampleUser() {
	var u mtp.User = switchboard{}
	u.Resume(mtp.ANSI(1, 2, 3))
	u.Transfer(mtp.Transfer{OPC: mtp.ANSI(1, 2, 3), DPC: mtp.ANSI(4, 5, 6), SI: mtp.ServiceSCCP, NI: mtp.National, Data: []byte{9, 0}})
	u.Status(mtp.Status{Affected: mtp.ANSI(1, 2, 3), Level: 2})
	u.Pause(mtp.ANSI(1, 2, 3))
	// Output:
	// 1-2-3 reachable
	// 1-2-3 to 4-5-6: 0900
	// 1-2-3 congested, level 2
	// 1-2-3 unreachable
}
