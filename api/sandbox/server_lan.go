package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
)

// lanFound stands for the address of this machine that Listen finds by itself.
const lanFound = "found"

// WithLAN lets phones and tills on the local network in, to the customers' pages and
// the API, and nowhere else: the control page, the control calls and the logins stay
// with this machine, and so does requests.create, which could have anything on it
// called. It listens on one address more, of the network and with the port of the other
// if that is free, without TLS; the url of payment requests then points
// there. An empty address is the one by which this machine is known on its network; a
// loopback one is for rehearsing it. One that is not of a private network is refused,
// since whoever gets there may act as any customer. It is for Listen; New has nothing
// to listen on.
func WithLAN(address string) Option {
	return func(s *settings) error {
		if address == "" {
			s.lan = lanFound
			return nil
		}
		ip, err := netip.ParseAddr(address)
		if err != nil {
			return fmt.Errorf("network address %q: want an IP address of this machine, as 192.168.1.5", clip(address))
		}
		if !onPrivateNetwork(ip) && !ip.IsLoopback() {
			return fmt.Errorf("network address %s is not one of a private network: a sandbox is not for the internet", ip)
		}
		s.lan = ip.String()
		return nil
	}
}

// onPrivateNetwork also knows the addresses that carriers and private overlays
// share (RFC 6598).
func onPrivateNetwork(ip netip.Addr) bool {
	ip = ip.Unmap()
	shared := netip.MustParsePrefix("100.64.0.0/10")
	return ip.IsPrivate() || ip.IsLinkLocalUnicast() || shared.Contains(ip)
}

// listenLAN listens for the network; nil when nobody asked for that.
func listenLAN(ctx context.Context, address string, beside net.Addr) (net.Listener, error) {
	if address == "" {
		return nil, nil //nolint:nilnil // no listener is a fine answer
	}
	if address == lanFound {
		found, err := lanAddress(ctx)
		if err != nil {
			return nil, err
		}
		address = found.String()
	}
	config := net.ListenConfig{}
	if tcp, ok := beside.(*net.TCPAddr); ok {
		if listener, err := config.Listen(ctx, "tcp", net.JoinHostPort(address, strconv.Itoa(tcp.Port))); err == nil {
			return listener, nil
		}
	}
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		return nil, fmt.Errorf("listen on the network: %w", err)
	}
	return listener, nil
}

// lanAddress finds the address by which others on the network know this machine:
// the one that it would itself use towards a far one, otherwise the first private
// one. Nothing is sent.
func lanAddress(ctx context.Context) (netip.Addr, error) {
	const farAway = "192.0.2.1:9" // an address of nobody (RFC 5737)
	if c, err := (&net.Dialer{}).DialContext(ctx, "udp4", farAway); err == nil {
		own, err := netip.ParseAddrPort(c.LocalAddr().String())
		_ = c.Close()
		if err == nil && onPrivateNetwork(own.Addr()) {
			return own.Addr(), nil
		}
	}
	all, err := net.InterfaceAddrs()
	if err != nil {
		return netip.Addr{}, fmt.Errorf("look for this machine's network address: %w", err)
	}
	var found netip.Addr
	for _, a := range all {
		prefix, err := netip.ParsePrefix(a.String())
		if err != nil || !prefix.Addr().IsPrivate() {
			continue
		}
		if found = prefix.Addr(); found.Is4() {
			break
		}
	}
	if found.IsValid() {
		return found, nil
	}
	return netip.Addr{}, errors.New("this machine has no address on a private network; name one of its addresses")
}

// forLAN is what the network gets to see: the customers' pages and the API, under the
// address itself. A name would let a page from elsewhere, whose name server points
// here, act for whoever looks at it.
func (s *Service) forLAN() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		_, err := netip.ParseAddr(strings.Trim(host, "[]"))
		switch escaped := r.URL.EscapedPath(); {
		case err != nil:
			s.refuse(w, forbidden())
		case strings.HasSuffix(r.URL.Path, "/requests.create"):
			s.notFound(w, r) // its notifyUrl would reach into this machine
		case strings.HasPrefix(escaped, "/pay/"), strings.HasPrefix(escaped, "/connect/"), isAPI(escaped):
			s.ServeHTTP(w, r)
		default:
			s.notFound(w, r)
		}
	})
}

// LANURL returns the base URL by which others on the network reach the pay pages
// and the API, "" without WithLAN.
func (s *Server) LANURL() string {
	if s.lan == nil {
		return ""
	}
	return "http://" + s.lan.String()
}

// ControlURL returns the address of the trainer's page, for this machine only.
func (s *Server) ControlURL() string { return s.URL() + controlPath }
