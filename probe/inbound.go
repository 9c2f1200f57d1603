package probe

import (
	"io/fs"
	"strconv"
	"strings"

	"posprobe/report"
)

// undelivered is how many IPv4 packets the kernel has taken in since boot and neither
// delivered to a socket's protocol nor forwarded (/proc/net/snmp, RFC 4293): what a
// packet filter of the device drops on its way in is among them.
func undelivered(files fs.FS) (int64, error) {
	text, err := readFile(files, "proc/net/snmp", maxFile)
	if err != nil {
		return 0, optional(err)
	}
	return parseUndelivered(string(text))
}

// parseUndelivered reads the two lines that begin with "Ip:": names, then values.
func parseUndelivered(text string) (int64, error) {
	var names []string
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] != "Ip:" {
			continue
		}
		if names == nil {
			names = fields
			continue
		}
		values := map[string]int64{}
		for i, f := range fields[1:] {
			n, err := strconv.ParseInt(f, 10, 64)
			if err != nil || i+1 >= len(names) {
				return 0, errMalformed
			}
			values[names[i+1]] = n
		}
		received, ok := values["InReceives"]
		if !ok {
			return 0, errMalformed
		}
		return received - values["InDelivers"] - values["ForwDatagrams"], nil
	}
	return 0, errMalformed
}

// inbound closes the reading that was begun at the start of the round.
func (r *round) inbound(start int64, startErr error) {
	r.ask(report.TaskDevice, "device inbound", "/proc/net/snmp", func(*asking) error {
		if startErr != nil {
			return startErr
		}
		end, err := undelivered(r.sys.Files)
		if err != nil {
			return err
		}
		r.rec.device(func(d *report.Device) { d.Undelivered = new(max(0, end-start)) })
		return nil
	})
}
