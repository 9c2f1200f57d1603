package signon

import (
	"cmp"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"posprobe/probe/clean"
	"posprobe/probe/signon/signontest"
)

// spoken is a way to speak that the practice acquirer, whose packing shares no code with
// this package, understands as well.
type spoken struct {
	config Config
	server signontest.Options
}

// allSpoken are all protocols, each framing and each encoding, by themselves and in an
// HTTP request.
func allSpoken() map[string]spoken {
	out := map[string]spoken{
		ProtocolHTTP: {Config{Protocol: ProtocolHTTP, Host: "acquirer.example", HTTP: &HTTP{Path: "/health", JSONPath: "status", JSONValue: "UP"}},
			signontest.Options{Protocol: ProtocolHTTP}},
		ProtocolTCP: {Config{Protocol: ProtocolTCP, Terminal: "99999906", Send: []byte("HELLO 99999906\r\n"), Expect: "^220 .*\n", Steps: []Step{{Send: []byte("PING\r\n"), Expect: "^PONG"}}},
			signontest.Options{Protocol: ProtocolTCP}},
	}
	add := func(name string, s spoken) {
		out[name] = s
		s.config.HTTP, s.config.Host = &HTTP{Path: signontest.DefaultPath}, "gateway.example"
		s.server.HTTP = &signontest.HTTP{}
		out[name+" over HTTP"] = s
	}
	for _, framing := range Framings() {
		c := echoConfig()
		c.Framing = framing
		add("unionpay "+framing, spoken{c, signontest.Options{Framing: framing}})
		for _, encoding := range Encodings() {
			for _, c := range []Config{network1987Config(encoding), network1993Config(encoding)} {
				c.Framing = framing
				add(fmt.Sprint(c.Protocol, " ", framing, " ", encoding),
					spoken{c, signontest.Options{Protocol: c.Protocol, Framing: framing, Encoding: encoding}})
			}
		}
	}
	return out
}

// talk asks a practice acquirer once.
func talk(s spoken, d Dialect, wait time.Duration) (Reply, error) {
	server, err := signontest.Start(s.server)
	if err != nil {
		return Reply{}, err
	}
	defer server.Close()
	conn, err := net.DialTimeout("tcp", server.Addr(), wait)
	if err != nil {
		return Reply{}, err
	}
	defer conn.Close()
	return exchange(conn, d, wait)
}

func TestEveryDialectIsUnderstood(t *testing.T) {
	for name, s := range allSpoken() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := talk(s, mustNew(t, s.config), 20*time.Second)
			code := map[string]string{ProtocolUnionPay: "00", ProtocolISO1987: "00", ProtocolISO1993: "800"}[s.config.Protocol]
			if err != nil || got.ResponseCode != code || (got.Status == 200) != (s.config.HTTP != nil) {
				t.Errorf("read %+v, %v", got, err)
			}
			if framing := framingOf(t, s.config.Framing); s.config.HTTP == nil && framing.polled() {
				s.server.Behaviour = "poll"
				if got, err := talk(s, mustNew(t, s.config), 20*time.Second); err != nil || got.ResponseCode != code {
					t.Errorf("after a poll: %+v, %v", got, err)
				}
			}
		})
	}
}

// Whatever a server does: an exchange ends with its deadline, what is said of it is clean,
// and nothing planted appears.
func TestEveryBehaviourEnds(t *testing.T) {
	const wait = 1500 * time.Millisecond
	var all sync.WaitGroup
	defer all.Wait()
	places := make(chan struct{}, 16)
	planted := append(signontest.PlantedSecrets(), "99999906", "001430170119999")
	for name, s := range allSpoken() {
		if !slices.Contains([]string{"unionpay 2-byte", "unionpay visa over HTTP", "iso8583-1987 visa ascii", "iso8583-1993 base24 bcd", ProtocolHTTP, ProtocolTCP}, name) {
			continue
		}
		behaviours, err := signontest.BehavioursFor(s.server)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range behaviours {
			s := s
			s.server.Behaviour = b.Name
			if b.Argument != "" {
				s.server.Behaviour += "=" + cmp.Or(b.Default, "1")
			}
			if s.server.Check() != nil {
				continue
			}
			d := mustNew(t, s.config)
			at := name + " " + s.server.Behaviour
			all.Go(func() { // they wait, most of the time
				places <- struct{}{}
				defer func() { <-places }()
				began := time.Now()
				got, err := talk(s, d, wait)
				if took := time.Since(began); took > 20*wait {
					t.Errorf("%s: took %v", at, took)
				}
				for _, text := range []string{got.MessageType, got.ResponseCode, got.Requirement, got.HostTime, got.HostText} {
					if clean.Text(text) != text {
						t.Errorf("%s: not clean: %q", at, text)
					}
				}
				said := fmt.Sprintf("%+v %v", got, err)
				for _, secret := range planted {
					if strings.Contains(said, secret) {
						t.Errorf("%s: %q appears in %s", at, secret, said)
					}
				}
				if most := 500 << 10; got.Bytes > most {
					t.Errorf("%s: %d bytes taken", at, got.Bytes)
				}
			})
		}
	}
}
