#!/bin/sh
# make demo: posprobe against the practice acquirer on this machine. A healthy check,
# then five faults, each with its verdict and exit status. It needs no root, no
# configuration and no network, and leaves nothing behind.
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d) || exit 1
pids=
trap 'kill $pids 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
export POSPROBE_RUN_DIR="$dir/run" # a pause on this machine does not stop the demo

# serve FLAGS... starts a practice acquirer on a free port and sets $address.
serve() {
	: >"$dir/ready"
	bin/acquirersim -listen 127.0.0.1:0 -quiet "$@" >"$dir/ready" &
	pids="$pids $!"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		address=$(sed -n 's/^listening on //p' "$dir/ready")
		[ -n "$address" ] && return
		sleep 0.2
	done
	echo 'demo: the practice acquirer did not start' >&2
	exit 1
}

failed=0
# show TITLE LINES WANT ARGS... runs a check, shows its first lines and its exit status.
show() {
	title=$1 lines=$2 want=$3
	shift 3
	printf '\n=== %s\n' "$title"
	bin/posprobe check --wait 5s "$@" >"$dir/out"
	status=$?
	sed -n "1,${lines}p" "$dir/out"
	echo "    exit status $status"
	[ $status = "$want" ] || { echo "    but $want was expected" >&2; failed=1; }
}

# The practice acquirer behaves as the terminal id asks (bin/acquirersim -list).
terminal() { echo --protocol unionpay --endpoint "$address" --terminal "$1" --merchant 001430170119999 --tpdu 6000030000; }

serve
show '1. A healthy host' 99 0 $(terminal 99999906)
show '2. The host takes the request and stays silent' 14 30 $(terminal SILENT00)
show '3. The host is in its end-of-day cut-over' 8 35 $(terminal RC90test)
show '4. The acquirer does not know the terminal' 8 40 $(terminal RC97test)
show '5. The DNS server that the terminal was given does not run' 8 10 --endpoint pos.acquirer.example:5500 --resolver 127.0.0.1:9
show '6. Something answers, but not as an acquirer does. It says that it cannot tell.' 8 50 $(terminal HTTP0000)

cat <<'E2'

Now a real endpoint, with the payment application's own settings:

  bin/posprobe check --endpoint HOST:PORT
  bin/posprobe check --endpoint HOST:PORT --protocol unionpay --terminal TID --merchant MID --tpdu HEX --header HEX
E2
exit $failed
