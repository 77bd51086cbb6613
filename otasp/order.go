package otasp

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
)

// Order is what a subscriber is to get. Parts that are nil or empty are left
// as they are in the handset.
type Order struct {
	Name       string   `json:"name"`
	MDN        string   `json:"mdn,omitempty"`
	NAM        *NAM     `json:"nam,omitempty"`
	IMSIT      *IMSI    `json:"imsi_t,omitempty"`
	PRL        *PRL     `json:"prl,omitempty"`
	PacketData []Block  `json:"packet_data,omitempty"` // 3GPD download blocks
	Objects    []Object `json:"objects,omitempty"`     // objects of MMC, which only IOTA carries
	SPC        SPC      `json:"spc,omitempty"`         // unlocks the handset; six digits
	NewSPC     SPC      `json:"new_spc,omitempty"`
	AKey       bool     `json:"a_key,omitempty"`
	ReAuth     bool     `json:"re_authenticate,omitempty"`
	SPASM      bool     `json:"spasm,omitempty"`    // prove to a handset with a locked NAM by the AC's signature, even when there is an SPC
	ReadOut    bool     `json:"read_out,omitempty"` // an audit: the handset is read and nothing is changed
	Revision   int64    `json:"-"`                  // tells it from the order of the same name that takes its place
}

// SPC is a service programming code, six digits. JSON carries it; printed, it
// masks itself.
type SPC string

// String hides the code, and tells whether there is one.
func (s SPC) String() string {
	if s == "" {
		return ""
	}
	return "******"
}

// Format hides the code from every verb.
func (s SPC) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// IMSI is an IMSI in the parts that IS-683 codes.
type IMSI struct {
	MCC      string `json:"mcc"`        // 3 digits
	IMSI1112 string `json:"imsi_11_12"` // 2 digits
	S        string `json:"imsi_s"`     // the last 10 digits
}

// NAM is a number assignment module to be downloaded.
type NAM struct {
	IMSI
	ACCOLC        uint8          `json:"accolc"`
	LocalControl  bool           `json:"local_control,omitempty"`
	MobTermHome   bool           `json:"mob_term_home"`
	MobTermForSID bool           `json:"mob_term_for_sid"`
	MobTermForNID bool           `json:"mob_term_for_nid"`
	SIDNID        []is683.SIDNID `json:"sid_nid"`
	Analog        *Analog        `json:"analog,omitempty"` // for dual-mode handsets
}

// Analog is what the combined CDMA/analog NAM holds beyond the CDMA NAM.
type Analog struct {
	FirstCHP uint16 `json:"firstchp"`
	HomeSID  uint16 `json:"home_sid"`
	EX       bool   `json:"ex"`
}

// PRL names a preferred roaming list. Data is the list itself; it is not part
// of the stored order, whoever loads the order puts it in by name.
type PRL struct {
	Name     string `json:"name"`
	ID       uint16 `json:"id"`
	Extended bool   `json:"extended,omitempty"`
	Data     []byte `json:"-"`
}

// Block is a parameter block given as octets.
type Block struct {
	ID   uint8    `json:"id"`
	Data wire.Hex `json:"data"`
}

// Format hides the data from every verb: it may be a shared secret.
func (b Block) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "{%d: %d octets}", b.ID, len(b.Data)) }

// Suits tells whether the order is what the trigger asks for: ReasonNone, or
// why it is not. It is asked when a trigger is admitted, and again each time
// the order is looked up, as another one may have taken its name meanwhile.
func (o *Order) Suits(t *Trigger) (why Reason, detail string) {
	switch {
	case o.MDN == "" && t.MDN == "":
		return ReasonNoOrder, "the order names no MDN and the trigger gave none"
	case o.MDN != "" && t.MDN != "" && o.MDN != t.MDN:
		return ReasonOtherOrder, "the order is for another MDN"
	case !o.has(t.PRL):
		return ReasonOtherOrder, "the order does not give the list that the trigger asks for"
	}
	if err := o.Validate(); err != nil {
		return ReasonNotRepresent, err.Error()
	}
	return ReasonNone, ""
}

// has reports whether the order gives the list with this PR_LIST_ID, in
// decimal digits; an empty one asks for nothing.
func (o *Order) has(prListID string) bool {
	if prListID == "" {
		return true
	}
	id, err := strconv.ParseUint(prListID, 10, 16)
	return err == nil && o.PRL != nil && o.PRL.ID == uint16(id)
}

// IMSI is the 15-digit IMSI_M of the new NAM; empty when none is ordered.
func (o *Order) IMSI() string {
	if o.NAM == nil {
		return ""
	}
	return o.NAM.MCC + o.NAM.IMSI1112 + o.NAM.S
}

// MIN is the ten-digit number of the new NAM; empty when none is ordered.
func (o *Order) MIN() string {
	if o.NAM == nil {
		return ""
	}
	return o.NAM.S
}

// maxPacketData is how many packet-data blocks an order may have: more than
// there are block identifiers, and less than the record of what was left out counts.
const maxPacketData = 32

// Validate checks that everything ordered can be encoded, so that an order is
// refused when it is imported, and at the latest before a handset is touched.
func (o *Order) Validate() error {
	switch {
	case o.Name == "" || len(o.Name) > 255:
		return fmt.Errorf("order %.20q: a name has 1 to 255 octets", o.Name)
	case o.PRL != nil && len(o.PRL.Name) > 255:
		return fmt.Errorf("order %s: prl: a name has up to 255 octets", o.Name)
	case o.MDN != "" && !isMDN(o.MDN):
		return fmt.Errorf("order %s: mdn: want 1 to 15 digits without a leading zero", o.Name)
	case o.NAM != nil && !o.NAM.digits():
		return fmt.Errorf("order %s: nam: mcc, imsi_11_12 and imsi_s are 3, 2 and 10 digits", o.Name)
	case o.IMSIT != nil && !o.IMSIT.digits():
		return fmt.Errorf("order %s: imsi_t: mcc, imsi_11_12 and imsi_s are 3, 2 and 10 digits", o.Name)
	}
	if err := o.validateDownload(); err != nil {
		return fmt.Errorf("order %s: nam: %w", o.Name, err)
	}
	if len(o.PacketData) > maxPacketData {
		return fmt.Errorf("order %s: packet_data: up to %d blocks allowed", o.Name, maxPacketData)
	}
	for _, b := range o.PacketData {
		if len(b.Data) == 0 || len(b.Data) > 255 {
			return fmt.Errorf("order %s: packet_data block %d: 1 to 255 octets allowed", o.Name, b.ID)
		}
	}
	if err := o.validateObjects(); err != nil {
		return err
	}
	if o.ReadOut && (len(o.Objects) > 0 || o.NAM != nil || o.IMSIT != nil || o.PRL != nil || len(o.PacketData) > 0 || o.NewSPC != "" || o.AKey) {
		return fmt.Errorf("order %s: read_out: a read-out changes nothing; beside it only mdn, spc, spasm and re_authenticate are allowed", o.Name)
	}
	return o.validateSPC()
}

// validateDownload encodes what a handset would be sent, of either kind.
func (o *Order) validateDownload() error {
	if o.NAM == nil {
		return nil
	}
	if _, err := o.download(is683.BlockCDMANAM, partNAM|partMDN|partIMSIT).Append(nil); err != nil || o.NAM.Analog == nil {
		return err
	}
	_, err := o.download(is683.BlockCDMAAnalogNAM, partNAM|partMDN|partIMSIT).Append(nil)
	return err
}

// isMDN: a session is held under the number of its subscriber, so that one
// with a leading zero, which a handset would take, is none.
func isMDN(s string) bool {
	return s != "" && len(s) <= 15 && s[0] != '0' && isDigits(s)
}

// digits: what stands for no digits, which is683 keeps as # and a number, is
// nothing to be ordered.
func (i *IMSI) digits() bool {
	return len(i.MCC) == 3 && len(i.IMSI1112) == 2 && len(i.S) == 10 && isDigits(i.MCC+i.IMSI1112+i.S)
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// An error about an SPC never shows it.
func (o *Order) validateSPC() error {
	for _, s := range []SPC{o.SPC, o.NewSPC} {
		if s == "" {
			continue
		}
		if _, err := is683.ParseSPC(string(s), is683.HighFirst); err != nil {
			return fmt.Errorf("order %s: an SPC is six digits", o.Name)
		}
	}
	return nil
}
