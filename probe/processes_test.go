package probe

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"posprobe/report"
)

// procs are the files of processes, with the kernel's own second one.
func procs(pairs ...string) fstest.MapFS {
	m := files("proc/1/stat", "1 (init) S 0 1 1\n", "proc/1/cmdline", "/sbin/init\x00", "proc/2/stat", "2 (kthreadd) S 0 0 0\n", "proc/2/cmdline", "",
		"proc/uptime", "1.00 1.00\n")
	for i := 0; i < len(pairs); i += 2 {
		m["proc/"+pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

// denied is a file system in which some files cannot be read.
type denied struct {
	fs.FS
	names []string
	err   error
}

func (d denied) Open(name string) (fs.File, error) {
	if slices.Contains(d.names, name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: d.err}
	}
	return d.FS.Open(name)
}

func TestExpectedProcesses(t *testing.T) {
	const name = "payapp"
	for _, tt := range []struct {
		name    string
		files   fs.FS
		running *bool
		outcome report.Outcome
	}{
		{"by the kernel's name", procs("77/stat", "77 (payapp) S 1 77 77\n"), new(true), report.OutcomeAnswered},
		{"by its first argument", procs("77/stat", "77 (main) R 1\n", "77/cmdline", "/opt/pay/payapp\x00--daemon\x00"), new(true), report.OutcomeAnswered},
		{"a name with parentheses", procs("77/stat", "77 (a) b (c) S 1\n", "77/cmdline", "payapp\x00"), new(true), report.OutcomeAnswered},
		{"as an argument of another", procs("77/stat", "77 (sh) S 1\n", "77/cmdline", "sh\x00payapp\x00"), new(false), report.OutcomeAnswered},
		{"dead, and nobody took note", procs("77/stat", "77 (payapp) Z 1\n"), new(false), report.OutcomeAnswered},
		{"not there", procs(), new(false), report.OutcomeAnswered},
		{"not there, and others are hidden", without{procs(), []string{"proc/2/stat"}}, nil, report.OutcomeNotAsked},
		{"there, and others are hidden", without{procs("77/stat", "77 (payapp) S 1\n"), []string{"proc/2/stat"}}, new(true), report.OutcomeNotAsked},
		{"a namespace of its own", files("proc/1/stat", "1 (posprobe) S 0\n", "proc/2/stat", "2 (sh) S 1\n"), nil, report.OutcomeNotAsked},
		{"another one cannot be read", denied{procs("77/stat", "77 (x) S 1\n"), []string{"proc/77/stat"}, syscall.EACCES}, nil, report.OutcomeNotAsked},
		{"another one ends meanwhile", denied{procs("77/stat", "77 (x) S 1\n"), []string{"proc/77/stat"}, syscall.ESRCH}, new(false), report.OutcomeAnswered},
		{"no such list", files("etc/hosts", ""), nil, report.OutcomeNotAsked},
		{"nonsense", procs("77/stat", "77 payapp\n"), nil, report.OutcomeNotAsked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := Request{Site: report.Site{Processes: report.List[string]{name}}}
			e := surveyed(t, tt.files, Lists{}, req)
			if len(e.Device.Processes) != 1 || e.Device.Processes[0].Name != name {
				t.Fatalf("processes %+v", e.Device.Processes)
			}
			switch got := e.Device.Processes[0].Running; {
			case (got == nil) != (tt.running == nil):
				t.Errorf("running %v, want %v", got, tt.running)
			case got != nil && *got != *tt.running:
				t.Errorf("running %v", *got)
			}
			if task := outcome(t, e, "device processes"); task.Outcome != tt.outcome {
				t.Errorf("task %+v", task)
			}
			again := slices.ContainsFunc(e.Tasks, func(t report.Task) bool { return t.ID == "device processes end" })
			if seen := tt.running != nil && *tt.running; again == seen {
				t.Errorf("looked again: %v", again)
			}
		})
	}
}

// A name longer than what the kernel keeps is found by its beginning; one that is as
// long as that, and another, is not.
func TestLongNames(t *testing.T) {
	const long = "com.acquirer.payment"
	seen, whole, err := running(procs("77/stat", "77 (com.acquirer.pa) S 1\n"), []string{long, "com.acquirer.pb"})
	if !slices.Equal(seen, []string{long}) || !whole || err != nil {
		t.Errorf("%v %v %v", seen, whole, err)
	}
}

// A program that was being started anew is not down.
func TestProcessComesBack(t *testing.T) {
	all := procs()
	site := report.Site{Processes: report.List[string]{"init", "payapp"}}
	comes := Lists{Synchronized: func() (bool, error) { // asked after the survey's look at the processes
		all["proc/90/stat"] = &fstest.MapFile{Data: []byte("90 (payapp) S 1\n")}
		return true, nil
	}}
	e := surveyed(t, all, comes, Request{Site: site})
	for _, p := range e.Device.Processes {
		if p.Running == nil || !*p.Running {
			t.Errorf("process %s: %v", p.Name, p.Running)
		}
	}
	if len(e.Device.Processes) != 2 {
		t.Errorf("processes %+v", e.Device.Processes)
	}
}

func TestManyProcesses(t *testing.T) {
	m := procs()
	for i := range maxProcesses {
		m["proc/"+strconv.Itoa(10000+i)+"/stat"] = &fstest.MapFile{Data: []byte("9 (x) S 1\n")}
	}
	if seen, whole, err := running(m, []string{"payapp"}); len(seen) != 0 || whole || !errors.Is(err, errMany) {
		t.Errorf("%v %v %v", seen, whole, err)
	}
}

// TestRealProcesses looks at this machine's own processes.
func TestRealProcesses(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("NOT TESTED: no /proc here")
	}
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Skip("NOT TESTED: no sleep")
	}
	// A copy under a name of its own, longer than the kernel keeps.
	program := filepath.Join(t.TempDir(), "payment-application-7")
	text, err := os.ReadFile(sleep)
	if err == nil {
		err = os.WriteFile(program, text, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop := func() { cmd.Process.Kill(); cmd.Wait() }
	defer stop()
	look := func() []string {
		seen, _, _ := running(localFiles(), []string{filepath.Base(self), filepath.Base(program)})
		return seen
	}
	eventually(t, "both are seen", func() bool { return len(look()) == 2 })
	stop()
	if seen := look(); slices.Contains(seen, filepath.Base(program)) {
		t.Errorf("still seen: %v", seen)
	}
}

func TestSelfTest(t *testing.T) {
	base := files("proc/1/stat", "1 (init) S 0\n", "proc/2/stat", "2 (kthreadd) S 0\n")
	busy := procs("88/stat", "88 (updater) R 1\n", "88/cmdline", "/usr/sbin/updater\x00-q\x00")
	marked := files("run/update.lock", "", "proc/1/stat", "1 (init) S 0\n", "proc/2/stat", "2 (kthreadd) S 0\n")
	hidden := without{procs(), []string{"proc/2/stat"}}
	req := Request{SelfTestProcesses: []string{"updater"}, SelfTestFiles: []string{"/run/update.lock"}}
	for _, tt := range []struct {
		name string
		fs   fs.FS
		want *report.SelfTest
	}{
		{"nothing", base, &report.SelfTest{}},
		{"a process", busy, &report.SelfTest{Running: true, Sign: "updater"}},
		{"a file", marked, &report.SelfTest{Running: true, Sign: "/run/update.lock"}},
		{"a file, and processes are hidden", without{marked, []string{"proc/2/stat"}}, &report.SelfTest{Running: true, Sign: "/run/update.lock"}},
		{"processes are hidden", hidden, nil},
		{"the file's folder is closed", denied{base, []string{"run/update.lock"}, syscall.EACCES}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := surveyed(t, tt.fs, Lists{}, req).Device.SelfTest
			if (got == nil) != (tt.want == nil) || got != nil && *got != *tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
	if e := surveyed(t, marked, Lists{}, Request{}); e.Device.SelfTest != nil || slices.ContainsFunc(e.Tasks, func(t report.Task) bool { return t.ID == "device self-test" }) {
		t.Errorf("looked for nothing: %+v", e.Device.SelfTest)
	}
}

func TestSoftware(t *testing.T) {
	for text, want := range map[string]string{
		"3.2.10\n":                                "3.2.10",
		"\n# build of 2.0\nVERSION=V3.2.1-rc\n":   "3.2.1",
		"<?xml version=\"1.0\"?>\n<app>4.5</app>": "4.5",
		"release 31":                              "release 31",
		"31\n2.0":                                 "31",
		"built ... 7..8":                          "built ... 7..8",
		"\x1b[1mtrial\n":                          "[1mtrial",
		"\n\n# nothing\n":                         "",
		"":                                        "",
	} {
		e := surveyed(t, files("opt/pay/version", text), Lists{}, Request{SoftwareFile: "/opt/pay/version"})
		got := ""
		if e.Device.Software != nil {
			got = e.Device.Software.Version
		}
		if task := outcome(t, e, "device software"); got != want || (task.Outcome == report.OutcomeFailed) != (want == "") {
			t.Errorf("%q: %q, want %q; %+v", text, got, want, task)
		}
	}
	long := surveyed(t, files("v", strings.Repeat(" ", maxFile)+"\n1.2"), Lists{}, Request{SoftwareFile: "v"})
	if long.Device.Software != nil {
		t.Errorf("beyond the cap: %+v", long.Device.Software)
	}
	gone := surveyed(t, files(), Lists{}, Request{SoftwareFile: "/v"})
	if task := outcome(t, gone, "device software"); !task.Failure.Is(report.FailNotFound) {
		t.Errorf("no such file: %+v", task)
	}
	pipe := files("v", "1.2")
	pipe["v"].Mode = fs.ModeNamedPipe
	if e := surveyed(t, pipe, Lists{}, Request{SoftwareFile: "/v"}); e.Device.Software != nil {
		t.Error("read a pipe")
	}
}

func FuzzStat(f *testing.F) {
	f.Add([]byte("77 (a) b (c) S 1 77 77\n"))
	f.Add([]byte("1 () Z"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if comm, err := parseStat(b); err != nil && comm != "" {
			t.Fatalf("%q with %v", comm, err)
		}
	})
}

func FuzzVersion(f *testing.F) {
	f.Add("# x\nversion=3.2.1\n")
	f.Add("1..2.3")
	f.Fuzz(func(t *testing.T, text string) {
		v := parseVersion(text)
		if len([]rune(v)) > 128 || strings.ContainsAny(v, "\n\x1b") {
			t.Fatalf("%q", v)
		}
	})
}
