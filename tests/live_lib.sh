# live_lib.sh - two hosts on a wire, for the tests of live; read after lib.sh.
#
# Namespaces of this process alone, deleted at the end: what is sent stays in
# them.  $a_ns is the client's host, $b_ns the server's.
[ "$(id -u)" -eq 0 ] || skip "only root may listen and make namespaces"
need ip sqlite3
a_ns=tcpsaw-a-$$ b_ns=tcpsaw-b-$$
a_addr=10.77.0.1 b_addr=10.77.0.2
started=

in_a() { ip netns exec "$a_ns" "$@"; }
in_b() { ip netns exec "$b_ns" "$@"; }

clean_up()
{
	for pid in $started; do
		kill "$pid" 2>/dev/null || :
	done
	ip netns del "$a_ns" 2>/dev/null || :
	ip netns del "$b_ns" 2>/dev/null || :
	rm -rf "$tmp"
}

make_wire()
{
	ip netns add "$a_ns" 2>/dev/null || skip "cannot make a namespace"
	trap clean_up EXIT
	ip netns add "$b_ns"
	ip link add va netns "$a_ns" type veth peer name vb netns "$b_ns" ||
		skip "cannot make a veth"
	in_a ip addr add "$a_addr/24" dev va
	in_b ip addr add "$b_addr/24" dev vb
	for ns in "$a_ns" "$b_ns"; do
		ip netns exec "$ns" sysctl -qw \
			net.ipv6.conf.all.disable_ipv6=1 2>/dev/null || :
		ip -n "$ns" link set lo up
	done
	in_a ip link set va up
	in_b ip link set vb up
}

# wait_for SECONDS COMMAND...: until it succeeds
wait_for()
{
	left=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || fail "waited in vain for: $*"
		sleep 0.05
	done
}

# listen NAME ARGUMENTS...: live on the server's interface; its messages are in
# $tmp/NAME.err, its number in $live
listen()
{
	name=$1
	shift
	ip netns exec "$b_ns" nice -n "${LIVE_NICE:--10}" \
		"$tcpsaw" live --headless -i vb "$@" >"$tmp/$name.out" \
		2>"$tmp/$name.err" </dev/null &
	live=$!
	started="$started $live"
	wait_for 20 grep -q listening "$tmp/$name.err"
}

# end_live SIGNAL: and its status in $status
end_live()
{
	kill -"$1" "$live" || fail "it ended: $(cat "$tmp/$name.err")"
	status=0
	wait "$live" || status=$?
}

sql() { sqlite3 -cmd '.timeout 0' "$@"; }

# serve BODY_BYTES: nginx in $b_ns
serve()
{
	need nginx
	mkdir -p "$tmp/www"
	chmod 755 "$tmp"
	head -c "$1" /dev/zero >"$tmp/www/index.html"
	cat >"$tmp/nginx.conf" <<-CONF
	daemon off;
	worker_processes 1;
	pid $tmp/nginx.pid;
	error_log $tmp/nginx.log;
	events { worker_connections 4096; }
	http {
		access_log off;
		client_body_temp_path $tmp/ng1;
		proxy_temp_path $tmp/ng2;
		fastcgi_temp_path $tmp/ng3;
		uwsgi_temp_path $tmp/ng4;
		scgi_temp_path $tmp/ng5;
		server {
			listen $b_addr:80 backlog=4096;
			root $tmp/www;
			keepalive_timeout 0;
			location /status { stub_status; }
		}
	}
	CONF
	ip netns exec "$b_ns" nginx -c "$tmp/nginx.conf" 2>"$tmp/nginx.err" &
	started="$started $!"
	wait_for 10 in_b curl -sf "http://$b_addr/status"
}
