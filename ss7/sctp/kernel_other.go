//go:build !linux || 386

package sctp

import (
	"context"
	"net"
)

// Kernel is an association of the operating system; there is none here.
type Kernel struct{ *PipeEnd }

// Abort is Close.
func (k *Kernel) Abort() error { return k.Close() }

// KernelListener accepts associations of the operating system; there are none here.
type KernelListener struct{}

// DialKernel returns ErrNoKernel.
func DialKernel(context.Context, KernelAddr) (*Kernel, error) { return nil, ErrNoKernel }

// ListenKernel returns ErrNoKernel.
func ListenKernel(KernelAddr) (*KernelListener, error) { return nil, ErrNoKernel }

// Accept returns ErrNoKernel.
func (*KernelListener) Accept() (*Kernel, error) { return nil, ErrNoKernel }

// Close does nothing.
func (*KernelListener) Close() error { return nil }

// Addr is nil.
func (*KernelListener) Addr() net.Addr { return nil }
