#!/usr/bin/env bash
# A private Sendmail in the foreground: takes mail on a loopback port, asks one filter, leaves the mail in its queue. Root only; unpacked by
# tests/Milter.Mta.Tests/install-mtas.sh below ATTRMILTER_SENDMAIL_ROOT.
#   sendmail.sh FOLDER PORT [MILTER]    MILTER in Sendmail's notation: unix:PATH or inet:PORT@HOST
set -euo pipefail
folder=$1 port=$2 milter=${3:-}
root=${ATTRMILTER_SENDMAIL_ROOT:-/opt/attrmilter-sendmail}
macros=$root/usr/share/sendmail/cf
install -d -m 755 "$folder/etc"
install -d -m 700 "$folder/queue"
echo "hosts files" >"$folder/etc/service.switch"
: >"$folder/etc/none"
: >"$folder/statistics"
cat >"$folder/etc/sendmail.mc" <<END
divert(-1)
include(\`$macros/m4/cf.m4')
divert(0)
OSTYPE(\`linux')
define(\`confDOMAIN_NAME', \`mx.example.net')
define(\`confPID_FILE', \`$folder/sendmail.pid')
define(\`QUEUE_DIR', \`$folder/queue')
define(\`STATUS_FILE', \`$folder/statistics')
define(\`HELP_FILE', \`')
define(\`ALIAS_FILE', \`')
define(\`confCW_FILE', \`-o $folder/etc/none')
define(\`confCT_FILE', \`-o $folder/etc/none')
define(\`confSERVICE_SWITCH_FILE', \`$folder/etc/service.switch')
define(\`confHOSTS_FILE', \`/etc/hosts')
define(\`confDEF_USER_ID', \`nobody:nogroup')
define(\`confTRUSTED_USER', \`root')
define(\`confTO_IDENT', \`0')
define(\`confDONT_PROBE_INTERFACES', \`True')
define(\`confQUEUE_LA', \`10000')
define(\`confREFUSE_LA', \`10000')
define(\`confDELAY_LA', \`0')
define(\`confDELIVERY_MODE', \`queueonly')
FEATURE(\`no_default_msa')
FEATURE(\`nocanonify')
FEATURE(\`accept_unresolvable_domains')
FEATURE(\`promiscuous_relay')
DAEMON_OPTIONS(\`Name=MTA, Family=inet, Addr=127.0.0.1, Port=$port')
${milter:+INPUT_MAIL_FILTER(\`bench', \`S=$milter, F=T')}
MAILER(\`smtp')
END
(cd "$macros/cf" && m4 -D_CF_DIR_="$macros/" "$folder/etc/sendmail.mc" >"$folder/etc/sendmail.cf")
# Sendmail asks for the host's name before it reads its configuration and sleeps a minute when that has no dot: it gets one of its own.
exec unshare --uts sh -c 'hostname mx.example.net && exec "$0" "$@"' "$root/usr/libexec/sendmail/sendmail" -bD -C "$folder/etc/sendmail.cf"
