//go:build interop

package stp

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/internal/testwait"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sctp"
)

// The two point codes that the configurations of osmo-stp route.
var (
	pcA = mtp.ANSI(1, 1, 1)
	pcB = mtp.ANSI(2, 2, 2)
)

var local = netip.MustParseAddr("127.0.0.1")

// at is an association from port on this host to osmo-stp.
func at(port uint16) sctp.KernelAddr {
	return sctp.KernelAddr{Local: []netip.Addr{local}, LocalPort: port, Remote: []netip.Addr{local}, RemotePort: 2905}
}

func dial(addr sctp.KernelAddr) func(context.Context) (m3ua.Association, error) {
	return func(ctx context.Context) (m3ua.Association, error) {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		return sctp.DialKernel(ctx, addr)
	}
}

// config is an ASP that is quick to notice what happens.
func config(name string, addr sctp.KernelAddr, rc ...uint32) m3ua.ClientConfig {
	return m3ua.ClientConfig{
		Name: name, RoutingContext: rc, TrafficMode: m3ua.Loadshare,
		Peers: []m3ua.PeerConfig{{Name: "osmo-stp", Dial: dial(addr)}},
		Beat:  time.Second, ReconnectMin: 100 * time.Millisecond, ReconnectMax: time.Second,
	}
}

// asp is one of our ASPs with a user that keeps what it hears.
type asp struct {
	*m3ua.Client
	t    *testing.T
	stop func()
	log  *testlog.Log

	mu   sync.Mutex
	got  []mtp.Transfer
	said []string
	seen []sight
}

// sight is one M3UA message that passed.
type sight struct {
	dir m3ua.Direction
	msg m3ua.Message
}

// startASP runs an ASP until the test ends or stop is called, which leaves in
// an orderly way.
func startASP(t *testing.T, cfg m3ua.ClientConfig) *asp {
	t.Helper()
	a := &asp{t: t, log: &testlog.Log{}}
	cfg.Tap = a.tap
	a.Client = m3ua.NewClient(cfg, a, zerolog.New(a.log))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	a.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		a.stop()
		if t.Failed() {
			t.Logf("%s logged:\n%s", cfg.Name, a.log)
		}
	})
	return a
}

// active waits for ASP-ACTIVE.
func (a *asp) active() *asp {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(a.t.Context(), patience)
	defer cancel()
	if err := a.WaitActive(ctx); err != nil {
		a.t.Fatal(err)
	}
	return a
}

func (a *asp) tap(dir m3ua.Direction, _ string, b []byte) {
	m, err := m3ua.Decode(slices.Clone(b))
	if err != nil {
		a.t.Errorf("%v message does not decode: %v: %x", dir, err, b)
		return
	}
	if m.Type() == m3ua.TypeData {
		return // kept by Transfer
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen = append(a.seen, sight{dir, m})
}

// messages are those of a type that passed in a direction.
func (a *asp) messages(dir m3ua.Direction, typ m3ua.Type) (all []m3ua.Message) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.seen {
		if s.dir == dir && s.msg.Type() == typ {
			all = append(all, s.msg)
		}
	}
	return all
}

// notified waits for NTFY with each status, in this order.
func (a *asp) notified(want ...m3ua.Status) {
	a.t.Helper()
	var got []m3ua.Status
	ok := testwait.For(patience, func() bool {
		got = nil
		for _, m := range a.messages(m3ua.Received, m3ua.TypeNotify) {
			got = append(got, m.(*m3ua.Notify).Status)
		}
		i := 0
		for _, s := range got {
			if i < len(want) && s == want[i] {
				i++
			}
		}
		return i == len(want)
	})
	if !ok {
		a.t.Fatalf("NTFY received: %v, want %v", got, want)
	}
}

// forget drops what was heard and seen.
func (a *asp) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.got, a.said, a.seen = nil, nil, nil
}

// heard waits until the user was told all of want, in this order.
func (a *asp) heard(want ...string) {
	a.t.Helper()
	var said []string
	ok := testwait.For(patience, func() bool {
		a.mu.Lock()
		said = slices.Clone(a.said)
		a.mu.Unlock()
		i := 0
		for _, s := range said {
			if i < len(want) && s == want[i] {
				i++
			}
		}
		return i == len(want)
	})
	if !ok {
		a.t.Fatalf("the user heard %q, want %q", said, want)
	}
}

// Transfer is MTP-TRANSFER to the user.
func (a *asp) Transfer(t mtp.Transfer) {
	t.Data = slices.Clone(t.Data)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.got = append(a.got, t)
}

func (a *asp) say(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.said = append(a.said, fmt.Sprintf(format, args...))
}

// Pause is MTP-PAUSE.
func (a *asp) Pause(pc mtp.PointCode) { a.say("pause %v", pc) }

// Resume is MTP-RESUME.
func (a *asp) Resume(pc mtp.PointCode) { a.say("resume %v", pc) }

// Status is MTP-STATUS.
func (a *asp) Status(s mtp.Status) { a.say("status %v", s.Affected) }

func (a *asp) data() []mtp.Transfer {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.got)
}

// slsCount is how many signalling links the traffic is spread over.
const slsCount = 16

// numbered is message i of a run; its number is in the user data.
func numbered(from, to mtp.PointCode, i int) mtp.Transfer {
	return mtp.Transfer{OPC: from, DPC: to, SI: mtp.ServiceSCCP, NI: mtp.National, Priority: 0, SLS: uint8(i % slsCount),
		Data: binary.BigEndian.AppendUint32([]byte("otagate "), uint32(i))}
}

// send sends messages first to first+n-1; a full queue is waited for.
func (a *asp) send(from, to mtp.PointCode, first, n int) {
	a.t.Helper()
	for i := first; i < first+n; i++ {
		var err error
		ok := testwait.For(patience, func() bool {
			err = a.Client.Transfer(numbered(from, to, i))
			return err != m3ua.ErrBusy
		})
		if !ok || err != nil {
			a.t.Fatalf("message %d: %v", i, err)
		}
	}
}

// arrived waits for messages first to first+n-1 and holds each against what
// was sent. Within one SLS the order must be that of sending, and nothing may
// come twice.
func (a *asp) arrived(from, to mtp.PointCode, first, n int) {
	a.t.Helper()
	testwait.For(patience, func() bool { return len(a.data()) >= n })
	got := a.data()
	if err := inOrder(got, from, to, first, n); err != nil {
		a.t.Fatal(err)
	}
}

func inOrder(got []mtp.Transfer, from, to mtp.PointCode, first, n int) error {
	if len(got) != n {
		return fmt.Errorf("%d messages have arrived, want %d", len(got), n)
	}
	next := map[uint8]int{}
	for i := first; i < first+slsCount; i++ {
		next[uint8(i%slsCount)] = i
	}
	for _, t := range got {
		i := next[t.SLS]
		next[t.SLS] += slsCount
		if want := numbered(from, to, i); fmt.Sprint(t) != fmt.Sprint(want) {
			return fmt.Errorf("arrived %v, want %v", t, want)
		}
	}
	return nil
}

// reaches waits until a destination is not said to be unavailable.
func (a *asp) reaches(pc mtp.PointCode) {
	a.t.Helper()
	eventually(a.t, fmt.Sprintf("%v can be reached", pc), func() bool { return !slices.Contains(a.State().Unavailable, pc) })
}
