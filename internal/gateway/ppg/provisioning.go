package ppg

import (
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/pap"
	"github.com/otagate/otagate/wappush/wsp"
)

// provisioning is a document of client provisioning, or a bootstrap of DM, with
// the MAC of its initiator.
func provisioning(m wsp.MediaType, params map[string]string, rules omacp.Rules, body []byte) (c wappush.Content, err error) {
	switch m {
	case wsp.ConnectivityXML:
		c, err = settings(rules, body)
	case wsp.ConnectivityWBXML:
		var d omacp.Document
		if err = d.Decode(body); err == nil {
			err = d.Validate(rules)
		}
		c = wappush.Content{Type: m, Body: body} // to the octet, as the MAC is
	default:
		c = wappush.Content{Type: m, Body: body}
	}
	if err != nil {
		return c, refused(pap.CodeTransformationFailure, "content: %w", err)
	}
	return c, secure(&c, params)
}

// settings makes a document binary. An initiator that gives a MAC beside the text
// knows what it becomes.
func settings(rules omacp.Rules, body []byte) (wappush.Content, error) {
	d, err := omacp.ParseXML(body)
	if err == nil {
		err = d.Validate(rules)
	}
	if err != nil {
		return wappush.Content{}, err
	}
	return wappush.CPContent(d, omacp.Options{}, nil, omacp.Key{})
}

// secure takes SEC and MAC over.
func secure(c *wappush.Content, params map[string]string) error {
	sec, hasSEC := params["sec"]
	mac, hasMAC := params["mac"]
	if _, has := params["pin"]; has {
		return refused(pap.CodeBadRequest, "content: a PIN is not taken; give the MAC that was made with it")
	}
	if !hasSEC {
		if hasMAC {
			return refused(pap.CodeBadRequest, "content: MAC without SEC")
		}
		return nil
	}
	method, err := parseSEC(sec)
	switch raw, bad := hex.DecodeString(mac); {
	case err != nil:
		return err
	case hasMAC && (bad != nil || len(raw) != 20):
		return refused(pap.CodeBadRequest, "content: MAC: want 40 hexadecimal digits")
	case hasMAC:
		c.SEC, c.MAC = uint8(method), []byte(strings.ToUpper(mac)) // no handset is known to be sent another
	case method == omacp.USERPINMAC: // the user has the MAC
		c.SEC, c.Secured = uint8(method), true
	default:
		return refused(pap.CodeBadRequest, "content: SEC %v without MAC", method)
	}
	return nil
}

// parseSEC reads the number of a method, or its name.
func parseSEC(s string) (omacp.SEC, error) {
	if n, err := strconv.ParseUint(s, 10, 8); err == nil && n <= uint64(omacp.USERPINMAC) {
		return omacp.SEC(n), nil
	}
	m, err := omacp.ParseSEC(s)
	if err != nil {
		return 0, refused(pap.CodeBadRequest, "content: SEC: want 0 to 3, or the method's name")
	}
	return m, nil
}
