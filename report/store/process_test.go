package store

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"
)

// roleVariable makes the test program another process of a test: it names what to do, and
// dirVariable where.
const (
	roleVariable = "POSPROBE_STORE_TEST_ROLE"
	dirVariable  = "POSPROBE_STORE_TEST_DIR"
)

// roles are the other processes of the tests.
var roles = map[string]func(dir string) error{
	"otheruser": otherUser,
	"writer":    writer,
}

func TestMain(m *testing.M) {
	role, ok := roles[os.Getenv(roleVariable)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := role(os.Getenv(dirVariable)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// otherUser stores beside what another user left, and reads it where it may.
func otherUser(dir string) error {
	s, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	b, _ := ReportLine(healthy("B"))
	c, _ := ReportLine(failure("C"))
	st, _ := StateLine("s", noon, 1)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.Append(ctx, b, c, st); err != nil {
		return err
	}
	if h := s.Health(); h.UnreadableSegments != 3 || h.Failure != nil {
		return fmt.Errorf("%+v", h)
	}
	if err := s.Close(ctx); err != nil {
		return err
	}
	r := NewReader(dir, nil)
	defer r.Close()
	got := ""
	for {
		e, err := r.Next()
		if err != nil {
			break
		}
		got += e.ID
	}
	if got != "CBA" && got != "CAB" {
		return fmt.Errorf("read %q", got)
	}
	return nil
}
