//go:build linux

package lab

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"maps"
	"net"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// The terminal of every scenario.
const (
	terminalID = "99999906"
	merchantID = "001430170119999"
)

// writeConfig writes posprobe's configuration for this world and returns its path.
func (sc *scene) writeConfig() string {
	config := map[string]any{
		"terminal": map[string]any{"id": terminalID, "merchant": merchantID},
		"acquirer": map[string]any{
			"endpoints": sc.endpoints(),
			"sign_on":   map[string]any{"protocol": "unionpay", "message": "echo", "tpdu": "6000030000"},
		},
		"network": sc.network(),
	}
	merge(config, sc.s.Check.Config)
	text, err := yaml.Marshal(config)
	path := filepath.Join(sc.w.Dir(), "posprobe.yaml")
	if err == nil {
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		sc.t.Fatalf("lab: %v", err)
	}
	return path
}

// endpoint is the main endpoint as it is configured.
func (sc *scene) endpoint() string {
	host := sc.s.literal(AcqAddr)
	if sc.s.Setup.Name {
		host = acquirerName
	}
	return net.JoinHostPort(host, "5500")
}

func (sc *scene) endpoints() []any {
	list := []any{sc.configured(sc.endpoint(), AcqAddr, sc.trust)}
	if sc.s.Setup.Backup {
		list = append(list, sc.configured(net.JoinHostPort(sc.s.literal(AwayAddr), "5500"), AwayAddr, sc.backupTrust))
	}
	return list
}

func (sc *scene) configured(endpoint, v4, issuer string) map[string]any {
	e := map[string]any{"address": endpoint}
	if !sc.s.Setup.TLS {
		return e
	}
	trust := map[string]any{}
	switch sc.s.Setup.Trust {
	case "", "ca":
		trust["ca"] = issuer
	case "pin":
		trust["pin"] = sc.pin(net.JoinHostPort(sc.s.literal(v4), "5500"))
	}
	e["tls"] = trust
	return e
}

// pin is the fingerprint of an endpoint's key, taken while nothing is broken.
func (sc *scene) pin(endpoint string) string {
	conn, err := sc.w.Dial(sc.t.Context(), Term, endpoint, nil)
	if err != nil {
		sc.t.Fatalf("lab: pin: %v", err)
	}
	defer conn.Close()
	client := tls.Client(conn, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10})
	if err := client.HandshakeContext(sc.t.Context()); err != nil {
		sc.t.Fatalf("lab: pin: %v", err)
	}
	sum := sha256.Sum256(client.ConnectionState().PeerCertificates[0].RawSubjectPublicKeyInfo)
	return "sha256/" + base64.StdEncoding.EncodeToString(sum[:])
}

// network is what the site states about its network and what is independent of it.
func (sc *scene) network() map[string]any {
	x := sc.s.Setup
	n := map[string]any{}
	if x.Profile != "" {
		n["profile"] = x.Profile
	}
	if x.OnDemand {
		n["on_demand"] = true
	}
	ref := sc.s.literal(RefAddr)
	if !x.NoReference {
		n["references"] = []string{net.JoinHostPort(ref, "443")}
	}
	if !x.NoIndependent {
		n["independent_resolver"] = ref
	}
	if x.TimeServer != nil {
		n["time_server"] = net.JoinHostPort(ref, "123")
	}
	if !x.NoPortal {
		host := ref
		if x.Name && x.resolvers() > 0 {
			host = portalName
		} else if x.IP == "6" {
			host = "[" + ref + "]"
		}
		n["portal_url"] = "http://" + host + "/generate_204"
	}
	return n
}

// merge lays lines over a configuration: mappings are merged, everything else replaced.
func merge(config, over map[string]any) {
	for key, value := range over {
		below, both := config[key].(map[string]any)
		if m, ok := value.(map[string]any); ok && both {
			below = maps.Clone(below)
			merge(below, m)
			config[key] = below
			continue
		}
		config[key] = value
	}
}
