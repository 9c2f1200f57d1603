# After the files are there (user.sh stands before this): rights, and the service. What an
# administrator has switched off stays off. Arguments: deb "configure OLD", rpm the number
# of versions, apk and ipk their own.
case "$1" in
abort-*) exit 0 ;;
esac
if [ -d /etc/posprobe ]; then # the user's, for terminal id and keys are nobody else's matter
	chown root:posprobe /etc/posprobe && chmod 0750 /etc/posprobe
	[ -f /etc/posprobe/posprobe.yaml ] && chgrp posprobe /etc/posprobe/posprobe.yaml && chmod 0640 /etc/posprobe/posprobe.yaml
fi
first=1
case "$1" in
configure) [ -n "$2" ] && first= ;;
2 | 3) first= ;;
esac
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	if [ -n "$first" ]; then systemctl enable posprobe.service; fi
	tell() { if command -v deb-systemd-invoke >/dev/null; then deb-systemd-invoke "$1" posprobe.service; else systemctl "$1" posprobe.service; fi; }
	if [ -n "$first" ]; then tell start; else tell try-restart; fi
elif command -v update-rc.d >/dev/null; then # Debian with SysV init or OpenRC
	update-rc.d posprobe defaults
	invoke-rc.d posprobe restart
elif command -v rc-update >/dev/null; then # Alpine
	[ -n "$first" ] && rc-update add posprobe default
	[ -d /run/openrc ] && rc-service posprobe restart
elif [ -f /etc/rc.common ]; then # OpenWrt; IPKG_INSTROOT is set while an image is made
	/etc/init.d/posprobe enable
	[ -n "$IPKG_INSTROOT" ] || /etc/init.d/posprobe restart
elif [ -d /lib/systemd/system ] || [ -d /usr/lib/systemd/system ]; then # an image is made
	command -v systemctl >/dev/null && systemctl enable posprobe.service
fi
exit 0
