#!/usr/bin/env bash
# Sendmail 8.17.1.9-2+deb12u2 (Debian 12) writes multiparts anew when it relays them by SMTP, 7-bit mail to a server with 8BITMIME included, and does not always write what came.
# A part that is header fields alone, without the empty line behind them, is lawful (RFC 2046 5.1.1: MIME-part-headers [CRLF *OCTET]): the boundary line behind it comes out as an empty
# line, so that the next part becomes the text of this one. Blanks behind a boundary (transport padding, the same section) are gone. So a DKIM signature with body canonicalization
# "simple", and multipart/signed around such a multipart, do not survive a hop over Sendmail. Postfix passes both on as they came.
# Needs root, apt and network. Fails if this changes.
set -euo pipefail
version=8.17.1.9-2+deb12u2
# Below a folder that nobody else writes, or Sendmail refuses its own files.
work=$(mktemp -d /run/finding.XXXXXX)
trap '[ -s "$work/sendmail.pid" ] && kill "$(head -n 1 "$work/sendmail.pid")" 2>/dev/null; sleep 0.3; rm -rf "$work"' EXIT
chmod 755 "$work"
# The package conflicts with postfix: it is unpacked, and only its libraries and m4 are installed.
DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends m4 libwrap0 libnsl2 liblockfile1 libdb5.3 libldap-2.5-0 libsasl2-2 libssl3 >/dev/null
(cd "$work" && apt-get -q download "sendmail-bin=$version" "sendmail-cf=$version" >/dev/null 2>&1 && for deb in ./*.deb; do dpkg -x "$deb" root; done)
cat >"$work/ask.py" <<'PYTHON'
import os, smtplib, socket, subprocess, sys, threading, time
work = sys.argv[1]
root = work + "/root"
def free():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0)); return s.getsockname()[1]
smtp_port = free()
listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen(8)
delivered = []
def serve(c):
    f = c.makefile("rwb")
    def say(text): f.write(text.encode() + b"\r\n"); f.flush()
    say("220 sink")
    while line := f.readline():
        word = line[:4].upper()
        if word == b"EHLO": say("250-sink\r\n250-8BITMIME\r\n250 SIZE")
        elif word == b"DATA":
            say("354 go"); lines = []
            while (line := f.readline()) != b".\r\n": lines.append(line)
            delivered.append(b"".join(lines)); say("250 ok")
        elif word == b"QUIT": say("221 bye"); return
        else: say("250 ok")
def accept():
    while True:
        c, _ = listener.accept(); threading.Thread(target=serve, args=(c,), daemon=True).start()
threading.Thread(target=accept, daemon=True).start()
os.makedirs(work + "/queue", 0o700); os.makedirs(work + "/etc", 0o755)
open(work + "/etc/switch", "w").write("hosts files\n"); open(work + "/etc/none", "w").close()
cf = root + "/usr/share/sendmail/cf"
open(work + "/etc/sendmail.mc", "w").write(f"""divert(-1)
include(`{cf}/m4/cf.m4')
divert(0)
OSTYPE(`linux')
define(`confDOMAIN_NAME', `mx.example.net')
define(`confPID_FILE', `{work}/sendmail.pid')
define(`QUEUE_DIR', `{work}/queue')
define(`STATUS_FILE', `{work}/statistics')
define(`HELP_FILE', `')
define(`ALIAS_FILE', `')
define(`confCW_FILE', `-o {work}/etc/none')
define(`confCT_FILE', `-o {work}/etc/none')
define(`confSERVICE_SWITCH_FILE', `{work}/etc/switch')
define(`confHOSTS_FILE', `/etc/hosts')
define(`confDEF_USER_ID', `nobody:nogroup')
define(`confTO_IDENT', `0')
define(`confDONT_PROBE_INTERFACES', `True')
define(`confQUEUE_LA', `10000')
define(`confREFUSE_LA', `10000')
define(`confDELAY_LA', `0')
define(`confDELIVERY_MODE', `interactive')
define(`SMART_HOST', `relay:[127.0.0.1]')
define(`RELAY_MAILER_ARGS', `TCP $h {listener.getsockname()[1]}')
FEATURE(`no_default_msa')
FEATURE(`nocanonify')
FEATURE(`accept_unresolvable_domains')
FEATURE(`promiscuous_relay')
DAEMON_OPTIONS(`Name=MTA, Family=inet, Addr=127.0.0.1, Port={smtp_port}')
MAILER(`smtp')
""")
with open(work + "/etc/sendmail.cf", "w") as out:
    subprocess.run(["m4", f"-D_CF_DIR_={cf}/", work + "/etc/sendmail.mc"], cwd=cf + "/cf", stdout=out, stderr=subprocess.DEVNULL, check=True)
# It wants a host name with a dot.
subprocess.Popen(["unshare", "--uts", "sh", "-c", 'hostname mx.example.net && exec "$0" -bD -C "$1"', root + "/usr/libexec/sendmail/sendmail", work + "/etc/sendmail.cf"],
                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
until = time.time() + 60
while True:
    try: client = smtplib.SMTP("127.0.0.1", smtp_port); break
    except OSError:
        if time.time() > until: raise
        time.sleep(0.1)
header = b"From: a@example.org\r\nTo: b@example.com\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=part\r\n\r\n"
bodies = {"a part of fields alone": b"--part\r\nContent-Type: text/plain\r\n--part\r\nContent-Type: text/plain; name=second.txt\r\n\r\nsecond\r\n--part--\r\n",
          "blanks behind a boundary": b"--part \t\r\nContent-Type: text/plain\r\n\r\nhello\r\n--part--\r\n"}
for name, body in bodies.items():
    client.sendmail("a@example.org", ["b@example.com"], header + body)
    print(f"{name}:", delivered[-1].partition(b"\r\n\r\n")[2])
client.quit()
got = [one.partition(b"\r\n\r\n")[2] for one in delivered]
sys.exit(0 if got == [b"--part\r\nContent-Type: text/plain\r\n\r\nContent-Type: text/plain; name=second.txt\r\n\r\nsecond\r\n--part--\r\n", b"--part\r\nContent-Type: text/plain\r\n\r\nhello\r\n--part--\r\n"] else 1)
PYTHON
python3 "$work/ask.py" "$work"
