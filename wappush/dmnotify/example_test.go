package dmnotify_test

import (
	"fmt"

	"github.com/otagate/otagate/wappush/dmnotify"
)

func Example() {
	password, nonce := dmnotify.Password("ssec"), []byte("Nonce")
	n := dmnotify.Notification{
		Version: dmnotify.Version12, UIMode: dmnotify.Informative, Initiator: dmnotify.Server,
		SessionID: 0x2a, ServerID: []byte("dm.acme.example"),
	}
	if err := n.Sign(password, nonce); err != nil {
		fmt.Println(err)
	}
	b, err := n.Append(nil)
	fmt.Printf("%x %v\n", b, err)
	fmt.Println("session", n.SessionID, "verifies", n.Verify(password, nonce), "password", password)
	// Output:
	// cabd70af00750f8b3d9c5a0ad842b3c102e8000000002a0f646d2e61636d652e6578616d706c65 <nil>
	// session 2A verifies true password ******
}
