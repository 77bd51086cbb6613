package storetest

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// crashDir, in the environment, makes a test the process that dies, and is the
// directory that it writes to.
const crashDir = "OTAGATE_CRASH_DIR"

// Crash lets write write to a directory in a process of its own, kills that with
// SIGKILL when it has told of so many steps, and has judge look at the directory and
// at all that was told. It does so for as many rounds, in one directory.
//
// The process is this very test once more, in which Crash does not return: so what a
// test does before Crash is done there, too. What write tells of a step is one line,
// and is told before write goes on with what comes after it; write may tell from many
// goroutines. It returns only because of an error.
func Crash(t *testing.T, rounds, steps int, write func(dir string, tell func(step ...any)) error, judge func(dir string, told []string)) {
	t.Helper()
	if dir := os.Getenv(crashDir); dir != "" {
		// One call of Println is one write, which is whole in a pipe.
		err := write(dir, func(step ...any) { fmt.Println(step...) })
		fmt.Fprintln(os.Stderr, "it does not write any more:", err)
		os.Exit(1)
	}
	dir := t.TempDir()
	for range rounds {
		judge(dir, killed(t, dir, steps))
	}
}

// killed is all that a process has told that was killed.
func killed(t *testing.T, dir string, steps int) (told []string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), crashDir+"="+dir)
	var trouble bytes.Buffer
	child.Stderr = &trouble
	out, err := child.StdoutPipe()
	check(t, err)
	check(t, child.Start())
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // what is left has no end, and was not told
		}
		if told = append(told, line[:len(line)-1]); len(told) == steps {
			check(t, child.Process.Kill())
		}
	}
	_ = child.Wait() // it was killed
	if len(told) < steps || trouble.Len() > 0 {
		t.Fatalf("the process has told %d lines: %q\n%s", len(told), told[max(0, len(told)-5):], trouble.String())
	}
	return told
}
