package probe

import (
	"crypto/x509"
	"testing"
	"time"

	"posprobe/report"

	"github.com/miekg/dns"
)

func FuzzReply(f *testing.F) {
	q := new(dns.Msg).SetQuestion(posName+".", dns.TypeA)
	m := new(dns.Msg).SetReply(q)
	a, _ := dns.NewRR(posName + ". 30 IN A 192.0.2.7")
	alias, _ := dns.NewRR(posName + ". 30 IN CNAME " + posName + ".")
	m.Answer = []dns.RR{alias, a}
	m.SetEdns0(ednsSize, false)
	m.IsEdns0().Option = append(m.IsEdns0().Option, &dns.EDNS0_EDE{InfoCode: 22, ExtraText: "x\x1b"})
	b, err := m.Pack()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		reply := new(dns.Msg)
		if reply.Unpack(b) != nil {
			return
		}
		answers(reply, q)
		l := report.Lookup{Name: posName, Type: "A"}
		readReply(reply, &l)
		if len(l.Answers) > maxAnswers || len(l.ExtendedErrors) > maxExtended {
			t.Fatalf("%+v", l)
		}
	})
}

func FuzzCertificate(f *testing.F) {
	f.Add([]byte{0x30, 0x03, 0x02, 0x01, 0x00})
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := x509.ParseCertificate(b)
		if err != nil {
			return
		}
		if d := describeCertificate(c); len(d.Names) > maxNames {
			t.Fatalf("%+v", d)
		}
		verify([]*x509.Certificate{c, c}, expectation{now: time.Now(), name: posName, roots: x509.NewCertPool()})
	})
}
