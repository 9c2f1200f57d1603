package signon

// network1993 is network management of ISO 8583:1993: the function code of field 24.
var network1993 = network{
	formats: &formats1993, version: '1',
	mtis: []string{"1804"},
	code: 24, echo: "831", signOn: "801",
	fields: []int{7, 11, 12, 41, 42}, usual: []int{11, 12},
	clock: formYear, use: use1993,
}

// newISO1993 is the constructor of protocol iso8583-1993.
func newISO1993(c Config) (Dialect, error) { return network1993.dialect(c) }

// use1993 says what field 24 asks: 800 to 899 are network management, 801 sign-on, 802
// sign-off, 811 key change, 821 cutover, 831 echo.
func use1993(code string) use {
	switch {
	case code == "831":
		return useEcho
	case code == "801":
		return useSignOn
	case code < "800" || code > "899", "802" <= code && code <= "829":
		return useOther
	}
	return useUnknown
}
