package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// papers are the certificates of a server, the zero value for none.
type papers struct {
	// authority is that of the authority, as PEM.
	authority []byte
	leaf      tls.Certificate
}

// papersLast is how long certificates are good for.
const papersLast = 365 * 24 * time.Hour

// newPapers makes an authority and a certificate for this machine and an address.
// Nobody keeps the authority's key.
func newPapers(addr net.Addr) (papers, error) {
	root, rootKey, err := newCertificate(&x509.Certificate{
		Subject: pkix.Name{CommonName: "Centrapay sandbox authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	}, nil, nil)
	if err != nil {
		return papers{}, err
	}
	own := []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	if tcp, ok := addr.(*net.TCPAddr); ok {
		own = append(own, tcp.IP)
	}
	leaf, leafKey, err := newCertificate(&x509.Certificate{
		Subject: pkix.Name{CommonName: "Centrapay sandbox"}, DNSNames: []string{"localhost"}, IPAddresses: own,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, root, rootKey)
	if err != nil {
		return papers{}, err
	}
	return papers{
		authority: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw}),
		leaf:      tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: leafKey, Leaf: leaf},
	}, nil
}

// newCertificate signs a certificate by an authority, or by itself when there is
// none.
func newCertificate(shape, authority *x509.Certificate, by *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	const serialBits = 120
	if shape.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), serialBits)); err != nil {
		return nil, nil, err
	}
	now := time.Now()
	shape.NotBefore, shape.NotAfter = now.Add(-time.Hour), now.Add(papersLast)
	if authority == nil {
		authority, by = shape, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, shape, authority, &key.PublicKey, by)
	if err != nil {
		return nil, nil, err
	}
	made, err := x509.ParseCertificate(raw)
	return made, key, err
}
