package probe

import (
	"errors"
	"net"
	"net/netip"

	"posprobe/report"
)

// chooseUplink finds the way to make a connection take the task's link: by binding it
// to the link, or, where that is not permitted, to the link's address if the kernel's
// rules then lead over the link (ip-rule(8)).
func (r *round) chooseUplink(t *task) error {
	if r.sys.MayBind == nil {
		return errors.ErrUnsupported
	}
	err := r.sys.MayBind(t.link)
	if whyNotAsked(err) != report.ReasonNotPermitted || r.sys.Lists.RouteFrom == nil {
		return err
	}
	var way Way
	r.rec.view(func(e *report.Evidence) { way = wayOver(e, t.link, t.address.Addr()) })
	source, parseErr := netip.ParseAddr(way.Source)
	if parseErr != nil {
		return err
	}
	if got, routeErr := r.sys.Lists.RouteFrom(source, t.address.Addr()); routeErr != nil || got.Link != t.link {
		return err
	}
	t.from = source
	return nil
}

// wayOver is the way over a link by its default route.
func wayOver(e *report.Evidence, link string, to netip.Addr) Way {
	way := Way{Link: link}
	for _, r := range e.Routes {
		if p, err := netip.ParsePrefix(r.Destination); err == nil && p.Bits() == 0 && p.Addr().Is4() == to.Is4() && r.Link == link {
			way.Gateway = r.Gateway
			break
		}
	}
	for _, a := range e.Addresses {
		if p, err := netip.ParsePrefix(a.Prefix); err == nil && a.Link == link && p.Addr().Is4() == to.Is4() && a.Scope == "global" {
			way.Source = p.Addr().String()
			break
		}
	}
	return way
}

// interfaceNamed is the interface that the lists know by a name, which is a cleaned one.
func interfaceNamed(name string) (net.Interface, error) {
	all, err := net.Interfaces()
	if err != nil {
		return net.Interface{}, err
	}
	for _, i := range all {
		if linkName(i.Name, i.Index) == name {
			return i, nil
		}
	}
	return net.Interface{}, errNoLink
}

// kernelName is the name under which the kernel knows such an interface.
func kernelName(name string) (string, error) {
	i, err := interfaceNamed(name)
	return i.Name, err
}
