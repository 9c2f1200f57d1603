package main

import "os"

// share has nothing to do: a service runs as the system there, and leaves its files to it.
func share(*os.File, string) error { return nil }
