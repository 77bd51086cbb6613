package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/otagate/otagate/wappush/omacp"
)

// profile is a kind of settings that is made of fields.
type profile struct {
	name string
	form func() *form // a new one, with its defaults
}

// profiles are the builders of package omacp.
func profiles() []profile {
	return []profile{
		{"apn", apnForm},
		{"browser-proxy", browserProxyForm},
		{"mms", mmsForm},
		{"email", emailForm},
		{"dm-account", dmAccountForm},
		{"brew", brewForm},
	}
}

func findProfile(name string) *profile {
	for _, p := range profiles() {
		if p.name == name {
			return &p
		}
	}
	return nil
}

func profileNames() (names []string) {
	for _, p := range profiles() {
		names = append(names, p.name)
	}
	return names
}

// profileList is the profiles and their fields, for people.
func profileList() string {
	const width = 94
	var s strings.Builder
	for _, p := range profiles() {
		line := fmt.Sprintf("  %-14s", p.name)
		for _, f := range p.form().fields {
			if len(line)+1+len(f.name) > width {
				s.WriteString(line + "\n")
				line = strings.Repeat(" ", 16)
			}
			line += " " + f.name
		}
		s.WriteString(line + "\n")
	}
	return s.String()
}

// form is the fields of one document.
type form struct {
	fields   []field
	document func() (*omacp.Document, error)
}

// field is one value that can be filled in.
type field struct {
	name string
	put  func(value string) error // its error does not show the value
}

// set reads NAME=VALUE or NAME=@FILE.
func (f *form) set(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return fmt.Errorf("%q: want FIELD=VALUE", name)
	}
	var known []string
	for i := range f.fields {
		if f.fields[i].name == name {
			return f.fields[i].fill(value)
		}
		known = append(known, f.fields[i].name)
	}
	return fmt.Errorf("no field %q; there are %s", name, strings.Join(known, ", "))
}

func (f *field) fill(value string) error {
	if file, is := strings.CutPrefix(value, "@"); is {
		text, err := readSecret(file)
		if err != nil {
			return err
		}
		value = text
	}
	if err := f.put(value); err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	return nil
}

// textField takes any text; strings and passwords are.
func textField[T ~string](name string, into *T) field {
	return field{name, func(v string) error { *into = T(v); return nil }}
}

func flagField(name string, into *bool) field {
	return field{name, func(v string) (err error) {
		if *into, err = strconv.ParseBool(v); err != nil {
			return errors.New("want true or false")
		}
		return nil
	}}
}

func portField(name string, into *uint16) field {
	return field{name, func(v string) error {
		n, err := strconv.ParseUint(v, 10, 16)
		if err != nil || n == 0 {
			return errors.New("want 1 to 65535")
		}
		*into = uint16(n)
		return nil
	}}
}

func numberField(name string, into *int) field {
	return field{name, func(v string) (err error) {
		if *into, err = strconv.Atoi(v); err != nil || *into < 1 {
			return errors.New("want a number")
		}
		return nil
	}}
}

// nonceField takes base64.
func nonceField(name string, into *omacp.Password) field {
	return field{name, func(v string) error {
		b, err := parseNonce(v)
		*into = omacp.Password(b)
		return err
	}}
}

// wordField takes one of the words of a table.
func wordField[T any](name string, into *T, words []string, values []T) field {
	return field{name, func(v string) error {
		for i := range words {
			if words[i] == v {
				*into = values[i]
				return nil
			}
		}
		return fmt.Errorf("want %s", strings.Join(words, ", "))
	}}
}
