package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/prl"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/ss7/ansi41"
)

// orderSource tells what a subscriber is to get. It is what the gateway needs
// of a provisioning back-end; a nil order means there is none.
type orderSource interface {
	find(ctx context.Context, q otasp.Query) (*otasp.Order, error)
	fill(o *otasp.Order) error
}

// orderStore is what the built-in order source needs of the session store.
type orderStore interface {
	sessions.Orders
	sessions.Blobs
}

// storedOrders finds orders that were imported into the store.
type storedOrders struct {
	store orderStore
	mu    sync.Mutex
	lists map[string][]byte // roaming lists by name; a name is the digest of its list
}

func newStoredOrders(s orderStore) *storedOrders {
	return &storedOrders{store: s, lists: map[string][]byte{}}
}

// find asks by the name of the order or by the MDN when the session knows one,
// else by what the handset said of itself: MIN, MEID, ESN. An order carried out
// already is not an order any more.
func (s *storedOrders) find(ctx context.Context, q otasp.Query) (*otasp.Order, error) {
	for _, by := range queries(q) {
		o, err := s.store.FindOrder(ctx, by)
		if errors.Is(err, sessions.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if o.Done {
			continue
		}
		return s.decode(o)
	}
	return nil, nil
}

func queries(q otasp.Query) []sessions.OrderQuery {
	var all []sessions.OrderQuery
	if q.OrderName != "" {
		return append(all, sessions.OrderQuery{Name: q.OrderName})
	}
	if mdn, err := sessions.ParseMDN(q.MDN); err == nil {
		return append(all, sessions.OrderQuery{MDN: mdn})
	}
	if q.MIN != "" {
		all = append(all, sessions.OrderQuery{MIN: q.MIN})
	}
	if q.MEID != "" {
		all = append(all, sessions.OrderQuery{MEID: q.MEID})
	}
	if q.ESN != 0 {
		all = append(all, sessions.OrderQuery{ESN: ansi41.ESN(q.ESN).String()})
	}
	return all
}

func (s *storedOrders) decode(o sessions.Order) (*otasp.Order, error) {
	var order otasp.Order
	if err := json.Unmarshal(o.Doc, &order); err != nil {
		return nil, fmt.Errorf("order %s: %w", o.Name, err)
	}
	order.Revision = o.Revision
	return &order, s.fill(&order)
}

// fill puts the roaming list into an order that names one.
func (s *storedOrders) fill(o *otasp.Order) error {
	if o.PRL == nil {
		return nil
	}
	s.mu.Lock()
	list, known := s.lists[o.PRL.Name]
	s.mu.Unlock()
	if !known {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		var err error
		if list, err = s.store.Blob(ctx, o.PRL.Name); errors.Is(err, sessions.ErrNotFound) {
			return nil // an import may bring it yet
		} else if err != nil {
			return err
		}
		s.mu.Lock()
		s.lists[o.PRL.Name] = list
		s.mu.Unlock()
	}
	o.PRL.Data = list
	return nil
}

// ImportOrders checks the orders and puts them into the store, all or none.
// An order with the name of an older one takes its place, and is open even when
// the older one was the same and done.
func ImportOrders(ctx context.Context, store orderStore, orders []configs.Order) error {
	rows, lists, err := orderRows(orders)
	if err != nil {
		return err
	}
	return putOrders(ctx, store, rows, lists)
}

// RefreshOrders is ImportOrders for those orders that the store does not have
// like this: a file that is read at every start opens nothing that was done.
func RefreshOrders(ctx context.Context, store orderStore, orders []configs.Order) error {
	rows, lists, err := orderRows(orders)
	if err != nil {
		return err
	}
	var news []sessions.Order
	for _, row := range rows {
		old, err := store.FindOrder(ctx, sessions.OrderQuery{Name: row.Name})
		if err != nil && !errors.Is(err, sessions.ErrNotFound) {
			return err
		}
		old.Done, old.Revision, old.UpdatedAt = row.Done, row.Revision, row.UpdatedAt
		if !reflect.DeepEqual(old, row) {
			news = append(news, row)
		}
	}
	return putOrders(ctx, store, news, lists)
}

func orderRows(orders []configs.Order) (rows []sessions.Order, lists imported, err error) {
	lists = imported{}
	for i := range orders {
		row, err := orderRow(&orders[i], lists)
		if err != nil {
			return nil, nil, fmt.Errorf("order %s: %w", orders[i].Name, err)
		}
		rows = append(rows, row)
	}
	return rows, lists, nil
}

func putOrders(ctx context.Context, store orderStore, rows []sessions.Order, lists imported) error {
	for _, list := range lists {
		if err := store.PutBlob(ctx, list.Name, list.Data); err != nil {
			return err
		}
	}
	return store.PutOrders(ctx, rows)
}

// imported are the roaming lists of one import by the octets of their files:
// thousands of orders have the same one.
type imported map[string]*otasp.PRL

// list checks a roaming list. It is stored under its digest, so that a session
// ends with the list it began with, and without padding behind it, which a
// handset would take for a part of it.
func (m imported) list(file []byte) (*otasp.PRL, error) {
	if known, ok := m[string(file)]; ok {
		return known, nil
	}
	list, err := prl.Decode(file)
	if err != nil {
		return nil, err
	}
	for _, p := range prl.Validate(list, prl.Limits{}) {
		if !p.Warning {
			return nil, fmt.Errorf("prl: %s", p)
		}
	}
	data := file[:binary.BigEndian.Uint16(file)] // PR_LIST_SIZE
	sum := sha256.Sum256(data)
	m[string(file)] = &otasp.PRL{Name: "prl/" + hex.EncodeToString(sum[:]), ID: list.ID, Extended: list.PRev == prl.Extended, Data: data}
	return m[string(file)], nil
}

// orderRow turns an order of a file into one of the store.
func orderRow(o *configs.Order, lists imported) (sessions.Order, error) {
	doc, err := o.Document()
	if err != nil {
		return sessions.Order{}, err
	}
	var order otasp.Order
	if err := json.Unmarshal(doc, &order); err != nil {
		return sessions.Order{}, err
	}
	if len(o.PRL) > 0 {
		if order.PRL, err = lists.list(o.PRL); err != nil {
			return sessions.Order{}, err
		}
	}
	if err := order.Validate(); err != nil {
		return sessions.Order{}, err
	}
	if doc, err = json.Marshal(&order); err != nil {
		return sessions.Order{}, err
	}
	row := sessions.Order{Name: o.Name, MIN: order.MIN(), IMSI: order.IMSI(), ESN: strings.ToUpper(o.ESN), MEID: strings.ToUpper(o.MEID), Doc: doc, UpdatedAt: time.Now()}
	if o.MDN != "" {
		row.MDN, err = sessions.ParseMDN(o.MDN)
	}
	return row, err
}
