package push

import "time"

// BindPauses are the pauses after binds that have lasted so long.
func BindPauses(lasted ...time.Duration) (pauses []time.Duration) {
	p := newBindPause()
	for _, d := range lasted {
		pauses = append(pauses, p.after(d))
	}
	return pauses
}
