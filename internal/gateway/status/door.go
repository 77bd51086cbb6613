package status

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Socket is where a gateway with this store is asked.
func Socket(store string) string { return store + ".status" }

// talk is how long one who asks may take.
const talk = 5 * time.Second

// Listen opens the socket, for its owner only. One that a gateway has left behind is
// taken away: nobody else has the store.
func Listen(path string) (net.Listener, error) {
	if st, err := os.Lstat(path); err == nil {
		if st.Mode()&os.ModeSocket == 0 {
			return nil, fmt.Errorf("%s is there and is no socket", path)
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	// In a directory of the owner's until it has its mode.
	dir, err := os.MkdirTemp(filepath.Dir(path), ".s")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "s"), Net: "unix"})
	if err != nil {
		return nil, err
	}
	ln.SetUnlinkOnClose(false)
	err = os.Chmod(filepath.Join(dir, "s"), 0o600)
	if err == nil {
		err = os.Rename(filepath.Join(dir, "s"), path)
	}
	if err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	return &socket{ln, path}, nil
}

// socket takes its name away when it is closed.
type socket struct {
	*net.UnixListener
	path string
}

func (s *socket) Close() error { return errors.Join(s.UnixListener.Close(), os.Remove(s.path)) }

// Serve gives a document to everybody who connects, one after the other, until ctx
// ends.
func Serve(ctx context.Context, ln net.Listener, now func(ctx context.Context) Document) error {
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		ln.Close()
	})
	for {
		c, err := ln.Accept()
		if err != nil && stop() { // of itself
			return errors.Join(err, ln.Close())
		}
		if err != nil {
			<-closed
			return nil
		}
		c.SetDeadline(time.Now().Add(talk))
		// Who asks and does not read has no answer: that is all that can be wrong.
		_ = json.NewEncoder(c).Encode(now(ctx))
		c.Close()
	}
}

// Ask asks the gateway that has this store.
func Ask(ctx context.Context, store string) (Document, error) {
	var doc Document
	ctx, cancel := context.WithTimeout(ctx, 2*talk)
	defer cancel()
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", Socket(store))
	if err != nil {
		return doc, fmt.Errorf("no gateway answers at %s, it does not run with this store or is somebody else's: %w", Socket(store), err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(2 * talk))
	b, err := io.ReadAll(c)
	if err == nil {
		err = json.Unmarshal(b, &doc)
	}
	if err != nil {
		return doc, fmt.Errorf("the answer of the gateway at %s cannot be read: %w", Socket(store), err)
	}
	return doc, nil
}
