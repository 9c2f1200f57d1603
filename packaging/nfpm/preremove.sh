#!/bin/sh
# Before the files go: the service stops. On an upgrade it runs on, and postinstall.sh
# restarts it.
case "$1" in
upgrade | 1) exit 0 ;;
esac
if [ -d /run/systemd/system ]; then
	systemctl disable --now posprobe.service
elif command -v invoke-rc.d >/dev/null; then
	invoke-rc.d posprobe stop
elif command -v rc-service >/dev/null; then
	rc-service posprobe stop
	rc-update del posprobe
elif [ -f /etc/rc.common ]; then
	/etc/init.d/posprobe stop
	/etc/init.d/posprobe disable
fi
exit 0
