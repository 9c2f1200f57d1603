package probe

import (
	"syscall"

	"posprobe/report"

	"golang.org/x/sys/windows"
)

// errnoTypes are the Windows Sockets and system error codes that have a word of their
// own. The names of errno(3) do not match what sockets return there.
var errnoTypes = map[syscall.Errno]report.FailureType{
	windows.WSAETIMEDOUT:            report.FailKernelTimeout,
	windows.WSAECONNREFUSED:         report.FailRefused,
	windows.WSAECONNRESET:           report.FailReset,
	windows.WSAESHUTDOWN:            report.FailReset,
	windows.WSAECONNABORTED:         report.FailAborted,
	windows.WSAENETUNREACH:          report.FailNetUnreach,
	windows.WSAEHOSTUNREACH:         report.FailHostUnreach,
	windows.WSAEHOSTDOWN:            report.FailHostUnreach,
	windows.WSAENETDOWN:             report.FailNetDown,
	windows.WSAEMSGSIZE:             report.FailMessageSize,
	windows.WSAEADDRNOTAVAIL:        report.FailNoAddress,
	windows.WSAEMFILE:               report.FailNoDescriptor,
	windows.WSAENOBUFS:              report.FailNoBuffers,
	windows.WSAEACCES:               report.FailAccess,
	windows.ERROR_ACCESS_DENIED:     report.FailAccess,
	windows.ERROR_FILE_NOT_FOUND:    report.FailNotFound,
	windows.ERROR_PATH_NOT_FOUND:    report.FailNotFound,
	windows.ERROR_NOT_SUPPORTED:     report.FailNotSupported,
	windows.WSAEOPNOTSUPP:           report.FailNotSupported,
	windows.WSAEAFNOSUPPORT:         report.FailNotSupported,
	windows.WSAEPROTONOSUPPORT:      report.FailNotSupported,
	windows.ERROR_NOT_ENOUGH_MEMORY: report.FailNoBuffers,
}
