//go:build interop && throughput

package smpp_test

import (
	"encoding/xml"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/interop/doctable"
	"github.com/otagate/otagate/internal/testwait"
	"github.com/otagate/otagate/smpp"
)

var (
	messages = flag.Int("messages", 20000, "messages to otagate serve; a twentieth of them to the server without quick acknowledgements")
	clients  = flag.Int("clients", 16, "HTTP connections that give them to the smsbox")
)

// goal is how many messages a second Kannel is to send to us on a machine that has
// nothing else to do, where a server that lets it wait has some 300.
const goal = 4000

// run is what one measurement gave.
type run struct {
	what     string
	messages int
	rate     float64 // a second
	cpu      float64 // seconds of Kannel, for 10,000
}

// TestThroughput shows what TCP_QUICKACK does for Kannel, which leaves Nagle's algorithm
// on. It is a script in the form of a test, and not among those that make interop-smpp runs.
// It fails when a message or a receipt is missing, or when Kannel is not even faster; whether
// the goal is met, of which a busy machine knows nothing, it says.
func TestThroughput(t *testing.T) {
	plain := measure(t, "without quick acknowledgements", *messages/20, func(t *testing.T, addr string) {
		// A connection that is tapped has none.
		tapped := smpp.TapListener(listenOn(t, addr), func(net.Addr) (_, _ func([]byte)) { return ignore, ignore })
		serveSink(t, &sink{}, tapped, smpp.ServerConfig{})
	})
	library := measure(t, "`smpp.Server`, which stores nothing", *messages, func(t *testing.T, addr string) {
		serveSink(t, &sink{}, listenOn(t, addr), smpp.ServerConfig{})
	})
	ours := measure(t, "`otagate serve`", *messages, func(t *testing.T, addr string) {
		ln := listen(t)
		serveSink(t, &sink{}, ln, smpp.ServerConfig{})
		serveGateway(t, setting{listen: addr, centre: "smpp://" + ln.Addr().String(), password: password, window: 1000})
	})
	ratio, met := ours.rate/plain.rate, "met"
	if ours.rate < goal {
		met = "missed"
	}
	fmt.Printf("otagate serve: %.0f msg/s (goal of a quiet machine: %d, %s); %.1f times what there is without quick acknowledgements\n", ours.rate, goal, met, ratio)
	if ratio <= 1 {
		t.Errorf("Kannel is %.1f times as fast with us", ratio)
	}
	if *writeDocs && !t.Failed() {
		if err := doctable.Put(doctable.Docs, "interop-kannel", throughputText(plain, library, ours)); err != nil {
			t.Error(err)
		}
	}
}

func ignore([]byte) {}

// measure has the bearerbox send what waits in it, and take the receipts: from the first
// message that it says it has sent to the last receipt.
func measure(t *testing.T, what string, n int, serve func(t *testing.T, addr string)) (r run) {
	t.Run(what, func(t *testing.T) {
		port := freePort(t)
		lines := fmt.Sprintf("port = %d\ntransceiver-mode = true", port)
		k := startKannel(t, kannelLink{port: lines, system: account, password: password, enquire: 30})
		load(t, k, n)
		serve(t, fmt.Sprintf("127.0.0.1:%d", port))
		before := cpu(t, k)
		var began time.Time
		if !testwait.For(5*time.Minute, func() bool {
			sent, receipts, err := k.counts()
			if began.IsZero() && sent > 0 {
				began = time.Now()
			}
			return err == nil && receipts >= n
		}) {
			sent, receipts, err := k.counts()
			t.Fatalf("of %d messages %d were sent, and %d receipts came: %v", n, sent, receipts, err)
		}
		r = run{what, n, float64(n) / time.Since(began).Seconds(), (cpu(t, k) - before).Seconds() * 1e4 / float64(n)}
		fmt.Printf("%s: %d messages with receipts, %.0f msg/s; %.2f CPU s of Kannel for 10,000; load average %s\n", what, n, r.rate, r.cpu, loadAverage())
	})
	if r.rate == 0 {
		t.FailNow()
	}
	return r
}

// load gives the smsbox n messages over connections that stand.
func load(t *testing.T, k *kannel, n int) {
	t.Helper()
	var all sync.WaitGroup
	var given atomic.Int64
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: *clients}}
	for range *clients {
		all.Go(func() {
			for given.Add(1) <= int64(n) {
				if err := k.send(client, url.Values{"text": {"hello from kannel, a text of 40 letters.."}, "dlr-mask": {"3"}}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	client.CloseIdleConnections()
}

// cpu is what the boxes have used.
func cpu(t *testing.T, k *kannel) (sum time.Duration) {
	t.Helper()
	for _, c := range k.boxes {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		var user, system int64
		f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
		if _, err := fmt.Sscan(f[11]+" "+f[12], &user, &system); err != nil {
			t.Fatal(err)
		}
		sum += time.Duration(user+system) * 10 * time.Millisecond
	}
	return sum
}

func loadAverage() string {
	var s syscall.Sysinfo_t
	if err := syscall.Sysinfo(&s); err != nil {
		return "unknown"
	}
	return fmt.Sprintf("%.1f", float64(s.Loads[0])/65536)
}

func throughputText(runs ...run) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, Kannel %s, %d cores shared by all processes, load average %s.\n\n", time.Now().Format(time.DateOnly), debian("kannel"), runtime.NumCPU(), loadAverage())
	b.WriteString("| server | messages | msg/s | ratio | CPU s of Kannel for 10,000 |\n|---|---:|---:|---:|---:|\n")
	for _, r := range runs {
		fmt.Fprintf(&b, "| %s | %d | %.0f | %.1f | %.2f |\n", r.what, r.messages, r.rate, r.rate/runs[0].rate, r.cpu)
	}
	return b.String()
}

// counts are what the bearerbox says that it has sent, and what receipts it has had.
func (k *kannel) counts() (sent, receipts int, err error) {
	r, err := http.Get("http://" + k.admin + "/status.xml?password=admin")
	if err != nil {
		return 0, 0, err
	}
	defer r.Body.Close()
	var x struct {
		Sent     int `xml:"sms>sent>total"`
		Receipts int `xml:"dlr>received>total"`
	}
	err = xml.NewDecoder(r.Body).Decode(&x)
	return x.Sent, x.Receipts, err
}
