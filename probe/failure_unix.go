//go:build !windows

package probe

import (
	"syscall"

	"posprobe/report"
)

// errnoTypes are the error numbers of errno(3) that have a word of their own.
var errnoTypes = map[syscall.Errno]report.FailureType{
	syscall.ETIMEDOUT:       report.FailKernelTimeout,
	syscall.ECONNREFUSED:    report.FailRefused,
	syscall.ECONNRESET:      report.FailReset,
	syscall.EPIPE:           report.FailReset,
	syscall.ECONNABORTED:    report.FailAborted,
	syscall.ENETUNREACH:     report.FailNetUnreach,
	syscall.EHOSTUNREACH:    report.FailHostUnreach,
	syscall.EHOSTDOWN:       report.FailHostUnreach,
	syscall.ENETDOWN:        report.FailNetDown,
	syscall.EMSGSIZE:        report.FailMessageSize,
	syscall.EADDRNOTAVAIL:   report.FailNoAddress,
	syscall.EMFILE:          report.FailNoDescriptor,
	syscall.ENFILE:          report.FailNoDescriptor,
	syscall.ENOBUFS:         report.FailNoBuffers,
	syscall.ENOMEM:          report.FailNoBuffers,
	syscall.EPERM:           report.FailNotPermitted,
	syscall.EACCES:          report.FailAccess,
	syscall.ENOENT:          report.FailNotFound,
	syscall.ENODEV:          report.FailNotFound,
	syscall.ENOSYS:          report.FailNotSupported,
	syscall.EOPNOTSUPP:      report.FailNotSupported,
	syscall.EAFNOSUPPORT:    report.FailNotSupported,
	syscall.EPROTONOSUPPORT: report.FailNotSupported,
	syscall.ENOPROTOOPT:     report.FailNotSupported,
	syscall.EIO:             report.FailIO,
	syscall.EISDIR:          report.FailIO,
}
