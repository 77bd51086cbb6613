package otagate_test

// Modules that go.mod requires for what is not written yet. A line goes when a
// package imports its module.
import (
	_ "github.com/prometheus/client_golang/prometheus"
	_ "github.com/prometheus/client_golang/prometheus/promhttp"
)
