# Makes the user that posprobe runs as, where there is none: no password, no shell, no
# home. Run by packages after their files are there, and by posprobe service install.
id -u posprobe >/dev/null 2>&1 || grep -q '^posprobe:' /etc/passwd 2>/dev/null || {
	if command -v useradd >/dev/null; then # shadow
		useradd --system --user-group --no-create-home --home-dir / --shell /bin/false --comment posprobe posprobe
	elif command -v adduser >/dev/null && command -v addgroup >/dev/null; then # BusyBox
		addgroup -S posprobe 2>/dev/null
		adduser -S -D -H -h / -s /bin/false -g posprobe -G posprobe posprobe
	else # neither: the first free number below 1000
		id=990
		while grep -q "^[^:]*:[^:]*:$id:" /etc/passwd /etc/group; do id=$((id - 1)); done
		echo "posprobe:x:$id:" >>/etc/group
		echo "posprobe:x:$id:$id:posprobe:/:/bin/false" >>/etc/passwd
	fi
}
