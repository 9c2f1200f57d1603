package daemon

import (
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// Manager is the service manager that started the daemon, as far as it wants to be told
// how it does (sd_notify(3)). The zero value tells nobody.
type Manager struct {
	socket string
	// Watchdog is how often it must hear from the daemon, 0 for never.
	Watchdog time.Duration
}

// FindManager reads what the service manager left in the environment, and takes it out of
// there: it is not meant for children.
func FindManager(env func(string) string) Manager {
	m := Manager{socket: env("NOTIFY_SOCKET")}
	usec, err := strconv.ParseInt(env("WATCHDOG_USEC"), 10, 64)
	pid := env("WATCHDOG_PID")
	if err == nil && usec > 0 && (pid == "" || pid == strconv.Itoa(os.Getpid())) {
		m.Watchdog = time.Duration(usec) * time.Microsecond
	}
	for _, name := range []string{"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"} {
		os.Unsetenv(name)
	}
	return m
}

// tellWithin bounds a message to the service manager: it must never hold the daemon up.
const tellWithin = 100 * time.Millisecond

// Tell sends assignments such as READY=1 or STATUS=…. There is nobody to complain to when
// that fails.
func (m Manager) Tell(lines ...string) {
	if m.socket == "" {
		return
	}
	name := m.socket
	if strings.HasPrefix(name, "@") { // the abstract namespace (unix(7))
		name = "\x00" + name[1:]
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.SetWriteDeadline(time.Now().Add(tellWithin))
	_, _ = conn.Write([]byte(strings.Join(lines, "\n")))
}
