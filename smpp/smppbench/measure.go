package smppbench

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/crypto/bcrypt"

	"github.com/otagate/otagate/smpp"
)

const (
	systemID = "bench"
	password = "bench"
)

// Options say how long to measure. Zero fields take the defaults.
type Options struct {
	Windows []int         // 1, 10, 100
	Rounds  int           // per pairing, 9
	Round   time.Duration // 150 ms
}

// Result holds messages per second for one window.
type Result struct {
	Window int
	Bare   float64 // bare client, bare server: the ceiling
	Client float64 // our client (SubmitAsync), bare server
	Submit float64 // our client (Submit, one goroutine per place of the window), bare server
	Server float64 // bare client, our server
	Both   float64 // our client (SubmitAsync), our server
}

// runner is a client of either kind.
type runner interface {
	run(window int, d time.Duration) (int, error)
	close()
}

// Measure takes the figures over loopback TCP, all in this process.
func Measure(ctx context.Context, o Options) ([]Result, error) {
	if len(o.Windows) == 0 {
		o.Windows = []int{1, 10, 100}
	}
	if o.Rounds == 0 {
		o.Rounds = 9
	}
	if o.Round == 0 {
		o.Round = 150 * time.Millisecond
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	bare, err := listenBare(ctx, &running)
	if err != nil {
		return nil, err
	}
	ours, err := listenOurs(ctx, &running, slices.Max(o.Windows))
	if err != nil {
		return nil, err
	}
	var out []Result
	for _, w := range o.Windows {
		r, err := measure(ctx, w, o, bare, ours)
		if err != nil {
			return out, err
		}
		out = append(out, r)
	}
	return out, nil
}

func measure(ctx context.Context, window int, o Options, bare, ours string) (Result, error) {
	pairings := [...]struct {
		client func(context.Context, string, int) (runner, error)
		addr   string
	}{{bareRunner, bare}, {asyncRunner, bare}, {blockingRunner, bare}, {bareRunner, ours}, {asyncRunner, ours}}
	var rs [len(pairings)]runner
	defer func() {
		for _, r := range rs {
			if r != nil {
				r.close()
			}
		}
	}()
	for i, p := range pairings {
		r, err := p.client(ctx, p.addr, window)
		if err != nil {
			return Result{}, err
		}
		rs[i] = r
	}
	var rates [len(pairings)][]float64
	for round := range o.Rounds + 1 {
		for i, r := range rs {
			if err := ctx.Err(); err != nil {
				return Result{}, err
			}
			began := time.Now()
			n, err := r.run(window, o.Round)
			if err != nil {
				return Result{}, fmt.Errorf("smppbench: pairing %d at window %d: %w", i, window, err)
			}
			if round > 0 { // the first one warms up
				rates[i] = append(rates[i], float64(n)/time.Since(began).Seconds())
			}
		}
	}
	return Result{Window: window, Bare: median(rates[0]), Client: median(rates[1]),
		Submit: median(rates[2]), Server: median(rates[3]), Both: median(rates[4])}, nil
}

func bareRunner(_ context.Context, addr string, _ int) (runner, error) { return dialBare(addr) }

func asyncRunner(ctx context.Context, addr string, window int) (runner, error) {
	return dialOurs(ctx, addr, window)
}

func blockingRunner(ctx context.Context, addr string, window int) (runner, error) {
	return dialBlocking(ctx, addr, window)
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

func listenBare(ctx context.Context, running *sync.WaitGroup) (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	running.Go(func() {
		<-ctx.Done()
		ln.Close()
	})
	running.Go(func() {
		for {
			nc, err := ln.Accept()
			if err != nil {
				return
			}
			running.Go(func() { serveBare(nc) })
		}
	})
	return ln.Addr().String(), nil
}

func listenOurs(ctx context.Context, running *sync.WaitGroup, window int) (string, error) {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		return "", err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s := smpp.NewServer(smpp.ServerConfig{
		SystemID: "otagate", InboundWindow: window, ReadBuffer: bufferSize,
		Accounts: []smpp.Account{{SystemID: systemID, PasswordHash: string(hash)}},
	}, answerer{}, zerolog.Nop())
	running.Go(func() { _ = s.Serve(ctx, ln) })
	return ln.Addr().String(), nil
}
