package main

import (
	"io/fs"
	"os"
)

// keepReaders does nothing: on this system a file has the rights of its folder.
func keepReaders(*os.File, fs.FileInfo) {}
