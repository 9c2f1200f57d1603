package store

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// orders tell a writing process what to do.
type orders struct {
	Dir     string
	From    int   // the number of the first report
	Keep    int64 // the store's bound
	NoSync  bool
	Pattern int // of sizes and streams
}

// ordersVariable holds the orders of a writing process, as JSON.
const ordersVariable = "POSPROBE_STORE_TEST_ORDERS"

// statesEvery is with how many reports of a writing process comes a state.
const statesEvery = 3

// writer stores numbered reports until it is killed, and prints the number of each that
// was acknowledged.
func writer(string) error {
	var o orders
	if err := json.Unmarshal([]byte(os.Getenv(ordersVariable)), &o); err != nil {
		return err
	}
	s, err := Open(o.Dir, Options{Keep: o.Keep, noSync: o.NoSync, Patience: time.Minute})
	if err != nil {
		return err
	}
	for n := o.From; ; n++ {
		lines := make([]Line, 1, 3)
		if lines[0], err = ReportLine(sized(id(n), 1500+(n*7919+o.Pattern*104729)%9000)); err != nil {
			return err
		}
		if n%statesEvery == 0 {
			l, err := StateLine("n", noon, n)
			if err != nil {
				return err
			}
			lines = append(lines, l)
		}
		if n%4 == 0 {
			l, err := ReportLine(healthy("H" + id(n)))
			if err != nil {
				return err
			}
			if n%8 == 0 {
				lines = append(lines, l)
			} else if err := s.AppendLater(l); err != nil {
				return err
			}
		}
		switch err := s.Append(context.Background(), lines...); {
		case err == nil:
			os.Stdout.WriteString(strconv.Itoa(n) + "\n") // one write: whole lines
		case !errors.Is(err, ErrDelayed):
			return err
		default:
			time.Sleep(time.Second) // the disk is gone, and soon this process
		}
	}
}

// startWriter starts a process that writes. Each number that it acknowledges is given to
// acked; done is closed when it ended.
func startWriter(ctx context.Context, o orders, acked func(int)) (cmd *exec.Cmd, done chan struct{}, err error) {
	text, err := json.Marshal(o)
	if err != nil {
		return nil, nil, err
	}
	cmd = exec.CommandContext(ctx, os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), roleVariable+"=writer", ordersVariable+"="+string(text))
	cmd.Stderr = os.Stderr
	dieWithParent(cmd)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	done = make(chan struct{})
	go func() {
		defer close(done)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				acked(n)
			} else {
				fmt.Fprintln(os.Stderr, "writer says", lines.Text())
			}
		}
	}()
	return cmd, done, nil
}
