package config

import (
	"fmt"
	"slices"
	"time"
)

// checkHours holds what is announced to sense: an absence once or again and again, and
// a host that is there at some time of the week.
func (c *Config) checkHours() Mistakes {
	var out Mistakes
	for i, m := range c.Acquirer.Maintenance {
		out = append(out, c.checkMaintenance("acquirer.maintenance"+index(i), m)...)
	}
	const hours = "acquirer.service_hours"
	if c.faulty(hours) {
		return out
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if len(spansOf(c.Acquirer.ServiceHours.of(d))) > 0 {
			return out
		}
	}
	return append(out, c.at(hours, fault{"closes the host on every day", "write when it answers, or remove the key"}))
}

func (c *Config) checkMaintenance(at string, m Maintenance) Mistakes {
	given := func(keys ...string) bool {
		return slices.ContainsFunc(keys, func(k string) bool { _, there := c.places[at+k]; return there })
	}
	var out Mistakes
	need := func(key string, missing bool, remedy string) {
		if missing && !c.faulty(at+key) {
			out = append(out, c.at(at+key, fault{"is missing", remedy}))
		}
	}
	const moment = "write date, time and zone, as in 2026-12-01T01:00:00+08:00"
	switch again := given(".every", ".hours"); {
	case again && given(".from", ".until"):
		return Mistakes{c.at(at, fault{"happens once and again", "write from and until, or every and hours"})}
	case again:
		need(".every", m.Every == "", "write day, a weekday, first monday or a day of the month")
		need(".hours", m.Hours == "", `write HH:MM-HH:MM, as in "02:00-04:00"`)
		return out
	case !given(".from", ".until"):
		if c.faulty(at) {
			return nil
		}
		return Mistakes{c.at(at, fault{"does not say when", "write from and until, or every and hours"})}
	}
	need(".from", m.From.IsZero(), moment)
	need(".until", m.Until.IsZero(), moment)
	if !m.From.IsZero() && !m.Until.IsZero() && !m.Until.After(m.From) {
		out = append(out, c.at(at+".until", fault{"is not after from", "write the later time here"}))
	}
	return out
}

func (c *Config) checkDevice() Mistakes {
	const minimum, file = "device.software.minimum", "device.software.file"
	if s := c.Device.Software; s.Minimum != "" && s.File == "" && !c.faulty(file) {
		return Mistakes{c.at(minimum, fault{"has nothing to be compared with", "write file: the file in which the version is written, or remove it"})}
	}
	return nil
}

// checkLimits leaves a waiting time alone that a flag shortened for once.
func (c *Config) checkLimits() Mistakes {
	const warn, reply = "limits.reply_warn", "limits.reply"
	if c.Limits.ReplyWarn <= c.Limits.Reply || c.fromFlag(reply) || c.faulty(warn) || c.faulty(reply) {
		return nil
	}
	return Mistakes{c.at(c.firstGiven(warn, reply), fault{
		fmt.Sprintf("makes reply_warn (%s) longer than reply (%s): no reply would ever count as slow", written(c.Limits.ReplyWarn), written(c.Limits.Reply)),
		"write a reply_warn below reply",
	})}
}

func (c *Config) checkSchedule() Mistakes {
	const light, full = "schedule.light", "schedule.full"
	if c.Schedule.Full >= c.Schedule.Light || c.faulty(light) || c.faulty(full) {
		return nil
	}
	return Mistakes{c.at(c.firstGiven(full, light), fault{
		fmt.Sprintf("makes full rounds (%s) more frequent than light ones (%s)", written(c.Schedule.Full), written(c.Schedule.Light)),
		"write a full that is not below light",
	})}
}
