package m3ua_test

import (
	"context"
	"fmt"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sctp"
)

// printer is an MTP user that prints what arrives.
type printer struct{ done chan struct{} }

func (p printer) Transfer(t mtp.Transfer) {
	fmt.Printf("%v to %v: %s\n", t.OPC, t.DPC, t.Data)
	close(p.done)
}
func (printer) Pause(mtp.PointCode)  {}
func (printer) Resume(mtp.PointCode) {}
func (printer) Status(mtp.Status)    {}

// A gateway and an application server over an in-memory association.
func Example() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ln := sctp.ListenPipe()
	gateway := printer{make(chan struct{})}
	rc := uint32(100)
	server := m3ua.NewServer(m3ua.ServerConfig{Name: "stp", ASs: []m3ua.ASConfig{
		{Name: "hlr", RoutingContext: &rc, PointCodes: []mtp.PointCode{mtp.ANSI(1, 12, 5)}},
	}}, gateway, zerolog.Nop())
	served := make(chan error)
	go func() { served <- server.Serve(ctx, m3ua.Listen(ln)) }()

	client := m3ua.NewClient(m3ua.ClientConfig{Name: "hlr", RoutingContext: []uint32{100}, Peers: []m3ua.PeerConfig{
		{Name: "stp", Dial: func(ctx context.Context) (m3ua.Association, error) { return ln.Dial(ctx) }},
	}}, printer{}, zerolog.Nop())
	ran := make(chan error)
	go func() { ran <- client.Run(ctx) }()

	if err := client.WaitActive(ctx); err != nil {
		fmt.Println(err)
		return
	}
	err := client.Transfer(mtp.Transfer{OPC: mtp.ANSI(1, 12, 5), DPC: mtp.ANSI(1, 12, 6), SI: mtp.ServiceSCCP, NI: mtp.National, Data: []byte("hello")})
	if err != nil {
		fmt.Println(err)
		return
	}
	<-gateway.done
	cancel()
	<-ran
	<-served
	// Output: 1-12-5 to 1-12-6: hello
}
