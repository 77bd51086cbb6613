package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"github.com/otagate/otagate/internal/demo"
	"github.com/otagate/otagate/internal/sim"
)

func newDemo() *cobra.Command {
	c := &cobra.Command{
		Use:   "demo",
		Short: "program a simulated handset, or push to it, end to end, on loopback",
		Long: "Runs a gateway and a simulated network (IVR, push initiator, SMSC, STP, MSC, HLR/AC,\n" +
			"handset) on loopback sockets and a temporary store, plays one story, prints every message\n" +
			"as it passes, and compares what the handset holds with what was ordered or pushed. Exit\n" +
			"status 0 only if the story ends as promised.",
		Example: "  otagate demo\n  otagate demo --list\n  otagate demo --scenario crash-after-commit --pcap crash.pcap\n  otagate demo --fault drop=0.05,duplicate=0.1,delay=20ms,seed=7",
	}
	list := c.Flags().Bool("list", false, "list the stories")
	names := c.Flags().Bool("names", false, "with --list: names only")
	all := c.Flags().Bool("all", false, "play every story")
	name := c.Flags().String("scenario", "activate", "story to play")
	capture := c.Flags().String("pcap", "", "write a capture that Wireshark opens")
	fault := c.Flags().String("fault", "", "inject drop=P, duplicate=P, delay=D, seed=N, separated by commas; or crash")
	quiet := c.Flags().Bool("quiet", false, "no ladder")
	c.RunE = func(c *cobra.Command, _ []string) error {
		out := c.OutOrStdout()
		if *list {
			return listStories(out, *names)
		}
		if *all && *capture != "" {
			return usageError{errors.New("--pcap holds one story: name it with --scenario instead of --all")}
		}
		o := demo.Options{Out: out, Log: zerolog.New(zerolog.ConsoleWriter{Out: c.ErrOrStderr(), NoColor: true}).Level(zerolog.ErrorLevel)}
		if *quiet {
			o.Out = io.Discard
		}
		stories, err := selectStories(*name, *all, *fault)
		if err != nil {
			return usageError{err}
		}
		if o.Noise, err = parseNoise(*fault); err != nil {
			return usageError{err}
		}
		if o.Self, err = demo.Self(); err != nil {
			return err
		}
		return playAll(c.Context(), out, stories, o, *capture)
	}
	return c
}

func listStories(out io.Writer, names bool) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	for _, s := range demo.Stories() {
		if names {
			fmt.Fprintln(w, s.Name)
			continue
		}
		fmt.Fprintf(w, "%s\t%s\n", s.Name, s.Promise)
	}
	return w.Flush()
}

func selectStories(name string, all bool, fault string) ([]demo.Story, error) {
	if all {
		return demo.Stories(), nil
	}
	if fault == "crash" && name == "activate" {
		name = "crash-after-commit"
	}
	s, ok := demo.Find(name)
	if !ok {
		return nil, fmt.Errorf("no story %q; otagate demo --list shows them", name)
	}
	return []demo.Story{s}, nil
}

func playAll(ctx context.Context, out io.Writer, stories []demo.Story, o demo.Options, capture string) error {
	var failed []error
	for _, s := range stories {
		start := time.Now()
		fmt.Fprintf(out, "%s: %s\n", s.Name, s.Promise)
		err := playOne(ctx, s, o, capture)
		if err != nil {
			err = fmt.Errorf("%s: %w", s.Name, err)
			failed = append(failed, err)
			fmt.Fprintf(out, "%s: NOT as promised, after %s\n\n", s.Name, time.Since(start).Round(time.Millisecond))
			continue
		}
		fmt.Fprintf(out, "%s: as promised, in %s\n\n", s.Name, time.Since(start).Round(time.Millisecond))
	}
	return errors.Join(failed...)
}

func playOne(ctx context.Context, s demo.Story, o demo.Options, capture string) error {
	if capture == "" {
		return demo.Play(ctx, s, o)
	}
	f, err := os.Create(capture)
	if err != nil {
		return err
	}
	o.PCAP = f
	return errors.Join(demo.Play(ctx, s, o), f.Close())
}

// parseNoise reads drop=0.1,duplicate=0.1,delay=20ms,seed=1.
func parseNoise(text string) (n sim.Noise, err error) {
	if text == "" || text == "crash" {
		return n, nil
	}
	n.Seed = 1
	for part := range strings.SplitSeq(text, ",") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "drop":
			n.Drop, err = strconv.ParseFloat(value, 64)
		case "duplicate":
			n.Duplicate, err = strconv.ParseFloat(value, 64)
		case "delay":
			n.Delay, err = time.ParseDuration(value)
		case "seed":
			n.Seed, err = strconv.ParseUint(value, 10, 64)
		default:
			err = errors.New("want drop, duplicate, delay or seed")
		}
		if err != nil {
			return n, fmt.Errorf("--fault %q: %w", part, err)
		}
	}
	return n, nil
}
