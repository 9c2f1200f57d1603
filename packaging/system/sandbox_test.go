//go:build linux

package system

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"posprobe/probe/lab"
	"posprobe/report"
)

// exposure is what systemd-analyze security says of a unit with drop-ins.
func exposure(t *testing.T, dropIns ...string) float64 {
	t.Helper()
	dir := t.TempDir()
	sh(t, "cp", filepath.Join(moduleRoot, "packaging/systemd/posprobe.service"), dir)
	for _, d := range dropIns { // offline it reads no drop-ins; what comes later in a file counts
		sh(t, "sh", "-c", fmt.Sprintf("cat %s >>%s/posprobe.service", filepath.Join(moduleRoot, "packaging/systemd", d), dir))
	}
	out, _ := exec.Command("systemd-analyze", "security", "--offline=true", filepath.Join(dir, "posprobe.service")).Output()
	m := regexp.MustCompile(`exposure level for \S+: ([0-9.]+)`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("systemd-analyze: %s", tail(string(out)))
	}
	level, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return level
}

// The most that systemd-analyze may say. Permission to read the clock's state (adjtimex)
// costs 0.2 of it, and whether other programs run, and are connected, another 0.1.
const (
	mostExposed    = 1.5
	mostExposedRaw = 2.1
)

// TestExposure: the unit's sandbox is as tight as it is said to be.
func TestExposure(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("NOT TESTED: no systemd-analyze")
	}
	if got := exposure(t); got > mostExposed {
		t.Errorf("the unit's exposure is %.1f, above %.1f", got, mostExposed)
	}
	if got := exposure(t, "raw.conf"); got > mostExposedRaw {
		t.Errorf("with raw.conf the exposure is %.1f, above %.1f", got, mostExposedRaw)
	}
}

// inUnit is the unit made one that checks once, with everything else as it is.
const inUnit = `sed -e '/^Restart/d' -e '/^WatchdogSec/d' -e '/^NotifyAccess/d' -e 's/^Type=.*/Type=oneshot/' \
-e 's|^ExecStart=.*|ExecStart=/usr/bin/posprobe check --config /etc/posprobe/posprobe.yaml --format json|' \
-e '/^ExecReload/d' -e 's|^UMask=.*|&\nStandardOutput=truncate:/tmp/inside.json\nSuccessExitStatus=0 10 20 30 35 40 50|' \
/lib/systemd/system/posprobe.service >/run/systemd/system/posprobe-inside.service && systemctl daemon-reload && systemctl start posprobe-inside.service && cat /tmp/inside.json`

// outside is the same check by the same user with no sandbox around it.
const outside = `setpriv --reuid=posprobe --regid=posprobe --clear-groups --bounding-set=-all --no-new-privs /usr/bin/posprobe check --config /etc/posprobe/posprobe.yaml --format json; true`

// TestSandbox: a check inside the unit's sandbox sees what the same user sees outside of
// it: the device's state, pressure, clock, network, the payment application's process and
// its connection.
func TestSandbox(t *testing.T) {
	if !ready(t) {
		return
	}
	w := lab.New(t, lab.Options{})
	acquirer := w.Acquirer(lab.Acq).Addr
	m := boot(t, root(t, "systemd", debianSystemd), w.Name(lab.Term), packages(t), overlay)
	l := &life{machine: m, t: t, acquirer: acquirer, program: "/usr/bin/posprobe", config: "/etc/posprobe/posprobe.yaml", data: "/var/lib/posprobe"}
	l.upAndRunning()
	l.must("dpkg", "-i", debOf(older))
	l.sh("systemctl stop posprobe; echo 1.2.3 >/etc/payapp.version; cp /bin/sleep /usr/local/bin/payapp; setpriv --reuid=nobody --clear-groups payapp 3000 >/dev/null 2>&1 &")
	l.write(l.config, l.site()+"device: {processes: [payapp, absent], software: {file: /etc/payapp.version, minimum: 1.0.0}}\n")

	in, out := l.report(inUnit), l.report(outside)
	for _, d := range differences(in, out) {
		t.Error(d)
	}
	if in.Diagnosis.Verdict != out.Diagnosis.Verdict || in.Diagnosis.Code != out.Diagnosis.Code {
		t.Errorf("inside %+v, outside %+v", in.Diagnosis, out.Diagnosis)
	}
	d := in.Evidence.Device
	if d.Pressure == nil || d.Memory == nil || d.Load == nil || d.BootID == "" || len(d.Disks) == 0 || len(d.Processes) != 2 {
		t.Errorf("the device as seen inside: %+v", d)
	}
	note(t, "systemd-analyze security", "unit %.1f, with raw.conf %.1f", exposure(t), exposure(t, "raw.conf"))
	note(t, "check inside the unit, and outside as the same user", "%s both; %d tasks with the same outcomes", in.Diagnosis.Verdict, len(in.Evidence.Tasks))

	// Somebody else's connection is seen, and nothing is sent beside it.
	held := w.Listen(lab.Acq, 5501)
	go func() {
		for {
			if _, err := held.Accept(); err != nil { // kept open until the world ends
				return
			}
		}
	}()
	host, _, _ := strings.Cut(acquirer, ":")
	l.write(l.config, strings.Replace(l.site(), acquirer, host+":5501", 1))
	l.sh("setpriv --reuid=nobody --clear-groups bash -c 'exec 3<>/dev/tcp/" + host + "/5501; exec payapp 3000' >/dev/null 2>&1 &")
	busy := l.report(inUnit)
	if !slices.ContainsFunc(busy.Evidence.Tasks, func(t report.Task) bool {
		return t.Kind == report.TaskExchange && t.Reason == report.ReasonPayment
	}) {
		t.Errorf("the payment application's connection is not seen: %+v", busy.Evidence.Tasks)
	}
	note(t, "a connection of the payment application's, seen inside the unit", "waited, then sent nothing (payment_in_progress)")
}

// report is the report that a line for the machine's shell prints.
func (l *life) report(line string) report.Report {
	l.t.Helper()
	text := l.sh(line)
	var r report.Report
	if i := strings.Index(text, "{"); i < 0 || json.NewDecoder(strings.NewReader(text[i:])).Decode(&r) != nil {
		l.t.Fatalf("no report: %s", tail(text))
	}
	return r
}

// differences are what one round saw and the other did not.
func differences(in, out report.Report) (found []string) {
	compare := func(what string, a, b any) {
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if string(x) != string(y) {
			found = append(found, fmt.Sprintf("%s: inside %s, outside %s", what, x, y))
		}
	}
	compare("tasks", outcomes(in), outcomes(out))
	a, b := in.Evidence.Device, out.Evidence.Device
	compare("kernel", a.Kernel, b.Kernel)
	// Not the boot's id: nspawn covers it by a mount that the unit's sandbox takes away.
	compare("processors", a.CPUs, b.CPUs)
	compare("processes", a.Processes, b.Processes)
	compare("software", a.Software, b.Software)
	compare("pressure known", a.Pressure != nil, b.Pressure != nil)
	compare("memory known", a.Memory != nil, b.Memory != nil)
	compare("load known", a.Load != nil, b.Load != nil)
	compare("links", len(in.Evidence.Links), len(out.Evidence.Links))
	compare("addresses", len(in.Evidence.Addresses), len(out.Evidence.Addresses))
	compare("routes", len(in.Evidence.Routes), len(out.Evidence.Routes))
	compare("resolvers", len(in.Evidence.Resolvers), len(out.Evidence.Resolvers))
	compare("clocks", len(in.Evidence.Clocks), len(out.Evidence.Clocks))
	for i := range min(len(in.Evidence.Clocks), len(out.Evidence.Clocks)) {
		compare("clock", fmt.Sprint(in.Evidence.Clocks[i].Source, in.Evidence.Clocks[i].Synchronized != nil), fmt.Sprint(out.Evidence.Clocks[i].Source, out.Evidence.Clocks[i].Synchronized != nil))
	}
	compare("file systems", fileSystems(a), fileSystems(b))
	return found
}

// fileSystems are a device's, without what changes while tests run.
func fileSystems(d report.Device) (out []string) {
	for _, disk := range d.Disks {
		// Not ReadOnly, which statfs(2) says of the mount, and the sandbox's mount of / is.
		out = append(out, fmt.Sprint(disk.Path, " ", disk.TotalBytes))
	}
	return out
}

// outcomes are the tasks of a round without what differs from round to round.
func outcomes(r report.Report) []string {
	var out []string
	for _, t := range r.Evidence.Tasks {
		out = append(out, fmt.Sprint(t.Kind, " ", t.Target, " ", t.Endpoint, " ", t.Outcome, " ", t.Reason))
	}
	return out
}
