//go:build interop

package stp

import (
	"fmt"
	"net/netip"
	"os/exec"
	"strings"
	"testing"

	"github.com/otagate/otagate/ss7/sctp"
)

// far is the network in which the peer is when there are paths to it.
const far = "far"

// inFar runs a command there.
var inFar = []string{"ip", "netns", "exec", far}

// paths are veth pairs between this network and far: path i is 10.8.i.1 here
// and 10.8.i.2 there, on devices near-i and far-i.
func paths(t *testing.T, n int) {
	t.Helper()
	run(t, "ip netns add "+far)
	t.Cleanup(func() { run(t, "ip netns del "+far) })
	run(t, "ip netns exec far ip link set lo up")
	for i := 1; i <= n; i++ {
		run(t, fmt.Sprintf("ip link add near-%d type veth peer name far-%d netns far", i, i))
		// At once: the network itself ends when the last socket in it has ended.
		t.Cleanup(func() { run(t, fmt.Sprintf("ip link del near-%d", i)) })
		run(t, fmt.Sprintf("ip addr add 10.8.%d.1/24 dev near-%d", i, i))
		run(t, fmt.Sprintf("ip link set near-%d up", i))
		run(t, fmt.Sprintf("ip netns exec far ip addr add 10.8.%d.2/24 dev far-%d", i, i))
		run(t, fmt.Sprintf("ip netns exec far ip link set far-%d up", i))
	}
}

// impair puts loss or delay on both directions of a path, as tc's netem has it.
func impair(t *testing.T, path int, netem string) {
	t.Helper()
	run(t, fmt.Sprintf("tc qdisc replace dev near-%d root netem %s", path, netem))
	run(t, fmt.Sprintf("ip netns exec far tc qdisc replace dev far-%d root netem %s", path, netem))
}

// mend ends what impair has begun.
func mend(t *testing.T, path int) {
	t.Helper()
	run(t, fmt.Sprintf("tc qdisc del dev near-%d root", path))
	run(t, fmt.Sprintf("ip netns exec far tc qdisc del dev far-%d root", path))
}

// cut is a path on which nothing arrives any more, without anybody being told.
const cut = "loss 100%"

func run(t *testing.T, command string) {
	t.Helper()
	words := strings.Fields(command)
	if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
}

// over is an association over the first n paths.
func over(n int, port uint16) sctp.KernelAddr {
	a := sctp.KernelAddr{LocalPort: port, RemotePort: 2905}
	for i := 1; i <= n; i++ {
		a.Local = append(a.Local, netip.AddrFrom4([4]byte{10, 8, byte(i), 1}))
		a.Remote = append(a.Remote, netip.AddrFrom4([4]byte{10, 8, byte(i), 2}))
	}
	return a
}
