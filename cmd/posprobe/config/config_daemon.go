package config

import "time"

// Percent is a share in whole percent.
type Percent int

// Bytes is an amount of data; it is written with a unit that is a power of ten.
type Bytes int64

// Schedule is how often the daemon looks, and how much it may send and receive.
type Schedule struct {
	// Light is the interval of rounds that end with the connection, Full of those with
	// the whole sign-on exchange; not below Light.
	Light time.Duration `yaml:"light" range:"1m,24h" default:"5m"`
	Full  time.Duration `yaml:"full" range:"1m,24h" default:"15m"`
	// Jitter is how far each interval strays, to either side.
	Jitter Percent `yaml:"jitter" range:"0,50" default:"20%"`
	// Splay is the longest time by which the first round after a start is put off, so
	// that terminals that start together do not ask together.
	Splay      time.Duration `yaml:"splay" range:"0s,1h" default:"5m"`
	DataPerDay Bytes         `yaml:"data_per_day" range:"100kB,10GB" default:"5MB"`
}

// Reports is where the daemon keeps them.
type Reports struct {
	Dir  string `yaml:"dir" form:"file" default:"/var/lib/posprobe"`
	Keep Bytes  `yaml:"keep" range:"1MB,10GB" default:"16MB"`
	// MaxAge is the age from which reports are dropped although there is room, where the
	// clock is to be relied on.
	MaxAge        time.Duration `yaml:"max_age" range:"24h,87600h" default:"8760h"`
	EscalateAfter time.Duration `yaml:"escalate_after" range:"1m,24h" default:"10m"`
}

// Ship is a destination for reports. File names are as in TLS.
type Ship struct {
	// To is https://…, http://…, syslog+tls://HOST[:PORT] or syslog+tcp://HOST[:PORT].
	To string `yaml:"to" form:"destination"`
	// Format is by default ndjson over HTTP, and syslog over syslog.
	Format string `yaml:"format" oneof:"ndjson|otlp|syslog"`
	// CA, Certificate and Key are as in TLS.
	CA          string `yaml:"ca" form:"path"`
	Certificate string `yaml:"certificate" form:"path"`
	Key         string `yaml:"key" form:"path"`
	// Token is a file with a bearer token (RFC 6750 section 2.1); nobody but its owner
	// may read it.
	Token string `yaml:"token" form:"path"`
	// Insecure permits to send without TLS to another machine.
	Insecure bool `yaml:"insecure" default:"false"`
	// Proxy is an HTTP proxy on the way, http://HOST:PORT, and ProxyCredentials a file with
	// USER:PASSWORD for it; nobody but its owner may read it.
	Proxy            string `yaml:"proxy" form:"proxy"`
	ProxyCredentials string `yaml:"proxy_credentials" form:"path"`
	// Batch is how much goes at once, Every how long healthy reports wait for each other;
	// those of failures do not wait.
	Batch Bytes         `yaml:"batch" range:"10kB,1MB" default:"100kB"`
	Every time.Duration `yaml:"every" range:"1m,24h" default:"1h"`
	// Terminal says what stands for terminal and merchant id in a shipped report.
	Terminal string `yaml:"terminal" oneof:"asset|reference|ids" default:"asset"`
	// ReferenceKey is a file with the key of the reference, which is an HMAC-SHA256 of
	// both ids; nobody but its owner may read it.
	ReferenceKey string `yaml:"reference_key" form:"path"`
}
