package pagelog

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// files is the directory of a log.
type files interface {
	// List gives the names of all files.
	List() ([]string, error)
	// Read gives all octets of a file, in the memory of buf if there is enough.
	Read(name string, buf []byte) ([]byte, error)
	// Make makes a file of so many zeros that are on the disk when it returns.
	// Its name is after Sync.
	Make(name string, size int) error
	// Open opens a file for writing. What was written is on the disk when a
	// write returns.
	Open(name string) (file, error)
	Rename(from, to string) error
	Remove(name string) error
	// Sync brings the names to the disk.
	Sync() error
	Close() error
}

type file interface {
	io.WriterAt
	io.Closer
}

// disk is a directory as the operating system has it. It is kept open, so that a
// process that is out of file descriptors can go on for a while.
type disk struct {
	path string
	dir  *os.File
}

// openDisk opens a directory. Where it may be made, its name is on the disk before
// anything depends on it, also if it was made before and nobody has seen to that.
func openDisk(path string, mayMake bool) (*disk, error) {
	if mayMake {
		if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		if err := syncDir(filepath.Dir(path)); err != nil {
			return nil, err
		}
	}
	dir, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &disk{path: path, dir: dir}, nil
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func (d *disk) name(name string) string { return filepath.Join(d.path, name) }

// List leaves out what is no regular file: to read it might take for ever.
func (d *disk) List() ([]string, error) {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// Read makes no more room than a file has octets, and refuses one that is longer
// than any log's.
func (d *disk) Read(name string, buf []byte) ([]byte, error) {
	f, err := os.Open(d.name(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	n := info.Size()
	if n > maxSegment {
		return nil, fmt.Errorf("%s has %d octets: it is no file of a log", d.name(name), n)
	}
	if int64(cap(buf)) < n {
		buf = make([]byte, n)
	}
	buf = buf[:n]
	if _, err := io.ReadFull(f, buf); err != nil {
		return nil, &fs.PathError{Op: "read", Path: d.name(name), Err: err}
	}
	return buf, nil
}

// zeros is what files are filled with at a time.
const zeros = 256 << 10

func (d *disk) Make(name string, size int) (err error) {
	f, err := os.OpenFile(d.name(name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			_ = os.Remove(d.name(name)) // half of it is of no use to anybody
		}
	}()
	if err := reserve(f, size); err != nil {
		return err
	}
	buf := make([]byte, min(zeros, size))
	for at := 0; at < size; at += len(buf) {
		if _, err := f.Write(buf[:min(len(buf), size-at)]); err != nil {
			return err
		}
	}
	return f.Sync()
}

func (d *disk) Open(name string) (file, error) {
	f, err := os.OpenFile(d.name(name), os.O_WRONLY|writeThrough, 0)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (d *disk) Rename(from, to string) error { return os.Rename(d.name(from), d.name(to)) }
func (d *disk) Remove(name string) error     { return os.Remove(d.name(name)) }
func (d *disk) Sync() error                  { return d.dir.Sync() }
func (d *disk) Close() error                 { return d.dir.Close() }
