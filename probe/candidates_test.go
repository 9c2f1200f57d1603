package probe

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"posprobe/report"
)

// resolverAt and answerAt name the nth resolver and the nth address that it gives.
func resolverAt(n int) string { return fmt.Sprintf("192.0.2.%d:53", n) }
func answerAt(r, n int) string {
	return netip.AddrFrom4([4]byte{198, 18, byte(r), byte(n)}).String()
}

// lookedUp adds the end of an A lookup of posName with count answers to the evidence.
func lookedUp(e *report.Evidence, resolver, count int) {
	l := report.Lookup{Name: posName, Type: "A", Resolver: resolverAt(resolver)}
	for n := range count {
		l.Answers = append(l.Answers, report.Answer{Address: answerAt(resolver, n+1)})
	}
	e.Lookups = append(e.Lookups, l)
	e.Tasks = append(e.Tasks, ended("lookup A "+posName+" at "+resolverAt(resolver)))
}

func withResolvers(n int) report.Evidence {
	var e report.Evidence
	for i := range n {
		e.Resolvers = append(e.Resolvers, report.Resolver{Address: resolverAt(i + 1)})
	}
	return e
}

// sorted are candidates by what becomes of them.
func sorted(list []candidate) map[report.Reason][]string {
	out := map[report.Reason][]string{}
	for _, c := range list {
		out[c.why] = append(out[c.why], c.ip.String())
	}
	return out
}

func TestCandidatesTakeTurns(t *testing.T) {
	e := withResolvers(2)
	e.Hosts = report.List[report.HostsEntry]{{Name: posName, Address: "203.0.113.99"}, {Name: "other.example", Address: "203.0.113.98"}}
	lookedUp(&e, 2, 2) // it answered first, and stands second all the same
	lookedUp(&e, 1, 12)
	got := sorted(candidates(&e, &Request{}, posName))
	want := []string{
		"203.0.113.99", answerAt(1, 1), answerAt(2, 1), answerAt(1, 2), answerAt(2, 2),
		answerAt(1, 3), answerAt(1, 4), answerAt(1, 5),
	}
	if !slices.Equal(got[""], want) {
		t.Errorf("asked %q, want %q", got[""], want)
	}
	if len(got[report.ReasonTooMany]) != 7 {
		t.Errorf("too many: %q", got[report.ReasonTooMany])
	}
}

// A resolver that is quick and says much leaves room for one that is slow.
func TestCandidatesLeaveRoom(t *testing.T) {
	e := withResolvers(2)
	lookedUp(&e, 1, 16)
	early := sorted(candidates(&e, &Request{}, posName))
	if len(early[""]) != 4 || len(early[report.ReasonTooMany]) != 0 {
		t.Fatalf("before the second answer: %q", early)
	}
	lookedUp(&e, 2, 3)
	late := sorted(candidates(&e, &Request{}, posName))
	for n := 1; n <= 3; n++ {
		if !slices.Contains(late[""], answerAt(2, n)) {
			t.Errorf("%s is crowded out: %q", answerAt(2, n), late[""])
		}
	}
	if len(late[""]) != maxAddresses || len(late[report.ReasonTooMany]) != 16+3-maxAddresses {
		t.Errorf("in the end: %q", late)
	}
}

// Whatever arrives in whatever order: what was begun stays chosen, what was refused
// stays refused, the cap holds, and every resolver that has an address is heard.
func TestCandidatesOnlyGrow(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		n := 1 + rng.IntN(maxResolvers)
		e := withResolvers(n)
		for i := range rng.IntN(3) {
			e.Hosts = append(e.Hosts, report.HostsEntry{Name: posName, Address: answerAt(99, i)})
		}
		var before []candidate
		counts := map[int]int{}
		for _, r := range rng.Perm(n) {
			counts[r+1] = rng.IntN(17)
			lookedUp(&e, r+1, counts[r+1])
			now := candidates(&e, &Request{}, posName)
			for _, c := range before {
				if !slices.Contains(now, c) {
					t.Fatalf("%v was %q and is not any more: %v", c.ip, c.why, now)
				}
			}
			before = now
		}
		asked := sorted(before)[""]
		total := len(e.Hosts)
		for r, count := range counts {
			total += count
			if count > 0 && n+len(e.Hosts) <= maxAddresses && !slices.Contains(asked, answerAt(r, 1)) {
				t.Fatalf("resolver %d of %d is not heard: %q", r, n, asked)
			}
		}
		if len(asked) != min(total, maxAddresses) || len(before) != total {
			t.Fatalf("%d asked of %d", len(asked), total)
		}
	}
}

func TestRules(t *testing.T) {
	e := report.Evidence{Addresses: report.List[report.Address]{{Prefix: "192.168.1.20/24"}, {Prefix: "2001:db8::20/64"}}}
	expecting := &Request{Site: report.Site{ExpectAddresses: report.List[string]{"203.0.113.0/24", "2001:db8:1::/48", "127.0.0.0/8"}}}
	for _, tt := range []struct {
		ip    string
		req   *Request
		name  string
		allow bool
	}{
		{"203.0.113.7", &Request{}, posName, true},
		{"10.1.2.3", &Request{}, posName, true}, // private hosts are what private networks have
		{"2001:db8:1::7", &Request{}, posName, true},
		{"127.0.0.1", &Request{}, posName, false},
		{"127.8.8.8", &Request{}, posName, false},
		{"::1", &Request{}, posName, false},
		{"127.0.0.1", &Request{}, "localhost", true},
		{"::1", &Request{}, "localhost", true},
		{"0.0.0.0", &Request{}, "localhost", false},
		{"0.1.2.3", &Request{}, posName, false},
		{"::", &Request{}, posName, false},
		{"224.0.0.1", &Request{}, posName, false},
		{"ff02::1", &Request{}, posName, false},
		{"169.254.169.254", &Request{}, posName, false},
		{"fe80::1", &Request{}, posName, false},
		{"255.255.255.255", &Request{}, posName, false},
		{"240.0.0.1", &Request{}, posName, false},
		{"192.168.1.20", &Request{}, posName, false}, // the device itself
		{"192.168.1.21", &Request{}, posName, true},
		{"2001:db8::20", &Request{}, posName, false},
		{"203.0.113.7", expecting, posName, true},
		{"2001:db8:1::7", expecting, posName, true},
		{"198.51.100.7", expecting, posName, false},
		{"2001:db8:2::7", expecting, posName, false},
		{"127.0.0.1", expecting, posName, false},
	} {
		if got := newRules(&e, tt.req, tt.name).allow(netip.MustParseAddr(tt.ip)); got != tt.allow {
			t.Errorf("%s for %s, expecting %q: %v", tt.ip, tt.name, tt.req.Site.ExpectAddresses, got)
		}
	}
}

// Forbidden answers are on record, are not asked and take nobody's place; the hosts
// file's word is not held against the rules.
func TestCandidatesForbidden(t *testing.T) {
	e := withResolvers(1)
	lookedUp(&e, 1, 8)
	e.Lookups[0].Answers = append(report.List[report.Answer]{
		{Address: "127.0.0.1"}, {Address: "::ffff:169.254.169.254"}, {Address: "127.0.0.1"}, {Address: "127.0.0.9"},
	}, e.Lookups[0].Answers...)
	e.Hosts = report.List[report.HostsEntry]{{Name: posName, Address: "127.0.0.9"}, {Name: posName, Address: "0.0.0.0"}}
	got := sorted(candidates(&e, &Request{}, posName))
	if !slices.Equal(got[report.ReasonNotAllowed], []string{"127.0.0.1", "169.254.169.254"}) {
		t.Errorf("not allowed: %q", got[report.ReasonNotAllowed])
	}
	if len(got[""]) != maxAddresses || got[""][0] != "127.0.0.9" || len(got[report.ReasonTooMany]) != 1 {
		t.Errorf("asked %q, too many %q", got[""], got[report.ReasonTooMany])
	}
	for _, task := range plan(&e, &Request{Endpoints: []Endpoint{{Address: posName + ":5500"}}}) {
		if task.Reason == report.ReasonNotAllowed && task.Outcome != report.OutcomeNotAsked ||
			task.Kind == report.TaskPing && task.target.IsLoopback() {
			t.Errorf("task %+v", task)
		}
	}
}
