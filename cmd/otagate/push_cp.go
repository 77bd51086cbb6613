package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/omacp"
)

func newPushCP() *cobra.Command {
	c := &cobra.Command{
		Use:   "cp",
		Short: "OMA client provisioning: settings, with a MAC that says whom they are from",
		Long: "Settings come from an XML file, or from a profile and its fields. A field of the form\n" +
			"NAME=@FILE is read from a file, which is the way for passwords.\n\n" +
			"Profiles and their fields:\n" + profileList() + "\n" +
			"The MAC is made here: neither PIN nor IMSI goes to the gateway. With USERPINMAC there is no\n" +
			"MAC in the push; what the user has to type is printed.",
		Example: "  otagate push cp --pap https://gateway.example/pap --user acme --to 5551234567 --file settings.xml --sec userpin --pin-file pin\n" +
			"  otagate push cp --dry-run --profile apn --set nap-name=Acme --set apn=internet.acme --sec netwpin --imsi 310150123456789",
	}
	var s cpFlags
	f := c.Flags()
	f.StringVar(&s.file, "file", "", "settings in XML")
	f.StringVar(&s.profile, "profile", "", "settings of this kind, made of the fields in --set")
	f.StringArrayVar(&s.set, "set", nil, "FIELD=VALUE or FIELD=@FILE of the profile; may be given several times")
	f.StringVar(&s.sec, "sec", "", "how the handset knows whom the settings are from: netwpin, userpin, usernetwpin, userpinmac, or none (required)")
	f.BoolVar(&s.conservative, "conservative", false, "go back to code page 0 before every value without a token, as older encoders do")
	f.BoolVar(&s.onDevice, "on-device", false, "TO-NAPID and TO-PROXY of --file may name what the handset already has")
	s.key.add(c)
	if err := c.MarkFlagRequired("sec"); err != nil {
		panic(err) // the flag was added in the lines before
	}
	return pushCommand(c, s.compose)
}

// cpFlags are the flags of push cp.
type cpFlags struct {
	file, profile string
	set           []string
	sec           string
	conservative  bool
	onDevice      bool
	key           keyFlags
}

func (s *cpFlags) compose() (p composed, err error) {
	d, err := s.document()
	if err != nil {
		return p, err
	}
	o := omacp.Options{Conservative: s.conservative}
	if strings.EqualFold(s.sec, "none") {
		p.content, err = wappush.CPContent(d, o, nil, omacp.Key{})
		return p, err
	}
	sec, err := omacp.ParseSEC(s.sec)
	if err != nil {
		return p, usageError{fmt.Errorf("--sec %q: want netwpin, userpin, usernetwpin, userpinmac or none", s.sec)}
	}
	key, err := s.key.read(sec)
	if err != nil {
		return p, err
	}
	if p.content, err = wappush.CPContent(d, o, &sec, key); err != nil || sec != omacp.USERPINMAC {
		return p, err
	}
	p.typed, err = omacp.UserPINMAC(p.content.Body, key.PIN)
	return p, err
}

func (s *cpFlags) document() (*omacp.Document, error) {
	switch {
	case (s.file == "") == (s.profile == ""):
		return nil, usageError{errors.New("give --file or --profile, one of them")}
	case s.profile != "":
		return s.fromProfile()
	case len(s.set) > 0:
		return nil, usageError{errors.New("--set is for --profile")}
	}
	text, err := readDocument(s.file)
	if err != nil {
		return nil, err
	}
	d, err := omacp.ParseXML(text)
	if err == nil {
		err = d.Validate(omacp.Rules{Names: omacp.NonTabledNames(), OnDevice: s.onDevice})
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.file, err)
	}
	return d, nil
}

func readDocument(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, maxInput))
	return b, errors.Join(err, f.Close())
}

// fromProfile fills the fields in and makes the document.
func (s *cpFlags) fromProfile() (*omacp.Document, error) {
	p := findProfile(s.profile)
	if p == nil {
		return nil, usageError{fmt.Errorf("--profile %q: want %s", s.profile, strings.Join(profileNames(), ", "))}
	}
	form := p.form()
	for _, text := range s.set {
		if err := form.set(text); err != nil {
			return nil, usageError{fmt.Errorf("--set: %w", err)}
		}
	}
	d, err := form.document()
	if err != nil {
		return nil, fmt.Errorf("profile %s: %w", p.name, err)
	}
	return d, nil
}
