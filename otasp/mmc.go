package otasp

import (
	"time"

	"github.com/otagate/otagate/otasp/is683"
)

// MMC is what a session remembers of a conversation over MMC.
type MMC struct {
	Until   time.Time // the end of its time; zero before the handset came
	Invited bool      // the invitation is on its way
}

// Profile is what the handset tells of itself when it opens a transaction of
// MMC, all of it text of its own. It is cut to what a session keeps.
type Profile struct {
	MDN, MSID             string
	Make, Model, Software string
	Agent                 string // the version of what provisions it, or its User-Agent
	MMCID                 string // the number it chose for the transaction
}

// Rejection names an object of a document that the handset did not take, and
// why. Of a document that has but one, Object may be empty.
type Rejection struct {
	Object, Why string
}

// OverMMC reports whether the handset is reached by documents of MMC.
func (s *Session) OverMMC() bool { return s.Way == ByCallback || s.Way == ByHandset }

// listAsObject reports whether the list goes by phone:cdma.prl, and not by SSPR
// Download: never by both.
func (s *Session) listAsObject() bool {
	return s.OverMMC() && s.Order.PRL != nil && s.Trigger.Options.ListAsObject
}

// listOpen reports whether a list is ordered that is neither left out nor there.
func (s *Session) listOpen() bool {
	return s.Order.PRL != nil && !s.skipped("prl") && s.same&partPRL == 0
}

// readsList reports whether a list that goes as an object is compared with that
// of the handset before. Only IS-683 can ask for it.
func (s *Session) readsList() bool {
	return s.skipsSame() && s.feature(is683.FeatureSystemSelection)
}

// objectParts are the parts that are written without IS-683, and that the
// Commit of IS-683 is not for.
func (s *Session) objectParts() uint8 {
	return partObjects | bit(s.listAsObject())*partPRL
}

// byObjects reports whether all that is ordered goes as objects of MMC.
func (s *Session) byObjects() bool {
	o := &s.Order
	return s.OverMMC() && (o.onlyObjects() || s.listAsObject() && o.onlyMMC())
}

// needsIS683 reports whether the order asks for a message of IS-683.
func (s *Session) needsIS683() bool {
	return !s.byObjects() || s.listAsObject() && s.skipsSame()
}

// onlyObjects reports whether an order has objects and nothing else. Its MDN
// only says whose they are.
func (o *Order) onlyObjects() bool { return len(o.Objects) > 0 && o.PRL == nil && o.onlyMMC() }

// onlyMMC reports whether nothing is ordered that MMC has no object for.
func (o *Order) onlyMMC() bool {
	return o.NAM == nil && o.IMSIT == nil && len(o.PacketData) == 0 && o.NewSPC == "" && !o.AKey && !o.ReAuth && !o.ReadOut
}
