package configs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/spf13/viper"
	"go.yaml.in/yaml/v3"
)

// Order is what one subscriber is to get, as an orders file says it. Its JSON
// form is the order that an OTASP session takes; the fields without one are
// how the order is found and where its roaming list is.
type Order struct {
	Name       string        `mapstructure:"name" json:"name"`
	MDN        string        `mapstructure:"mdn" json:"mdn,omitempty"`
	ESN        string        `mapstructure:"esn" json:"-"`  // 8 hexadecimal digits
	MEID       string        `mapstructure:"meid" json:"-"` // 14 hexadecimal digits
	PRLFile    string        `mapstructure:"prl_file" json:"-"`
	NAM        *OrderNAM     `mapstructure:"nam" json:"nam,omitempty"`
	IMSIT      *OrderIMSI    `mapstructure:"imsi_t" json:"imsi_t,omitempty"`
	PacketData []OrderData   `mapstructure:"packet_data" json:"packet_data,omitempty"`
	Objects    []OrderObject `mapstructure:"objects" json:"objects,omitempty"` // IOTA only
	SPC        string        `mapstructure:"spc" json:"spc,omitempty"`
	NewSPC     string        `mapstructure:"new_spc" json:"new_spc,omitempty"`
	AKey       bool          `mapstructure:"a_key" json:"a_key,omitempty"`
	ReAuth     bool          `mapstructure:"re_authenticate" json:"re_authenticate,omitempty"`
	SPASM      bool          `mapstructure:"spasm" json:"spasm,omitempty"`       // OTAPA: the AC signs where the NAM is locked, whatever the SPC
	ReadOut    bool          `mapstructure:"read_out" json:"read_out,omitempty"` // nothing is programmed, the handset is read

	// PRL is the content of PRLFile.
	PRL []byte `mapstructure:"-" json:"-"`
}

// OrderIMSI is an IMSI in the parts that IS-683 codes.
type OrderIMSI struct {
	MCC      string `mapstructure:"mcc" json:"mcc"`
	IMSI1112 string `mapstructure:"imsi_11_12" json:"imsi_11_12"`
	S        string `mapstructure:"imsi_s" json:"imsi_s"`
}

// OrderNAM is the number assignment module of an order.
type OrderNAM struct {
	MCC           string        `mapstructure:"mcc" json:"mcc"`
	IMSI1112      string        `mapstructure:"imsi_11_12" json:"imsi_11_12"`
	S             string        `mapstructure:"imsi_s" json:"imsi_s"`
	ACCOLC        uint8         `mapstructure:"accolc" json:"accolc"`
	LocalControl  bool          `mapstructure:"local_control" json:"local_control,omitempty"`
	MobTermHome   bool          `mapstructure:"mob_term_home" json:"mob_term_home"`
	MobTermForSID bool          `mapstructure:"mob_term_for_sid" json:"mob_term_for_sid"`
	MobTermForNID bool          `mapstructure:"mob_term_for_nid" json:"mob_term_for_nid"`
	SIDNID        []OrderSystem `mapstructure:"sid_nid" json:"sid_nid"`
	Analog        *OrderAnalog  `mapstructure:"analog" json:"analog,omitempty"`
}

// OrderSystem is one pair of system and network.
type OrderSystem struct {
	SID uint16 `mapstructure:"sid" json:"SID"`
	NID uint16 `mapstructure:"nid" json:"NID"`
}

// OrderAnalog is what dual-mode handsets hold beside the CDMA NAM.
type OrderAnalog struct {
	FirstCHP uint16 `mapstructure:"firstchp" json:"firstchp"`
	HomeSID  uint16 `mapstructure:"home_sid" json:"home_sid"`
	EX       bool   `mapstructure:"ex" json:"ex"`
}

// OrderData is a packet-data block in hexadecimal digits.
type OrderData struct {
	ID   uint8  `mapstructure:"id" json:"id"`
	Data string `mapstructure:"data" json:"data"`
}

// OrderObject is an object of MMC: a home page, a proxy, an NAI, a boot URL. Its
// value may be a password.
type OrderObject struct {
	Name  string `mapstructure:"name" json:"name"`
	Value string `mapstructure:"value" json:"value,omitempty"`
}

// Document is the order as an OTASP session takes it.
func (o *Order) Document() ([]byte, error) { return json.Marshal(o) }

type ordersFile struct {
	Orders []Order `mapstructure:"orders"`
}

// LoadOrders reads an orders file: YAML with one list "orders", or CSV when
// the name ends in .csv. It reads the roaming lists too, whose names are
// taken relative to the file. Whether an order can be carried out is for its
// importer to say.
func LoadOrders(file string) ([]Order, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("orders: %w", err)
	}
	var entries []*yaml.Node
	if strings.EqualFold(filepath.Ext(file), ".csv") {
		entries, err = orderRows(file, text)
	} else {
		entries, err = orderNodes(file, text)
	}
	if err != nil {
		return nil, err
	}
	orders := make([]Order, len(entries))
	k := checker{file: file}
	n := k.names("orders")
	lists := map[string][]byte{}
	for i, e := range entries {
		if err := decodeOrder(e, &orders[i]); err != nil {
			return nil, Problems{{File: file, Line: e.Line, Text: err.Error()}}
		}
		o := &orders[i]
		key := n.entry(i, o.Name)
		k.orderList(key+".prl_file", filepath.Dir(file), o, lists)
	}
	return orders, k.problems.err()
}

// orderNodes reads YAML.
func orderNodes(file string, text []byte) ([]*yaml.Node, error) {
	doc, err := checkDocument(file, text, reflect.TypeFor[ordersFile]())
	if err != nil {
		return nil, err
	}
	for i := 0; i+1 < len(doc.Content); i += 2 {
		if list := doc.Content[i+1]; list.Kind == yaml.SequenceNode && len(list.Content) > 0 {
			return list.Content, nil
		}
	}
	return nil, Problems{{File: file, Key: "orders", Text: "missing; allowed is a list with one entry or more"}}
}

func decodeOrder(n *yaml.Node, o *Order) error {
	var values map[string]any
	if err := n.Decode(&values); err != nil {
		return err
	}
	v := viper.New()
	if err := v.MergeConfigMap(values); err != nil {
		return err
	}
	return v.UnmarshalExact(o)
}

// maxList is more than PR_LIST_SIZE, 16 bits, can say.
const maxList = 1 << 16

// orderList reads the roaming list of an order. Many orders name the same
// few files; each is read once.
func (k *checker) orderList(key, dir string, o *Order, lists map[string][]byte) {
	if o.PRLFile == "" {
		return
	}
	o.PRLFile = relative(dir, o.PRLFile)
	list, known := lists[o.PRLFile]
	if !known {
		var err error
		list, err = os.ReadFile(o.PRLFile)
		switch {
		case err != nil:
			k.add(key, "%s; allowed is the name of a roaming list relative to this file", err)
		case len(list) == 0 || len(list) > maxList:
			k.add(key, "%s has %d octets; allowed is a roaming list of 1 to %d", o.PRLFile, len(list), maxList)
		}
		lists[o.PRLFile] = list
	}
	o.PRL = list
}
