package signon

// network1987 is network management of ISO 8583:1987: the code of field 70, beyond a
// second bitmap.
var network1987 = network{
	formats: &formats1987, version: '0',
	mtis: []string{"0800", "0820"},
	code: 70, echo: "301", signOn: "001",
	fields: []int{7, 11, 12, 13, 41, 42}, usual: []int{7, 11},
	clock: "150405", use: use1987, optional: true,
}

// newISO1987 is the constructor of protocol iso8583-1987.
func newISO1987(c Config) (Dialect, error) { return network1987.dialect(c) }

// use1987 says what field 70 asks. The codes are those that networks agree on (jPOS, and
// the tables of Chinese acquirers): 001 sign-on, 002 sign-off, 101 and 160 to 165 keys,
// 201 and 202 cutover, 301 echo.
func use1987(code string) use {
	switch {
	case code == "301":
		return useEcho
	case code == "001":
		return useSignOn
	case code == "002", code == "101", "160" <= code && code <= "165", code == "201", code == "202":
		return useOther
	}
	return useUnknown
}
