package main

import (
	"errors"
	"fmt"
	"time"

	"posprobe/cmd/posprobe/config"
	"posprobe/report"
	"posprobe/report/store"
)

// savePatience is how long somebody in front of a terminal waits for its disk.
const savePatience = 5 * time.Second

var (
	errSlowDisk = errors.New("the disk is slow")
	notSaved    = report.Text{
		ZH: "检查结果有效，但没有保存到 %s：%v；请用有写权限的用户运行，或在配置 reports.dir 中另指一个目录",
		EN: "the check holds, but it was not saved in %s: %v; run it as a user who may write there, or name another directory as reports.dir",
	}
)

// save keeps the report of a check in a segment of its own, which the daemon may be
// writing beside. It says why where that fails, and changes nothing else.
func (a app) save(c *config.Config, r report.Report, lang report.Lang) {
	done := make(chan error, 1)
	go func() {
		_, err := store.Save(c.Reports.Dir, r, store.Options{Keep: int64(c.Reports.Keep)})
		done <- err
	}()
	var err error
	select {
	case err = <-done:
	case <-time.After(savePatience):
		err = errSlowDisk
	}
	if err != nil {
		a.complain(fmt.Sprintf(notSaved.In(lang), c.Reports.Dir, err))
	}
}
