package probe

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"posprobe/report"
)

func mustTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// asked and skipped split a plan into what would be sent and what would not.
func asked(tasks []task) []string {
	var out []string
	for _, t := range tasks {
		if t.Outcome == "" {
			out = append(out, t.ID)
		}
	}
	return out
}

func skipped(tasks []task) map[string]report.Reason {
	out := map[string]report.Reason{}
	for _, t := range tasks {
		if t.Outcome == report.OutcomeNotAsked {
			out[t.ID] = t.Reason
		}
	}
	return out
}

func answered(kind report.TaskKind) report.Task {
	return report.Task{ID: string(kind), Kind: kind, Outcome: report.OutcomeAnswered}
}

func ended(id string) report.Task {
	return report.Task{ID: id, Kind: report.TaskLookup, Outcome: report.OutcomeAnswered}
}

func TestPlan(t *testing.T) {
	const endpoint = "pos.acquirer.example:5500"
	named := Request{Endpoints: []Endpoint{{Address: endpoint}}}
	routes := report.List[report.Route]{{Destination: "0.0.0.0/0", Gateway: "192.0.2.1", Link: "eth0"}}
	resolvers := report.List[report.Resolver]{{Address: "192.0.2.53:53"}, {Address: "198.51.100.53:53"}}
	answer := func(resolver string, addresses ...string) report.Lookup {
		l := report.Lookup{Name: "pos.acquirer.example", Type: "A", Resolver: resolver}
		for _, a := range addresses {
			l.Answers = append(l.Answers, report.Answer{Address: a})
		}
		return l
	}
	cases := []struct {
		name    string
		e       report.Evidence
		req     Request
		asked   []string
		skipped map[string]report.Reason
	}{
		{
			name:  "literal address, no resolver",
			e:     report.Evidence{Tasks: report.List[report.Task]{answered(report.TaskRoutes)}, Routes: routes},
			req:   Request{Endpoints: []Endpoint{{Address: "203.0.113.7:5500"}}},
			asked: []string{"exchange 203.0.113.7:5500 at 203.0.113.7:5500", "ping endpoint 203.0.113.7", "ping gateway 192.0.2.1"},
		},
		{
			name:  "loopback is not pinged",
			req:   Request{Endpoints: []Endpoint{{Address: "127.0.0.1:5500"}}},
			asked: []string{"exchange 127.0.0.1:5500 at 127.0.0.1:5500"},
		},
		{
			name: "a name is asked of every resolver, without IPv6 for A only",
			e:    report.Evidence{Tasks: report.List[report.Task]{answered(report.TaskRoutes)}, Routes: routes, Resolvers: resolvers},
			req:  named,
			asked: []string{
				"lookup A pos.acquirer.example at 192.0.2.53:53", "lookup A pos.acquirer.example at 198.51.100.53:53",
				"ping gateway 192.0.2.1",
			},
			skipped: map[string]report.Reason{"lookup AAAA pos.acquirer.example": report.ReasonNoIPv6},
		},
		{
			name: "IPv6 is asked for with an address and a default route",
			e: report.Evidence{
				Tasks:     report.List[report.Task]{answered(report.TaskRoutes)},
				Addresses: report.List[report.Address]{{Prefix: "2001:db8::7/64", Scope: "global"}},
				Routes:    report.List[report.Route]{{Destination: "::/0", Gateway: "fe80::1", Link: "eth0"}},
				Resolvers: report.List[report.Resolver]{{Address: "[2001:db8::53]:53"}},
			},
			req: named,
			asked: []string{
				"lookup A pos.acquirer.example at [2001:db8::53]:53", "lookup AAAA pos.acquirer.example at [2001:db8::53]:53",
				"ping gateway fe80::1%eth0",
			},
		},
		{
			name: "the first answer makes its exchange due",
			e: report.Evidence{
				Tasks: report.List[report.Task]{
					answered(report.TaskRoutes), ended("lookup A pos.acquirer.example at 192.0.2.53:53"),
				},
				Routes: routes, Resolvers: resolvers,
				Lookups: report.List[report.Lookup]{answer("192.0.2.53:53", "203.0.113.7")},
			},
			req: named,
			asked: []string{
				"lookup A pos.acquirer.example at 198.51.100.53:53",
				"exchange pos.acquirer.example:5500 at 203.0.113.7:5500", "ping endpoint 203.0.113.7", "ping gateway 192.0.2.1",
			},
			skipped: map[string]report.Reason{"lookup AAAA pos.acquirer.example": report.ReasonNoIPv6},
		},
		{
			name: "no address anywhere: unresolved",
			e: report.Evidence{
				Tasks: report.List[report.Task]{
					ended("lookup A pos.acquirer.example at 192.0.2.53:53"), ended("lookup A pos.acquirer.example at 198.51.100.53:53"),
				},
				Resolvers: resolvers,
			},
			req: named,
			skipped: map[string]report.Reason{
				"lookup AAAA pos.acquirer.example":   report.ReasonNoIPv6,
				"exchange pos.acquirer.example:5500": report.ReasonUnresolved,
			},
		},
		{
			name:    "no resolver at all: unresolved",
			req:     named,
			skipped: map[string]report.Reason{"exchange pos.acquirer.example:5500": report.ReasonUnresolved},
		},
		{
			name: "the hosts file is connected to, and DNS asked all the same",
			e: report.Evidence{
				Resolvers: resolvers[:1],
				Hosts:     report.List[report.HostsEntry]{{Name: "pos.acquirer.example", Address: "203.0.113.99"}},
			},
			req: named,
			asked: []string{
				"lookup A pos.acquirer.example at 192.0.2.53:53",
				"exchange pos.acquirer.example:5500 at 203.0.113.99:5500", "ping endpoint 203.0.113.99",
			},
			skipped: map[string]report.Reason{"lookup AAAA pos.acquirer.example": report.ReasonNoIPv6},
		},
		{
			name: "an answer that would lead to the device itself is not followed",
			e: report.Evidence{
				Tasks:     report.List[report.Task]{ended("lookup A pos.acquirer.example at 192.0.2.53:53")},
				Resolvers: resolvers[:1],
				Lookups:   report.List[report.Lookup]{answer("192.0.2.53:53", "0.0.0.0", "224.0.0.1")},
			},
			req: named,
			skipped: map[string]report.Reason{
				"lookup AAAA pos.acquirer.example":                     report.ReasonNoIPv6,
				"exchange pos.acquirer.example:5500 at 0.0.0.0:5500":   report.ReasonNotAllowed,
				"exchange pos.acquirer.example:5500 at 224.0.0.1:5500": report.ReasonNotAllowed,
			},
		},
		{
			name: "literal addresses need no resolver and no way to one",
			e: report.Evidence{
				Tasks:     report.List[report.Task]{answered(report.TaskRoutes)},
				Routes:    append(slices.Clone(routes), report.Route{Destination: "203.0.113.0/24", Gateway: "192.0.2.2", Link: "eth0"}),
				Resolvers: resolvers,
			},
			req:   Request{Endpoints: []Endpoint{{Address: "203.0.113.7:5500"}}},
			asked: []string{"exchange 203.0.113.7:5500 at 203.0.113.7:5500", "ping endpoint 203.0.113.7", "ping gateway 192.0.2.2"},
		},
		{
			name:  "no gateway on the way to the device itself",
			e:     report.Evidence{Tasks: report.List[report.Task]{answered(report.TaskRoutes)}, Routes: routes, Resolvers: resolvers},
			req:   Request{Endpoints: []Endpoint{{Address: "127.0.0.1:5500"}}},
			asked: []string{"exchange 127.0.0.1:5500 at 127.0.0.1:5500"},
		},
		{
			name: "behind a resolver on the device stands the default route",
			e: report.Evidence{
				Tasks: report.List[report.Task]{answered(report.TaskRoutes)}, Routes: routes,
				Resolvers: report.List[report.Resolver]{{Address: "127.0.0.53:53"}},
			},
			req:     named,
			asked:   []string{"lookup A pos.acquirer.example at 127.0.0.53:53", "ping gateway 192.0.2.1"},
			skipped: map[string]report.Reason{"lookup AAAA pos.acquirer.example": report.ReasonNoIPv6},
		},
		{
			name: "paused",
			e:    report.Evidence{Tasks: report.List[report.Task]{answered(report.TaskRoutes)}, Routes: routes, Resolvers: resolvers[:1]},
			req:  Request{Endpoints: []Endpoint{{Address: endpoint}, {Address: "203.0.113.7:5500"}}, Paused: true},
			skipped: map[string]report.Reason{
				"lookup A pos.acquirer.example at 192.0.2.53:53": report.ReasonPaused,
				"lookup AAAA pos.acquirer.example":               report.ReasonPaused,
				"exchange pos.acquirer.example:5500":             report.ReasonPaused,
				"exchange 203.0.113.7:5500 at 203.0.113.7:5500":  report.ReasonPaused,
				"ping endpoint 203.0.113.7":                      report.ReasonPaused,
				"ping gateway 192.0.2.1":                         report.ReasonPaused,
			},
		},
		{
			name: "on demand without an uplink",
			e:    report.Evidence{Tasks: report.List[report.Task]{{ID: "routes", Kind: report.TaskRoutes, Outcome: report.OutcomeEmpty}}},
			req:  Request{Site: report.Site{OnDemand: true}, Endpoints: []Endpoint{{Address: "203.0.113.7:5500"}}},
			skipped: map[string]report.Reason{
				"exchange 203.0.113.7:5500 at 203.0.113.7:5500": report.ReasonOnDemand, "ping endpoint 203.0.113.7": report.ReasonOnDemand,
			},
		},
		{
			name:  "on demand with routes unseen is asked",
			e:     report.Evidence{Tasks: report.List[report.Task]{{ID: "routes", Kind: report.TaskRoutes, Outcome: report.OutcomeFailed}}},
			req:   Request{Site: report.Site{OnDemand: true}, Endpoints: []Endpoint{{Address: "203.0.113.7:5500"}}},
			asked: []string{"exchange 203.0.113.7:5500 at 203.0.113.7:5500", "ping endpoint 203.0.113.7"},
		},
		{
			name:    "an endpoint that cannot be read",
			req:     Request{Endpoints: []Endpoint{{Address: "nonsense"}}},
			skipped: map[string]report.Reason{"exchange nonsense": report.ReasonUnresolved},
		},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			tasks := plan(&tt.e, &tt.req)
			if got := asked(tasks); !slices.Equal(got, tt.asked) {
				t.Errorf("asked\n%q, want\n%q", got, tt.asked)
			}
			got := skipped(tasks)
			if len(got) != len(tt.skipped) {
				t.Errorf("skipped %v, want %v", got, tt.skipped)
			}
			for id, why := range tt.skipped {
				if got[id] != why {
					t.Errorf("skipped %q: %q, want %q", id, got[id], why)
				}
			}
			// Idempotent: what was planned and recorded is not planned again.
			for _, task := range tasks {
				task.Outcome = report.OutcomeAnswered
				tt.e.Tasks = append(tt.e.Tasks, task.Task)
			}
			for _, again := range plan(&tt.e, &tt.req) {
				if slices.ContainsFunc(tasks, func(x task) bool { return x.ID == again.ID }) {
					t.Errorf("planned twice: %q", again.ID)
				}
			}
		})
	}
}

func TestPlanCapsAddresses(t *testing.T) {
	l := report.Lookup{Name: "pos.acquirer.example"}
	for i := range 12 {
		l.Answers = append(l.Answers, report.Answer{Address: netip.AddrFrom4([4]byte{203, 0, 113, byte(i + 1)}).String()})
	}
	e := report.Evidence{Lookups: report.List[report.Lookup]{l}}
	tasks := plan(&e, &Request{Endpoints: []Endpoint{{Address: "pos.acquirer.example:5500"}}})
	exchanges, many := 0, 0
	for _, task := range tasks {
		switch {
		case task.Reason == report.ReasonTooMany:
			many++
		case task.Kind == report.TaskExchange:
			exchanges++
		}
	}
	if exchanges != maxAddresses || many != 4 {
		t.Fatalf("%d exchanges and %d too many", exchanges, many)
	}
}

func TestRouteFor(t *testing.T) {
	routes := []report.Route{
		{Destination: "0.0.0.0/0", Gateway: "192.0.2.1", Link: "eth0", Metric: 100},
		{Destination: "0.0.0.0/0", Gateway: "198.51.100.1", Link: "wlan0", Metric: 50},
		{Destination: "10.0.0.0/8", Gateway: "192.0.2.2", Link: "tun0", Metric: 500},
		{Destination: "::/0", Gateway: "fe80::1", Link: "eth0"},
		{Destination: "nonsense", Gateway: "192.0.2.3"},
	}
	for ip, want := range map[string]string{
		"203.0.113.7": "198.51.100.1", "10.1.2.3": "192.0.2.2", "2001:db8::1": "fe80::1", "fe80::5%eth0": "fe80::1",
	} {
		if r, ok := routeFor(routes, netip.MustParseAddr(ip)); !ok || r.Gateway != want {
			t.Errorf("%s goes by %q, want %q", ip, r.Gateway, want)
		}
	}
	if _, ok := routeFor(routes[3:4], netip.MustParseAddr("203.0.113.7")); ok {
		t.Error("an IPv4 address by an IPv6 route")
	}
}
