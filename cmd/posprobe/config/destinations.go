package config

import (
	"cmp"

	"posprobe/report/redact"
	"posprobe/report/ship"
)

// shipIDs has the ids themselves stand in a shipped report.
const shipIDs = "ids"

// Destinations are where reports are shipped to, nil for nowhere. installation stands for
// a terminal whose configuration names neither its asset nor its serial number, so that
// the receiver can tell terminals apart all the same. The error is Mistakes.
func (c *Config) Destinations(installation string) ([]ship.Destination, error) {
	var out []ship.Destination
	for i, s := range c.Ship {
		at := "ship" + index(i)
		file := func(key, name string) string {
			if name == "" {
				return ""
			}
			return c.path(at+key, name)
		}
		r, f := c.redactor(file(".reference_key", s.ReferenceKey), s.Terminal, installation)
		if f != nil {
			return nil, Mistakes{c.at(at+".reference_key", *f)}
		}
		out = append(out, ship.Destination{
			To: s.To, Format: ship.Format(s.Format),
			CA: file(".ca", s.CA), Certificate: file(".certificate", s.Certificate), Key: file(".key", s.Key),
			Token: file(".token", s.Token), Insecure: s.Insecure,
			Proxy: s.Proxy, ProxyCredentials: file(".proxy_credentials", s.ProxyCredentials),
			Redact: r, Batch: int64(s.Batch), Every: s.Every,
		})
	}
	return out, nil
}

// redactor knows what of this configuration must not leave the terminal.
func (c *Config) redactor(keyFile, terminal, installation string) (redact.Redactor, *fault) {
	id, merchant := c.Terminal.ID, c.Terminal.Merchant
	switch terminal {
	case shipIDs:
		return redact.Redactor{Ref: id + "|" + merchant}, nil
	case shipReference:
		key, f := readSecret(keyFile, referenceKeyCap)
		defer clear(key)
		if f != nil {
			return redact.Redactor{}, f
		}
		return redact.Redactor{Ref: redact.Reference(key, id, merchant), Secrets: []string{id, merchant}}, nil
	}
	r := c.Redactor()
	r.Ref = cmp.Or(r.Ref, installation)
	return r, nil
}

// Redactor takes out what must not leave the terminal, which goes by the name of its
// asset, or its serial number.
func (c *Config) Redactor() redact.Redactor {
	t := c.Terminal
	return redact.Redactor{Ref: cmp.Or(t.Asset, t.Serial), Secrets: []string{t.ID, t.Merchant}}
}
