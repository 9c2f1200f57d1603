//go:build !windows

package probe

const hostsFile = "etc/hosts"
