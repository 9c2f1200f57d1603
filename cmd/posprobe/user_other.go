//go:build !linux

package main

import "errors"

// dropTo is for Linux, where terminals start everything as root.
func (a app) dropTo(string, bool, string) error {
	return errors.New("--user is for Linux; have the service manager start posprobe as that user")
}
