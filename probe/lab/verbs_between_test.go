//go:build linux

package lab

import (
	"encoding/hex"
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

// TestAccelerator: it answers for a host that is cut off, and only it; and where it does
// not close halves, the end of the terminal's half is the end of the connection.
func TestAccelerator(t *testing.T) {
	for step, want := range map[string]string{"accelerator": "EOF", "accelerator: {half_close: true}": "answered"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			require(t)
			sc := aloneScene(t, step, "acquirer: [-behaviour, slow=500ms]")
			sc.strike()
			if got := sc.echo(sc.endpointAddr()); got != "answered" {
				t.Fatalf("through the accelerator: %s", got)
			}
			if got := sc.endedEcho(); got != want {
				t.Errorf("to an echo with its end the accelerator says %s, want %s", got, want)
			}
			cut(sc, cutting{Between: []NS{Core, Gate}})
			if got := sc.echo(sc.endpointAddr()); got != "read: timeout" {
				t.Errorf("the host is cut off behind it: %s", got)
			}
			repairAll(sc, nothingElse{})
			if got := sc.echo(sc.endpointAddr()); got != "connect: timeout" {
				t.Errorf("cut off without it: %s", got)
			}
		})
	}
}

// endedEcho sends an echo and its end, and says in a word what came of it.
func (sc *scene) endedEcho() string {
	sc.t.Helper()
	conn, err := sc.w.Dial(sc.t.Context(), Term, sc.endpointAddr(), nil)
	if err != nil {
		sc.t.Fatal(err)
	}
	defer conn.Close()
	frame, _ := hex.DecodeString(echoFrame)
	conn.SetDeadline(time.Now().Add(3 * time.Second))
	_, err = conn.Write(frame)
	err = errors.Join(err, conn.(*net.TCPConn).CloseWrite())
	if err != nil {
		sc.t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, 20)); err != nil {
		return word(err)
	}
	return "answered"
}
