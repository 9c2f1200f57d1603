package store

import (
	"os"
	"syscall"
)

// keepSize is FALLOC_FL_KEEP_SIZE (fallocate(2)): whoever reads the file sees nothing of it.
const keepSize = 1

// reserve allocates space in a file. Where that cannot be done it is done when needed.
func reserve(f *os.File, from, size int64) {
	syscall.Fallocate(int(f.Fd()), keepSize, from, size)
}
