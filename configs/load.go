package configs

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"github.com/spf13/viper"
)

// Load reads a YAML file. What the file does not say has its default; names
// of files are taken relative to the file; the variables of [Environment] go
// before the file. A file that cannot be read as a configuration gives
// [Problems] with line numbers.
//
// Load does not judge the values; [Config.Validate] does.
func Load(file string) (*Config, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	if _, err := checkDocument(file, text, reflect.TypeFor[Config]()); err != nil {
		return nil, err
	}
	v := viper.New()
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(text)); err != nil {
		return nil, Problems{{File: file, Text: err.Error()}}
	}
	if err := bindEnvironment(v); err != nil {
		return nil, err
	}
	c := Default()
	if err := v.UnmarshalExact(c, viper.DecodeHook(decodeHook)); err != nil {
		return nil, Problems{{File: file, Text: err.Error()}}
	}
	c.File = file
	c.resolve(filepath.Dir(file))
	return c, nil
}

// decodeHook puts the defaults of a list entry in before its keys are read,
// and reads durations.
func decodeHook(from, to reflect.Value) (any, error) {
	if !to.CanAddr() {
		return from.Interface(), nil
	}
	switch entry := to.Addr().Interface().(type) {
	case *Account:
		*entry = defaultAccount()
	case *MSC:
		*entry = defaultMSC()
	case *Peer:
		*entry = defaultPeer()
	case *Link:
		*entry = defaultLink()
	case *Via:
		*entry = defaultVia()
	case *NamedTLV:
		*entry = defaultNamedTLV()
	case *ScreenedPeer:
		*entry = defaultScreenedPeer()
	case *time.Duration:
		if from.Kind() == reflect.String {
			return time.ParseDuration(from.String())
		}
	}
	return from.Interface(), nil
}

// resolve makes the names of files independent of the working directory.
func (c *Config) resolve(dir string) {
	for _, file := range c.files() {
		*file = relative(dir, *file)
	}
}

func relative(dir, file string) string {
	if file == "" || filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(dir, file)
}

// files are all names of files.
func (c *Config) files() []*string {
	files := []*string{&c.Store.Path, &c.SMPP.TLS.Certificate, &c.SMPP.TLS.Key, &c.SMPP.TLS.ClientCA, &c.HTTP.Certificate, &c.HTTP.Key, &c.IOTA.Certificate, &c.IOTA.Key, &c.IOTA.ClientCA, &c.Backend.TokenFile}
	for i := range c.SMPP.Accounts {
		files = append(files, &c.SMPP.Accounts[i].PasswordHashFile)
	}
	for i := range c.HTTP.Initiators {
		files = append(files, &c.HTTP.Initiators[i].PasswordHashFile)
	}
	for i := range c.Links {
		l := &c.Links[i]
		files = append(files, &l.PasswordFile, &l.TLS.CA, &l.TLS.Certificate, &l.TLS.Key)
	}
	for i := range c.Push.Profiles {
		files = append(files, &c.Push.Profiles[i].File)
	}
	return files
}
