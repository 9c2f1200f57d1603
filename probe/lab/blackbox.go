//go:build linux

package lab

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// blackboxAddr is where the exporter listens, on the terminal's loopback.
const blackboxAddr = "127.0.0.1:9115"

// blackboxTimeout is the time limit of its modules, blackboxPatience how long its answer
// is waited for.
const (
	blackboxTimeout  = 6 * time.Second
	blackboxPatience = 15 * time.Second
)

// maxMetrics caps the answer that is read: the exporter's usual one has 2 kB.
const maxMetrics = 1 << 20

// BlackboxTarget is what prometheus-blackbox-exporter is asked about.
type BlackboxTarget struct {
	// Endpoint is the acquirer's HOST:PORT as the terminal has it configured.
	Endpoint string
	// TLS asks for a handshake too; CA is the issuer's file, "" for the system's.
	TLS bool
	CA  string
}

// Blackbox runs prometheus-blackbox-exporter on the terminal and asks it once whether
// the endpoint works: a TCP connection, with TLS where the acquirer speaks it. posprobe
// must not check meanwhile: either would hold the other's connection for a payment's.
func (w *World) Blackbox(ctx context.Context, target BlackboxTarget) (up bool, err error) {
	w.t.Helper()
	require(w.t, "prometheus-blackbox-exporter")
	ctx, cancel := context.WithTimeout(ctx, blackboxPatience)
	defer cancel()
	config := filepath.Join(w.t.TempDir(), "blackbox.yml")
	if err := os.WriteFile(config, []byte(target.module()), 0o644); err != nil {
		return false, err
	}
	p := w.Start(Term, "prometheus-blackbox-exporter", "--config.file="+config, "--web.listen-address="+blackboxAddr)
	defer p.Stop()
	if _, err := p.waitFor("Listening on", blackboxPatience); err != nil {
		return false, err
	}
	conn, err := w.Dial(ctx, Term, blackboxAddr, nil)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return false, err
		}
	}
	return askBlackbox(conn, target.Endpoint)
}

// module is the exporter's configuration file. Its answers hold for IPv4 and IPv6.
func (t BlackboxTarget) module() string {
	var b strings.Builder
	fmt.Fprintf(&b, "modules:\n  acquirer:\n    prober: tcp\n    timeout: %s\n    tcp:\n      preferred_ip_protocol: ip4\n      ip_protocol_fallback: true\n", blackboxTimeout)
	if t.TLS {
		b.WriteString("      tls: true\n")
		if t.CA != "" {
			fmt.Fprintf(&b, "      tls_config:\n        ca_file: %s\n", t.CA)
		}
	}
	return b.String()
}

// askBlackbox has the exporter probe an endpoint, over a connection to it.
func askBlackbox(conn net.Conn, endpoint string) (up bool, err error) {
	query := url.Values{"target": {endpoint}, "module": {"acquirer"}}
	req, err := http.NewRequest(http.MethodGet, "http://"+blackboxAddr+"/probe?"+query.Encode(), nil)
	if err != nil {
		return false, err
	}
	req.Close = true
	if err := req.Write(conn); err != nil {
		return false, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), req)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxMetrics))
	if err != nil {
		return false, err
	}
	if resp.StatusCode != http.StatusOK {
		return false, fmt.Errorf("blackbox_exporter answered %s: %.200s", resp.Status, body)
	}
	return probeSuccess(string(body))
}

// probeSuccess reads the metric probe_success.
func probeSuccess(metrics string) (up bool, err error) {
	for line := range strings.Lines(metrics) {
		if value, ok := strings.CutPrefix(line, "probe_success "); ok {
			return strings.TrimSpace(value) == "1", nil
		}
	}
	return false, fmt.Errorf("blackbox_exporter gave no probe_success: %.200s", metrics)
}
