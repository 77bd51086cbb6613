package iota_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/otasp/iota"
)

func TestAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*iota.Report, *iota.Document)
		id     string
		says   string // empty when it does answer
	}{
		"as it is":                {func(*iota.Report, *iota.Document) {}, "", ""},
		"the other way round":     {func(r *iota.Report, _ *iota.Document) { slices.Reverse(r.Details) }, "", ""},
		"no transaction":          {func(r *iota.Report, _ *iota.Document) { r.MMCID = "" }, "", ""},
		"the first transaction":   {func(_ *iota.Report, d *iota.Document) { d.MMCID = "" }, "", ""},
		"another transaction":     {func(r *iota.Report, _ *iota.Document) { r.MMCID = "1235" }, "", "another transaction"},
		"a method unasked":        {func(_ *iota.Report, d *iota.Document) { d.Methods[0].ReportStatus = false }, "", ""},
		"a detail missing":        {func(r *iota.Report, _ *iota.Document) { r.Details = r.Details[:1] }, "5", "no detail"},
		"one not asked for":       {func(r *iota.Report, d *iota.Document) { r.Details, d.Methods[1].ReportStatus = r.Details[:1], false }, "", ""},
		"missing after an error":  {func(r *iota.Report, _ *iota.Document) { r.Details, r.Status = nil, iota.StatusError }, "", ""},
		"missing after a warning": {func(r *iota.Report, _ *iota.Document) { r.Details, r.Status = nil, iota.StatusWarning }, "4", "no detail"},
		"an unknown id":           {func(r *iota.Report, _ *iota.Document) { r.Details[1].ID = "6" }, "6", "no such method"},
		"unknown after an error":  {func(r *iota.Report, _ *iota.Document) { r.Details[1].ID, r.Status = "6", iota.StatusError }, "6", "no such method"},
		"another name":            {func(r *iota.Report, _ *iota.Document) { r.Details[1].Name = iota.NameWrite }, "5", `"write" and not of "read"`},
		"another object":          {func(r *iota.Report, _ *iota.Document) { r.Details[1].Object = iota.ObjectModel }, "5", `"phone:model"`},
		"details of one":          {func(r *iota.Report, _ *iota.Document) { r.Details = append(r.Details, r.Details[0]) }, "4", "two details"},
	} {
		r, d := exchangeReport().Report, exchange().Document
		tt.change(r, d)
		err := r.Answers(d)
		if tt.says == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var bad *iota.MismatchError
		if !errors.As(err, &bad) || bad.ID != tt.id || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
