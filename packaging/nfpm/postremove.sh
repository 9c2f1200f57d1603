#!/bin/sh
# After the files are gone. Configuration and data stay, until Debian's purge, which leaves
# nothing.
[ "$1" = upgrade ] && exit 0
[ "$1" = purge ] && {
	rm -rf /var/lib/posprobe /etc/posprobe /run/posprobe /run/posprobe.pid /etc/systemd/system/posprobe.service.d
	command -v update-rc.d >/dev/null && update-rc.d posprobe remove >/dev/null
	command -v userdel >/dev/null && userdel posprobe 2>/dev/null
	command -v groupdel >/dev/null && groupdel posprobe 2>/dev/null
}
[ -d /run/systemd/system ] && systemctl daemon-reload
exit 0
