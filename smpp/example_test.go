package smpp_test

import (
	"context"
	"fmt"
	"net"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/smpp"
)

// inbox is a message centre that takes everything.
type inbox struct{}

func (inbox) SubmitSM(b *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) {
	fmt.Printf("%s sends %q to %s\n", b.Account(), p.ShortMessage, p.DestinationAddr)
	r.Respond(smpp.StatusOK, "1001")
}

func Example() {
	hash, err := smpp.HashPassword("secret")
	if err != nil {
		panic(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := smpp.NewServer(smpp.ServerConfig{
		SystemID: "otagate",
		Accounts: []smpp.Account{{SystemID: "ivr", PasswordHash: hash}},
	}, inbox{}, zerolog.Nop())
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- server.Serve(ctx, ln) }()

	client, err := smpp.Dial(ctx, smpp.ClientConfig{Address: ln.Addr().String(), SystemID: "ivr", Password: "secret"})
	if err != nil {
		panic(err)
	}
	result, err := client.Submit(ctx, &smpp.SubmitSM{DestinationAddr: []byte("12025550123"), ShortMessage: []byte("*228")})
	fmt.Println(result.Status, result.MessageID, err)
	client.Close()
	stop()
	fmt.Println(<-ended)
	// Output:
	// ivr sends "*228" to 12025550123
	// ESME_ROK 1001 <nil>
	// <nil>
}
