#!/usr/bin/env bash
# A private Postfix in the foreground: takes mail on a loopback port, asks one filter, throws the mail away. Root only; nothing of /etc/postfix is read.
#   postfix.sh FOLDER PORT [MILTER]     MILTER as in smtpd_milters: unix:PATH or inet:HOST:PORT
set -euo pipefail
folder=$1 port=$2 milter=${3:-}
export MAIL_CONFIG=$folder/etc
mkdir -p "$folder/etc"

# What `postfix check` would make, without its seconds.
install -d -o root -m 755 "$folder/spool" "$folder/spool/pid"
install -d -o postfix -m 700 "$folder/data"
for queue in active bounce corrupt defer deferred flush hold incoming private saved trace; do install -d -o postfix -m 700 "$folder/spool/$queue"; done
install -d -o postfix -g postdrop -m 710 "$folder/spool/public"
install -d -o postfix -g postdrop -m 1730 "$folder/spool/maildrop"

cat >"$folder/etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $folder/spool
data_directory = $folder/data
maillog_file_prefixes = /
maillog_file = $folder/maillog
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.net
mydestination =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
alias_maps =
alias_database =
local_recipient_maps =
smtpd_peername_lookup = no
smtputf8_enable = no
biff = no
in_flow_delay = 0
default_transport = discard:
milter_default_action = tempfail
smtpd_milters = $milter
END
cat >"$folder/etc/master.cf" <<END
127.0.0.1:$port inet n - n - 100 smtpd
cleanup    unix  n - n -     0 cleanup
qmgr       unix  n - n 300   1 qmgr
tlsmgr     unix  - - n 1000? 1 tlsmgr
rewrite    unix  - - n -     - trivial-rewrite
bounce     unix  - - n -     0 bounce
defer      unix  - - n -     0 bounce
trace      unix  - - n -     0 bounce
flush      unix  n - n 1000? 0 flush
proxymap   unix  - - n -     - proxymap
error      unix  - - n -     - error
retry      unix  - - n -     - error
discard    unix  - - n -     - discard
anvil      unix  - - n -     1 anvil
postlog    unix-dgram n - n - 1 postlogd
END
# Postfix waits two seconds with a main.cf that has just been written.
touch -d 1970-01-02 "$folder/etc/main.cf"
exec /usr/lib/postfix/sbin/master -c "$folder/etc"
