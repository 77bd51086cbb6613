//go:build !race

package demo

const (
	killedEvery = 1
	raceIsOn    = false
)
