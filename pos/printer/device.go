package printer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Device is a printer. Print returns once the printer has taken the whole job; with
// an error it may have printed some of it. It must end when its context does.
type Device interface {
	Print(ctx context.Context, job []byte) error
}

// ErrAddress: what names the printer does not name one.
var ErrAddress = errors.New("that is not the address of a printer")

const (
	// rawPort is where printers on a network take what they are to print.
	rawPort = "9100"
	// dialTime is how long a printer on the network has to answer.
	dialTime = 5 * time.Second
	// stallTime is how long a printer may take nothing: it stops while its paper is
	// changed, and when its buffer is full of lines that take half a second each.
	stallTime = 30 * time.Second
	// hangUpTime is how long a printer may keep the line after the job: most hang up at
	// once, some never.
	hangUpTime = 3 * time.Second
	// piece is how much is handed over at a time, in bytes.
	piece = 512
)

// Open gives the printer at an address: "tcp://HOST[:PORT]" for one on the network,
// a path such as "/dev/usb/lp0" for a device file. It talks to nobody yet. The error
// is ErrAddress.
func Open(address string) (Device, error) {
	if host, ok := strings.CutPrefix(address, "tcp://"); ok {
		if !strings.Contains(host, ":") {
			host += ":" + rawPort
		}
		name, port, err := net.SplitHostPort(host)
		if err != nil || name == "" || port == "" || strings.ContainsAny(host, "/?#@ ") {
			return nil, fmt.Errorf("%w: write tcp://HOST or tcp://HOST:PORT", ErrAddress)
		}
		return network{host}, nil
	}
	if !filepath.IsAbs(address) {
		return nil, fmt.Errorf("%w: write tcp://HOST for one on the network, or the whole path of a device such as /dev/usb/lp0", ErrAddress)
	}
	return device{address}, nil
}

// network is a printer that takes jobs on a TCP port.
type network struct{ address string }

func (n network) Print(ctx context.Context, job []byte) error {
	dialer := net.Dialer{Timeout: dialTime}
	conn, err := dialer.DialContext(ctx, "tcp", n.address)
	if err != nil {
		return fmt.Errorf("the printer at %s does not answer: %w", n.address, err)
	}
	defer conn.Close() //nolint:errcheck // what counts is whether it took the job
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	heard := make(chan struct{})
	go func() { // or a printer that talks would stop when nobody listens
		defer close(heard)
		_, _ = io.Copy(io.Discard, conn)
	}()
	err = inPieces(job, func(part []byte) error {
		if err := conn.SetWriteDeadline(time.Now().Add(stallTime)); err != nil {
			return err
		}
		_, err := conn.Write(part)
		return err
	}, ctx.Err)
	if err != nil {
		return fmt.Errorf("the printer at %s stopped in the middle: %w", n.address, err)
	}
	hangUp(ctx, conn, heard)
	return nil
}

// hangUp says that nothing more comes and waits for the printer to hang up too. To
// close a connection on which the printer is still talking would throw away what it
// has not read yet.
func hangUp(ctx context.Context, conn net.Conn, heard <-chan struct{}) {
	if half, ok := conn.(*net.TCPConn); ok {
		_ = half.CloseWrite() // where that fails, closing does
	}
	select {
	case <-heard:
	case <-time.After(hangUpTime):
	case <-ctx.Done():
	}
}

// device is a printer behind a file of the system.
type device struct{ path string }

func (d device) Print(ctx context.Context, job []byte) error {
	done := make(chan error, 1)
	// A device may block for ever in open or write, and nothing can interrupt it: it is
	// left to itself then, and with it the job.
	go func() { done <- d.print(job, ctx.Err) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("the printer %s does not take the job: %w", d.path, context.Cause(ctx))
	}
}

func (d device) print(job []byte, stopped func() error) (err error) {
	f, err := os.OpenFile(d.path, os.O_WRONLY|os.O_APPEND, 0) // one that is not there is not made: the job would be lost in a file
	if err != nil {
		return fmt.Errorf("the printer %s cannot be opened: %w", d.path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := inPieces(job, func(part []byte) error { _, err := f.Write(part); return err }, stopped); err != nil {
		return fmt.Errorf("the printer %s stopped in the middle: %w", d.path, err)
	}
	return nil
}

// inPieces hands a job over piece by piece, until something is wrong.
func inPieces(job []byte, write func([]byte) error, stopped func() error) error {
	for len(job) > 0 {
		if err := stopped(); err != nil {
			return err
		}
		n := min(piece, len(job))
		if err := write(job[:n]); err != nil {
			return err
		}
		job = job[n:]
	}
	return nil
}
