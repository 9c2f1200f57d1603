//go:build linux

package system

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"posprobe/probe/lab"
	"posprobe/report"
)

// armModules are what the terminal's network card and its socket diagnostics need, in the
// order in which they need each other.
var armModules = []string{"virtio", "virtio_ring", "virtio_mmio", "failover", "net_failover", "virtio_net", "inet_diag", "tcp_diag", "af_packet"}

// armInit is process 1 of the terminal: it answers each line from the console with what
// that line says to the shell, and a mark.
const armInit = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin:/usr/bin
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev; mkdir -p /run /tmp; mount -t tmpfs -o mode=755 run /run; mount -t tmpfs tmp /tmp
for m in $(cat /modules.order); do insmod /modules/$m.ko; done
ip link set lo up; ip addr add ` + lab.TermAddr + `/24 dev eth0; ip link set eth0 up; ip route add default via ` + lab.ShopAddr + `
echo nameserver ` + lab.DNSAddr + ` >/etc/resolv.conf
echo ready: $(uname -rm)
while read -r line; do eval "$line"; echo "mark $?"; done </dev/console
`

// armKernel is a Debian kernel of a series for ARMv7, with its modules, and a static shell.
func armKernel(suite, series string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		sh(t, "mkdir", "-p", dir+"/state/lists/partial", dir+"/cache/archives/partial", dir+"/x")
		sh(t, "touch", dir+"/state/status")
		line := "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] " + mirror + " " + suite + " main\n"
		if err := os.WriteFile(dir+"/sources", []byte(line), 0o644); err != nil {
			t.Fatal(err)
		}
		apt := "-o APT::Architecture=armhf -o APT::Architectures::=armhf -o Dir::State=$PWD/state -o Dir::State::status=$PWD/state/status -o Dir::Cache=$PWD/cache -o Dir::Etc::sourcelist=$PWD/sources -o Dir::Etc::sourceparts=-"
		sh(t, "sh", "-ec", `cd "$1"
apt-get -qq `+apt+` update
kernel=$(apt-cache `+apt+` search --names-only '^linux-image-`+series+`[0-9.-]*-armmp$' | cut -d' ' -f1 | sort -V | tail -1)
apt-get -qq `+apt+` download "$kernel" busybox-static
for d in *.deb; do dpkg-deb -x "$d" x; done
mv x/boot/vmlinuz-* vmlinuz; mv x/bin/busybox busybox; mkdir modules
for m in `+strings.Join(armModules, " ")+`; do find x/lib/modules -name "$m.ko" -exec cp {} modules \; ; done
rm -rf x *.deb state cache sources`, "sh", dir)
	}
}

// armRoot packs the terminal's root: the package's own files, as dpkg unpacks them, and a
// shell.
func armRoot(t *testing.T, kernel, deb string) string {
	t.Helper()
	dir := t.TempDir()
	sh(t, "dpkg-deb", "-x", deb, dir)
	sh(t, "sh", "-ec", `cd "$1"; mkdir -p bin etc modules proc sys dev; cp "$2"/busybox bin/; cp "$2"/modules/* modules/`, "sh", dir, kernel)
	var order []string
	for _, m := range armModules {
		if _, err := os.Stat(filepath.Join(dir, "modules", m+".ko")); err == nil { // others are built in
			order = append(order, m)
		}
	}
	for name, text := range map[string]string{"init": armInit, "modules.order": strings.Join(order, "\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	image := filepath.Join(t.TempDir(), "initramfs")
	sh(t, "sh", "-ec", `cd "$1"; find . | cpio -o -H newc --quiet >"$2"`, "sh", dir, image)
	return image
}

// terminalVM is an ARM terminal with its own kernel.
type terminalVM struct {
	t     *testing.T
	in    io.Writer
	lines chan string
}

// bootARM boots it in the place of the shop's terminal: its network card is bridged to the
// cable, whose end gives its address away.
func bootARM(t *testing.T, w *lab.World, kernel, image string) *terminalVM {
	t.Helper()
	ns := w.Name(lab.Term)
	sh(t, "ip", "-n", ns, "-batch", batch(t,
		"addr flush dev eth0", "link add br0 type bridge", "link set eth0 master br0", "link set br0 up",
		"tuntap add vm0 mode tap", "link set vm0 master br0", "link set vm0 up"))
	cmd := exec.Command("ip", "netns", "exec", ns, "qemu-system-arm", "-M", "virt", "-cpu", "cortex-a7", "-m", "256",
		"-kernel", filepath.Join(kernel, "vmlinuz"), "-initrd", image, "-append", "console=ttyAMA0 quiet panic=-1",
		"-nographic", "-no-reboot", "-monitor", "none", "-netdev", "tap,id=n,ifname=vm0,script=no,downscript=no", "-device", "virtio-net-device,netdev=n")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	vm := &terminalVM{t: t, in: in, lines: make(chan string, 1000)}
	started, ended := make(chan error, 1), make(chan struct{})
	go func() {
		runtime.LockOSThread() // Pdeathsig is the death of the thread
		defer close(ended)
		started <- cmd.Start()
		defer close(vm.lines)
		scan := bufio.NewScanner(out)
		scan.Buffer(nil, 8<<20)
		for scan.Scan() {
			vm.lines <- strings.TrimRight(scan.Text(), "\r")
		}
		_ = cmd.Wait()
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		for range vm.lines { // until it has ended
		}
		<-ended
	})
	return vm
}

// batch is a file with lines for ip.
func batch(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "batch")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// until reads lines up to one that matches, and returns them.
func (vm *terminalVM) until(pattern string) (read []string) {
	vm.t.Helper()
	end, late := regexp.MustCompile(pattern), time.After(patience)
	for {
		select {
		case l, ok := <-vm.lines:
			read = append(read, l)
			if !ok {
				vm.t.Fatalf("the terminal ended before %q:\n%s", pattern, tail(strings.Join(read, "\n")))
			}
			if end.MatchString(l) {
				return read
			}
		case <-late:
			vm.t.Fatalf("no %q:\n%s", pattern, tail(strings.Join(read, "\n")))
		}
	}
}

// run runs a line in the terminal.
func (vm *terminalVM) run(line string) []string {
	vm.t.Helper()
	fmt.Fprintln(vm.in, line)
	return vm.until(`^mark \d+$`)
}

// check is a round of posprobe's, and its report.
func (vm *terminalVM) check(arguments string) report.Report {
	vm.t.Helper()
	lines := vm.run("posprobe check --format json " + arguments + " >/tmp/report.json 2>/dev/null; hexdump -ve '1/1 \"%02x\"' /tmp/report.json; echo")
	for _, l := range lines { // in hex, for the console has ideas of its own about lines
		var r report.Report
		if text, err := hex.DecodeString(l); err == nil && len(text) > 100 && json.Unmarshal(text, &r) == nil {
			return r
		}
	}
	vm.t.Fatalf("no report:\n%s", tail(strings.Join(lines, "\n")))
	return report.Report{}
}

// steady is check, again while this machine was too busy to emulate the terminal in time: a
// starved round rightly blames nobody else.
func (vm *terminalVM) steady(arguments string) (r report.Report) {
	vm.t.Helper()
	for range 8 {
		if r = vm.check(arguments); r.Diagnosis.Code != "device.cpu" {
			break
		}
		time.Sleep(2 * time.Second)
	}
	return r
}

// TestARM: the ARMv7 package on real ARM kernels, in the laboratory's shop: a healthy
// round, and three faults judged by what those kernels say.
func TestARM(t *testing.T) {
	if !ready(t, "qemu-system-arm", "cpio", "apt-get") {
		return
	}
	for _, k := range []struct{ name, suite, series string }{{"arm-6.1", "bookworm", "6.1"}, {"arm-5.10", "bullseye", "5.10"}} {
		t.Run(k.name, func(t *testing.T) { onARM(t, k.name, root(t, k.name, armKernel(k.suite, k.series))) })
	}
}

func onARM(t *testing.T, name, kernel string) {
	w := lab.New(t, lab.Options{})
	host := w.Acquirer(lab.Acq)
	acquirer := host.Addr
	w.Listen(lab.Ref, 443)
	vm := bootARM(t, w, kernel, armRoot(t, kernel, filepath.Join(packages(t), "posprobe_"+older+"_linux_armv7.deb")))
	began := time.Now()
	hello := vm.until(`^ready: `)
	tell := func(did, came string, args ...any) { note(t, name+": "+did, came, args...) }
	tell("boot", "%s, %.1f s", strings.TrimPrefix(hello[len(hello)-1], "ready: "), time.Since(began).Seconds())

	vm.run(`printf 'acquirer: {endpoints: [{address: "` + acquirer + `"}], sign_on: {protocol: unionpay, tpdu: "6000030000"}}\nterminal: {id: "99999906", merchant: "001430170119999"}\nnetwork: {references: ["` + lab.RefAddr + `:443"]}\nreports: {dir: /tmp/store}\nschedule: {light: 1m, full: 1m, splay: 0s}\n' >/tmp/p.yaml`)
	const site = "--config /tmp/p.yaml --wait 4s"
	healthy := vm.steady(site)
	if healthy.Diagnosis.Verdict != report.VerdictHealthy {
		t.Errorf("healthy: %+v", healthy.Diagnosis)
	}
	for _, c := range healthy.Evidence.Connects {
		if c.TCP == nil {
			t.Errorf("no kernel evidence: %+v", c)
		}
	}
	tell("healthy", "%s; missing: %s", healthy.Diagnosis.Verdict, missing(healthy))

	judged := func(what string, domain report.Domain, repair func()) {
		t.Helper()
		r := vm.steady(site)
		repair()
		if r.Diagnosis.Domain != domain {
			d := r.Evidence.Device
			t.Errorf("%s: %+v\nscheduling %+v, pressure %+v, elapsed %.0f ms", what, r.Diagnosis, d.Scheduling, d.Pressure, r.ElapsedMs)
		}
		tell(what, "%s %s (%s); missing: %s", r.Diagnosis.Verdict, r.Diagnosis.Code, r.Diagnosis.Confidence, missing(r))
	}
	host.Pause()
	judged("the acquirer's program hangs", report.DomainHost, host.Resume)
	vm.run("ip link set eth0 down")
	judged("the interface is switched off", report.DomainDevice, func() { vm.run("ip link set eth0 up; ip route add default via " + lab.ShopAddr) })
	vm.steady(site) // the neighbour entry is learned again
	judged("the provider carries nothing", report.DomainNetwork, w.Cut())

	vm.run("posprobe run --config /tmp/p.yaml --user 990 >/dev/null 2>&1 &")
	vm.run("sleep 15")
	pss := vm.run(`awk '/^Pss:|^Anonymous:/ {print $1, $2}' /proc/$(cat /run/posprobe/daemon)/smaps_rollup`)
	tell("the daemon as user 990, after its first rounds", "%s kB", strings.Join(pss[len(pss)-3:len(pss)-1], " kB, "))
	if got := strings.Join(vm.run("posprobe service status"), "\n"); !strings.Contains(got, "HEALTHY") {
		t.Errorf("the daemon: %s", got)
	}
}

// missing names the evidence that a round was refused or that the kernel does not have.
func missing(r report.Report) string {
	var out []string
	for _, k := range r.Evidence.Tasks {
		if k.Reason == report.ReasonNotPermitted || k.Reason == report.ReasonUnsupported {
			out = append(out, fmt.Sprint(k.Kind, " ", k.Target, " ", k.Reason))
		}
	}
	if len(out) == 0 {
		return "nothing"
	}
	return strings.Join(out, ", ")
}
