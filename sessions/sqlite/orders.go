package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/otagate/otagate/sessions"
)

const orderColumns = "name, mdn, min, imsi, esn, meid, doc, done, updated_at, revision"

// PutOrders inserts or replaces orders; see sessions.Orders.
func (s *Store) PutOrders(ctx context.Context, orders []sessions.Order) error {
	for i := range orders {
		if orders[i].Name == "" {
			return fmt.Errorf("%w: order %d of %d without a name", sessions.ErrInvalid, i+1, len(orders))
		}
	}
	_, err := do(ctx, s, func(w *writer) (struct{}, error) {
		for i := range orders {
			if err := w.putOrder(&orders[i]); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	return err
}

func (w *writer) putOrder(o *sessions.Order) error {
	done, at := int64(0), micros(o.UpdatedAt)
	if o.Done {
		done = 1
	}
	if at == 0 {
		at = w.now
	}
	_, err := w.exec(&w.st.putOrder, o.Name, int64(o.MDN), o.MIN, o.IMSI, o.ESN, o.MEID, octets(o.Doc), done, at)
	return err
}

// FindOrder finds an order by one of its fields; see sessions.OrderQuery.
func (s *Store) FindOrder(ctx context.Context, q sessions.OrderQuery) (sessions.Order, error) {
	field, text, err := q.Field()
	if err != nil {
		return sessions.Order{}, err
	}
	arg := any(text)
	if field == "mdn" {
		arg = int64(q.MDN)
	}
	if err := ctx.Err(); err != nil {
		return sessions.Order{}, err
	}
	// One row by an index. With a context that can end, the driver and
	// database/sql each start a goroutine that waits for it: twice the time.
	row := s.find[field].QueryRowContext(context.WithoutCancel(ctx), arg)
	var o sessions.Order
	var mdn, at int64
	err = row.Scan(&o.Name, &mdn, &o.MIN, &o.IMSI, &o.ESN, &o.MEID, &o.Doc, &o.Done, &at, &o.Revision)
	if err != nil {
		return sessions.Order{}, readError(err)
	}
	o.MDN, o.UpdatedAt = sessions.MDN(mdn), fromMicros(at)
	return o, nil
}

// finders prepares a query for each field by which orders are found: a caller
// waits for it, and reading the text of a query takes longer than running it.
func finders(ctx context.Context, db *sql.DB) (map[string]*sql.Stmt, error) {
	find := map[string]*sql.Stmt{}
	for _, field := range []string{"name", "mdn", "min", "imsi", "esn", "meid"} {
		// The condition that the field is not empty lets the partial index be used.
		unset := "''"
		if field == "mdn" {
			unset = "0"
		}
		st, err := db.PrepareContext(ctx, "SELECT "+orderColumns+" FROM provisioning_order WHERE "+field+" = ? AND "+
			field+" <> "+unset+" ORDER BY done, updated_at DESC, name LIMIT 1")
		if err != nil {
			return nil, err
		}
		find[field] = st
	}
	return find, nil
}

// PutBlob stores data under a name, in place of what was there.
func (s *Store) PutBlob(ctx context.Context, name string, data []byte) error {
	_, err := do(ctx, s, func(w *writer) (struct{}, error) {
		_, err := w.exec(&w.st.putBlob, name, octets(data), w.now)
		return struct{}{}, err
	})
	return err
}

// Blob reads what PutBlob stored.
func (s *Store) Blob(ctx context.Context, name string) ([]byte, error) {
	var data []byte
	err := s.read.QueryRowContext(ctx, "SELECT data FROM blob WHERE name = ?", name).Scan(&data)
	return data, readError(err)
}

// Ping writes, commits and so proves that the store takes changes.
func (s *Store) Ping(ctx context.Context) error {
	_, err := do(ctx, s, func(w *writer) (struct{}, error) {
		_, err := w.exec(&w.st.ping, time.Now().UnixMicro())
		return struct{}{}, err
	})
	return err
}
