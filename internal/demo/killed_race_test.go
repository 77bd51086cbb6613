//go:build race

package demo

// The race detector makes each gateway several times as slow.
const (
	killedEvery = 12
	raceIsOn    = true
)
