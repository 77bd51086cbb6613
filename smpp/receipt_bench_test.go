package smpp_test

import (
	"testing"
	"time"

	"github.com/otagate/otagate/smpp"
)

func BenchmarkReceipt(b *testing.B) {
	r := smpp.Receipt{ID: "0123456789abcdef", Sub: 1, Dlvrd: 1, SubmitDate: time.Unix(1e9, 0), DoneDate: time.Unix(1e9, 0), Stat: smpp.MessageDelivered, Text: "hello"}
	text, err := r.Append(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := r.Append(text[:0]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := smpp.ParseReceipt(text, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
