package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// deviceRows: the terminal itself.
var deviceRows = slices.Concat(stateRows, clockRows, interfaceRows, settingRows)

// stateRows: processor, memory, storage, and what the site expects to run.
var stateRows = []Row{
	{
		Code: "device.cpu", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: []Code{"device.self_test"},
		Source:   "own scheduling delay over the round; Documentation/accounting/psi.rst",
		Title:    Text{"终端处理器过忙，程序得不到运行", "The terminal's processor is too busy to run programs in time"},
		Advice: Text{"等终端空闲（更新、自检结束）后再试；反复出现请终端维护方检查占用处理器的程序。",
			"Wait until the terminal is idle (update or self-test finished) and try again. If it comes back, have terminal service look for the program that takes the processor."},
		test: func(f *facts) []sighting {
			if !f.starved {
				return nil
			}
			if t := f.late(); len(t) > 0 {
				return []sighting{{confidence: Likely, because: []string{"/evidence/device/scheduling"}, explains: t}}
			}
			return nil
		},
	},
	{
		Code: "device.memory", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "Documentation/filesystems/proc.rst (MemAvailable); Documentation/accounting/psi.rst",
		Title:  Text{"终端内存不足", "The terminal is out of memory"},
		Advice: Text{"重启终端可暂时缓解；请终端维护方检查占用内存的程序。",
			"A restart helps for a while; have terminal service look for the program that takes the memory."},
		test: func(f *facts) []sighting {
			// Stalls prove that memory is what programs waited for; a low figure alone does
			// not. 20 % of the round with everybody waiting is far beyond any healthy device.
			p, m := f.Device.Pressure, f.Device.Memory
			stalled := p != nil && p.MemoryFull >= 20
			empty := m != nil && m.TotalBytes > 0 && float64(m.AvailableBytes) < 0.02*float64(m.TotalBytes)
			switch {
			case len(f.late()) == 0:
				return nil
			// It explains no failure: what the kernel received would be in the socket's buffer.
			case stalled:
				return []sighting{{confidence: Likely, because: []string{"/evidence/device/pressure"}}}
			case empty:
				return []sighting{{confidence: Possible, because: []string{"/evidence/device/memory"}}}
			}
			return nil
		},
	},
	{
		Code: "device.storage_full", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "statfs(2)",
		Title:  Text{"终端存储空间已满", "The terminal's storage is full"},
		Advice: Text{"请终端维护方清理存储；支付应用可能无法写入流水。",
			"Have terminal service free space: the payment application may be unable to write its journal."},
		test: func(f *facts) []sighting {
			var out []sighting
			for i, d := range f.Device.Disks {
				if !d.ReadOnly && d.TotalBytes > 0 && d.AvailableBytes <= d.TotalBytes/1000 {
					out = append(out, sighting{resource: d.Path, confidence: Likely, because: []string{"/evidence/device/disks/" + itoa(i)}})
				}
			}
			return out
		},
	},
	{
		Code: "device.storage_read_only", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "mount(2): a file system that was mounted to be written and is not written any more; ext4(5), errors=remount-ro",
		Title:  Text{"终端存储出错，文件系统已变为只读", "The terminal's storage failed: a file system has become read-only"},
		Advice: Text{"请终端维护方检查或更换存储；支付应用可能无法写入流水。",
			"Have terminal service check or replace the storage: the payment application may be unable to write its journal."},
		test: func(f *facts) []sighting {
			var out []sighting
			for i, d := range f.Device.Disks {
				if d.TurnedReadOnly {
					out = append(out, sighting{resource: d.Path, confidence: Proven, because: []string{"/evidence/device/disks/" + itoa(i)}})
				}
			}
			return out
		},
	},
	{
		Code: "device.app_down", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "proc_pid_stat(5): no process has the name that the site states, at the beginning of the round and at its end",
		Title:  Text{"终端上应该运行的程序没有运行", "A program that should run on the terminal does not run"},
		Advice: Text{"店里先打开支付应用；打不开或又退出就重启终端，仍不行再由终端维护方处理。",
			"First, in the shop: start the payment application; if it does not start or ends again, restart the terminal. If that does not help, it is for terminal service."},
		test: func(f *facts) []sighting {
			var out []sighting
			for i, p := range f.Device.Processes {
				if p.Running != nil && !*p.Running {
					out = append(out, sighting{resource: p.Name, confidence: Likely, because: []string{"/evidence/device/processes/" + itoa(i)}})
				}
			}
			return out
		},
	},
	{
		Code: "device.software_outdated", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "the version that the terminal's software states against the acquirer's minimum in the configuration",
		Title:  Text{"支付应用的版本低于收单机构要求的最低版本", "The payment application is older than the oldest version that the acquirer serves"},
		Advice: Text{"请终端维护方更新支付应用。", "Have terminal service update the payment application."},
		test: func(f *facts) []sighting {
			if order, ok := f.softwareOrder(); !ok || order >= 0 {
				return nil
			}
			return []sighting{{resource: f.Device.Software.Version, confidence: Likely,
				because: []string{"/evidence/device/software", "/evidence/site/software_minimum"}}}
		},
	},
	{
		Code: "device.power.unclean_boot", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyMerchant,
		Source: "starts of the terminal (random(4), boot_id) that were not preceded by an end of the daemon",
		Title:  Text{"终端最近断过电，没有正常关机", "The terminal lost its power lately, or was switched off without being shut down"},
		Advice: Text{"查插座、电源适配器和电池；要关机时用关机键，不要直接断电。",
			"Check socket, power supply and battery; to switch it off, shut it down instead of cutting the power."},
		test: func(f *facts) []sighting {
			b := f.Memory.Boots
			if b == nil || b.LastUnclean == nil {
				return nil
			}
			// Many shops cut the power every night: that alone is no fault that anybody must act
			// on, and it stays possible, however often it happened.
			if now, _, ok := f.own(); b.Unclean >= 3 || ok && now.Sub(*b.LastUnclean).Abs() <= time.Hour {
				return []sighting{{confidence: Possible, because: []string{"/evidence/memory/boots"}}}
			}
			return nil
		},
	},
	{
		Code: "device.self_test", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "a process or file that the site names as the sign of a self-test or an update",
		Title:  Text{"终端正在自检或更新", "The terminal is testing or updating itself"},
		Advice: Text{"等它结束再签到，其间不要断电；半小时后仍未结束请联系终端维护方。",
			"Wait until it has finished, then sign on; do not switch the terminal off. If it takes longer than half an hour, call terminal service."},
		test: func(f *facts) []sighting {
			if f.Device.SelfTest == nil || !f.Device.SelfTest.Running {
				return nil
			}
			s := sighting{resource: f.Device.SelfTest.Sign, confidence: Likely, because: []string{"/evidence/device/self_test"}}
			if f.starved {
				s.explains = f.late()
			}
			return []sighting{s}
		},
	},
}

// softwareOrder compares the software's version with the site's minimum; ok is false
// where one of them is not known, or they cannot be compared.
func (f *facts) softwareOrder() (order int, ok bool) {
	if f.Device.Software == nil || f.Site.SoftwareMinimum == "" {
		return 0, false
	}
	version, ok1 := dotted(f.Device.Software.Version)
	least, ok2 := dotted(f.Site.SoftwareMinimum)
	for i := range max(len(version), len(least)) { // a part that is left out is zero
		order = cmp.Or(order, cmp.Compare(part(version, i), part(least, i)))
	}
	return order, ok1 && ok2
}

// dotted are the numbers of a version such as 3.2.10.
func dotted(version string) ([]uint64, bool) {
	var out []uint64
	for number := range strings.SplitSeq(version, ".") {
		n, err := strconv.ParseUint(number, 10, 64)
		if err != nil {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}

func part(numbers []uint64, i int) uint64 {
	if i < len(numbers) {
		return numbers[i]
	}
	return 0
}
