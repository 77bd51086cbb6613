package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
)

// Push makes a story one of a message to a handset. The lab gets what that needs
// beside the network of activations: a message centre, a handset that the centre
// and the HLR know, and a push initiator.
type Push struct {
	Centre sim.Air  // between the message centre and the handset
	Radio  sim.Air  // between the MSC and the handset
	PINs   []string // that the user types, in this order
	Doubt  string   // how long a receipt is waited for that settles one; 300ms when not given

	// Want is the table of what the handset should have.
	Want func(*run) []row
}

// The handset's numbers: the routes lead the first to the message centre and the
// second to the HLR.
const (
	byCentre = "12025550123"
	byMSC    = "5551234567" // MDN and MIN
	phoneESN = 0x81234567
)

// initiatorName is the user of PAP, linkName the system_id of our bind.
const (
	initiatorName = "acme"
	linkName      = "otagate"
)

// The password of our bind to the centre, and its hash. That is cheap to compute,
// for the bind has to be answered in a time that a story can wait for.
const (
	centrePassword = "centre01"
	centreHash     = "$argon2id$v=19$m=8,t=1,p=1$b3RhZ2F0ZSBkZW1vIHNtcw$sCa7WMUar4ggFbvLWXvYl2JruZY0WXC/VBD4INSaslk"
)

// pushing starts the peers of a message and gives the configuration that finds
// them.
func (l *Lab) pushing(ctx context.Context, hash string) (rest string, err error) {
	p := l.push
	l.smsc = sim.NewSMSC(sim.SMSCConfig{
		Server: smpp.ServerConfig{SystemID: "smsc", Accounts: []smpp.Account{{SystemID: linkName, PasswordHash: centreHash}}},
		Script: l.script, Air: p.Centre, Observe: l.watch, Log: l.log,
	})
	l.initiator = sim.NewInitiator(sim.InitiatorConfig{Name: initiatorName, Password: l.pass, Observe: l.watch})
	l.agent = sim.NewAgent(sim.AgentConfig{PINs: p.PINs, Observe: l.datagram})
	l.smsc.SwitchOn(byCentre, l.agent)
	l.Net.Subscribe(sim.Subscriber{MIN: byMSC, ESN: phoneESN, Phone: l.agent})
	centre, err := l.listen(ctx, l.smsc.Serve)
	if err != nil {
		return "", err
	}
	results, err := l.listen(ctx, l.initiator.Serve)
	if err != nil {
		return "", err
	}
	password, profile := filepath.Join(l.dir, "smsc.password"), filepath.Join(l.dir, "internet.xml")
	err = errors.Join(os.WriteFile(password, []byte(centrePassword), 0o600), os.WriteFile(profile, []byte(internet), 0o600))
	return fmt.Sprintf(pushConfig, initiatorName, hash, results, centre, linkName, password, profile, cmp.Or(p.Doubt, "300ms")), err
}

// listen serves on a port of its own until ctx ends.
func (l *Lab) listen(ctx context.Context, serve func(context.Context, net.Listener) error) (addr string, err error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	l.serve(func() error { return serve(ctx, ln) })
	return ln.Addr().String(), nil
}

// datagram is what the handset has put together.
func (l *Lab) datagram(m sim.Sight) {
	m.From = "air"
	l.watch(m)
}

// pushConfig has pauses that a story can wait for.
const pushConfig = `
  - {name: push, account: ivr, destination: "*228", prefix: true, flow: push}
http:
  listen: 127.0.0.1:0
  initiators:
    - {name: %s, password_hash: "%s", networks: [127.0.0.0/8], notify: ["http://%s/"]}
routes:
  - {name: network, to: ["555"], via: [{ss7: true}]}
  - {name: centre, via: [{link: smsc}]}
push:
  pause: 100ms
  max_pause: 500ms
  grace: 1m
  ss7: {hlr: hlr1, min_of_mdn: true, source: "7474", smsreq: 500ms, resend: true}
  profiles:
    - {name: internet, file: %[7]q}
links:
  - name: smsc
    url: "smpp://%[4]s"
    system_id: %[5]s
    password_file: %[6]q
    source: "7474"
    response: 500ms
    doubt: %[8]s
    resend: true
`

// internet is a document of client provisioning. What it holds is a little more
// than two short messages can.
const internet = `<?xml version="1.0"?>
<!DOCTYPE wap-provisioningdoc PUBLIC "-//WAPFORUM//DTD PROV 1.0//EN" "http://www.wapforum.org/DTD/prov.dtd">
<wap-provisioningdoc version="1.0">
  <characteristic type="PXLOGICAL">
    <parm name="PROXY-ID" value="proxy.acme.example"/>
    <parm name="NAME" value="Acme Internet"/>
    <parm name="STARTPAGE" value="http://m.acme.example/start"/>
    <characteristic type="PXPHYSICAL">
      <parm name="PHYSICAL-PROXY-ID" value="proxy-1"/>
      <parm name="PXADDR" value="192.0.2.20"/>
      <parm name="PXADDRTYPE" value="IPV4"/>
      <parm name="TO-NAPID" value="acme-1x"/>
      <characteristic type="PORT">
        <parm name="PORTNBR" value="8080"/>
      </characteristic>
    </characteristic>
  </characteristic>
  <characteristic type="NAPDEF">
    <parm name="NAPID" value="acme-1x"/>
    <parm name="NAME" value="Acme 1x"/>
    <parm name="BEARER" value="CDMA2000-1X-SIMPLE-IP"/>
    <parm name="NAP-ADDRESS" value="192.0.2.1"/>
    <parm name="NAP-ADDRTYPE" value="IPV4"/>
    <characteristic type="NAPAUTHINFO">
      <parm name="AUTHTYPE" value="CHAP"/>
      <parm name="AUTHNAME" value="5551234567@acme.example"/>
      <parm name="AUTHSECRET" value="not for anybody"/>
    </characteristic>
  </characteristic>
</wap-provisioningdoc>
`

// message is one push by the IVR: its trigger, and the receipt that tells its end.
func message(text string) func(*run) error {
	return func(r *run) error {
		if err := r.trigger("FLOW=push;" + text + ";CORR=" + r.corr); err != nil {
			return err
		}
		if err := r.await(); err != nil {
			return err
		}
		return r.quiet()
	}
}

// quiet waits until all that is on its way to the handset has come, and the
// centre has got rid of its receipts.
func (r *run) quiet() error {
	ctx, cancel := context.WithTimeout(r.ctx, 10*time.Second)
	defer cancel()
	return r.lab.settled(ctx)
}

func (l *Lab) settled(ctx context.Context) error {
	if err := l.agent.Wait(ctx, func() bool { return l.agent.Counts().Messages == l.reached() }); err != nil {
		return fmt.Errorf("the handset has %d short messages, %d are on the way: %w", l.agent.Counts().Messages, l.reached(), err)
	}
	taken := func() bool {
		return !slices.ContainsFunc(l.smsc.Receipts(), func(x sim.Receipt) bool { return !x.Done })
	}
	if err := l.smsc.Wait(ctx, taken); err != nil {
		return fmt.Errorf("the centre has receipts that nobody takes: %w", err)
	}
	return nil
}

// reached is how many short messages the handset gets, one that comes twice
// counted twice.
func (l *Lab) reached() (n int) {
	for _, list := range [...][]sim.HandOver{l.smsc.HandOvers(), l.Net.MSC.HandOvers()} {
		for i := range list {
			if f := list[i].Fault; f != "dropped" && f != "vanished" {
				n++
			}
		}
	}
	return n
}

// commitTime is what a gateway has to put an answer of the HLR on the disk. If it
// does not, it asks again, and the story ends the same way.
const commitTime = 50 * time.Millisecond

// killedWhileAway triggers for a handset that is away, and kills the gateway while
// that is waited for.
func (r *run) killedWhileAway(ctx context.Context, min, text string) error {
	hlr := r.lab.Net.HLR
	hlr.Deny(min, ansi41.AccessPostponed)
	if err := r.trigger(text); err != nil {
		return err
	}
	if err := hlr.Wait(ctx, func() bool { return r.lab.script.Count("SMSREQ") > 0 }); err != nil {
		return fmt.Errorf("the HLR was not asked: %w", err)
	}
	select {
	case <-time.After(commitTime):
	case <-ctx.Done():
		return ctx.Err()
	}
	r.lab.Crash()
	if r.lab.crash != nil {
		return r.lab.crash
	}
	var err error
	r.ivr, err = r.lab.dial(ctx)
	return err
}

// postponed: the handset is away, the gateway dies while the message waits, and
// the handset comes back.
func postponed(r *run) error {
	ctx, cancel := context.WithTimeout(r.ctx, 20*time.Second)
	defer cancel()
	hlr := r.lab.Net.HLR
	if err := r.killedWhileAway(ctx, byMSC, "FLOW=push;TYPE=SL;MDN="+byMSC+";HREF="+startPage+";CORR="+r.corr); err != nil {
		return err
	}
	if n := r.lab.agent.Counts().Messages; n != 0 {
		return fmt.Errorf("a handset that is away has %d short messages", n)
	}
	hlr.Appear(byMSC)
	if err := r.await(); err != nil {
		return err
	}
	return errors.Join(r.quiet(), hlr.Wait(ctx, func() bool { return hlr.Notified(byMSC) == 1 }))
}
