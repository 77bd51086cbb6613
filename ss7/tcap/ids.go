package tcap

import (
	"crypto/aes"
	"crypto/cipher"
	crand "crypto/rand"
	"encoding/binary"
)

// ids walks through the ids of a node in a secret order: a counter goes through
// a permutation of all of them, which a random key picks. So no id comes again
// before all others were used, and who has seen any number of them learns
// nothing about the next, or about those that are open.
type ids struct {
	block    cipher.Block
	counter  uint32
	node     uint32 // the high bits
	low, bit uint32 // widths: of the low half, of both
	in, out  [aes.BlockSize]byte
}

// idRounds is as many as the ciphers for small domains take (NIST SP 800-38G).
const idRounds = 10

func newIDs(node uint8, nodeBits uint8) *ids {
	var key [16]byte
	crand.Read(key[:]) // never fails
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // of the length of the key only
	}
	bit := 32 - uint32(nodeBits)
	return &ids{block: block, node: uint32(uint64(node) << bit), low: bit / 2, bit: bit}
}

// next is the next id; it may be 0.
func (d *ids) next() uint32 {
	d.counter++
	return d.node | d.permute(d.counter&d.mask(d.bit))
}

func (d *ids) mask(bits uint32) uint32 { return uint32(uint64(1)<<bits - 1) }

// permute is a Feistel network: each round changes one half by what the cipher
// makes of the other.
func (d *ids) permute(x uint32) uint32 {
	lowMask, highMask := d.mask(d.low), d.mask(d.bit-d.low)
	low, high := x&lowMask, x>>d.low
	for round := range uint32(idRounds) {
		if round%2 == 0 {
			high ^= d.mix(round, low) & highMask
		} else {
			low ^= d.mix(round, high) & lowMask
		}
	}
	return high<<d.low | low
}

// lateWindow is how many ids back a late answer may come from. Of guesses at
// random, one in 256 looks like one.
const lateWindow = 1 << 20

// used tells whether id was given out not long ago: an answer to it is late,
// and not a guess.
func (d *ids) used(id uint32) bool {
	if id&^d.mask(d.bit) != d.node {
		return false
	}
	age := (d.counter - d.restore(id&d.mask(d.bit))) & d.mask(d.bit)
	return age < lateWindow && age < d.counter
}

// restore undoes permute.
func (d *ids) restore(x uint32) uint32 {
	lowMask, highMask := d.mask(d.low), d.mask(d.bit-d.low)
	low, high := x&lowMask, x>>d.low
	for round := uint32(idRounds); round > 0; round-- {
		if (round-1)%2 == 0 {
			high ^= d.mix(round-1, low) & highMask
		} else {
			low ^= d.mix(round-1, high) & lowMask
		}
	}
	return high<<d.low | low
}

func (d *ids) mix(round, half uint32) uint32 {
	binary.BigEndian.PutUint32(d.in[:4], round)
	binary.BigEndian.PutUint32(d.in[4:8], half)
	d.block.Encrypt(d.out[:], d.in[:])
	return binary.BigEndian.Uint32(d.out[:4])
}
