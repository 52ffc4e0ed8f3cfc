#!/usr/bin/env bash
# Sendmail 8.17.1.9-2+deb12u2 (Debian 12): what a milter adds to the envelope is taken otherwise than it is said, and the filter is not told.
# SMFIR_ADDRCPT (smfi_addrcpt) with "<a@example.com,b@example.com>" adds two recipients. SMFIR_ADDRCPT_PAR (smfi_addrcpt_par)
# with an argument that Sendmail does not take, such as NOTIFY=x or FOO=BAR, adds nobody, although the message is accepted, and puts a line into the SMTP dialogue that is
# no reply ("olderrors=0, Errors=1"), before the one to the end of DATA: a client takes it for a broken server. Postfix adds the recipient and leaves the argument out.
set -euo pipefail
version=8.17.1.9-2+deb12u2
# Below a folder that nobody else writes, or Sendmail refuses its own files.
work=$(mktemp -d /run/finding.XXXXXX)
trap '[ -s "$work/pid" ] && kill "$(cat "$work/pid")" 2>/dev/null; sleep 0.3; rm -rf "$work"' EXIT
chmod 755 "$work"
# The package conflicts with postfix: it is unpacked, and only its libraries and m4 are installed.
DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends m4 libwrap0 libnsl2 liblockfile1 libdb5.3 libldap-2.5-0 libsasl2-2 libssl3 >/dev/null
(cd "$work" && apt-get -q download "sendmail-bin=$version" "sendmail-cf=$version" >/dev/null 2>&1 && for deb in ./*.deb; do dpkg -x "$deb" root; done)
cat >"$work/ask.py" <<'PYTHON'
import glob, os, re, smtplib, socket, struct, subprocess, sys, threading, time
work = sys.argv[1]
root = work + "/root"
def free():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0)); return s.getsockname()[1]
smtp_port = free()
listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen(8)
asked, told = [], []
def exact(c, n):
    data = b""
    while len(data) < n:
        more = c.recv(n - len(data))
        if not more: raise EOFError
        data += more
    return data
def frame(code, payload=b""): return struct.pack(">I", 1 + len(payload)) + code + payload
def serve(c):
    # The whole filter: goes on with everything, and adds a recipient at the end of a message.
    try:
        while True:
            length, = struct.unpack(">I", exact(c, 4)); packet = exact(c, length)
            if packet[:1] == b"O": c.sendall(frame(b"O", struct.pack(">III", 6, 0x1ff, 0)))
            elif packet[:1] in b"DAQ": continue
            elif packet[:1] == b"E": c.sendall(frame(*asked[-1]) + frame(b"c"))
            else: c.sendall(frame(b"c"))
    except (EOFError, OSError): pass
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
define(`confDELIVERY_MODE', `queueonly')
FEATURE(`no_default_msa')
FEATURE(`nocanonify')
FEATURE(`accept_unresolvable_domains')
FEATURE(`promiscuous_relay')
DAEMON_OPTIONS(`Name=MTA, Family=inet, Addr=127.0.0.1, Port={smtp_port}')
INPUT_MAIL_FILTER(`adds', `S=inet:{listener.getsockname()[1]}@127.0.0.1, F=T')
MAILER(`smtp')
""")
made = subprocess.run(["m4", f"-D_CF_DIR_={cf}/", work + "/etc/sendmail.mc"], cwd=cf + "/cf", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
open(work + "/etc/sendmail.cf", "wb").write(made.stdout)
# It asks for the machine's name, and sleeps where that has no dot.
daemon = subprocess.Popen(["unshare", "--uts", "sh", "-c", 'hostname mx.example.net && exec "$0" "$@"', root + "/usr/libexec/sendmail/sendmail", "-bD", "-C", work + "/etc/sendmail.cf"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
open(work + "/pid", "w").write(str(daemon.pid))
for _ in range(300):
    try: socket.create_connection(("127.0.0.1", smtp_port)).close(); break
    except OSError: time.sleep(0.2)
def added(code, payload):
    asked.append((code, payload))
    for old in glob.glob(work + "/queue/*"): os.unlink(old)
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=60) as smtp:
        smtp.ehlo("client.example.org"); smtp.mail("sender@example.org"); smtp.rcpt("to@example.com")
        smtp.docmd("DATA")
        smtp.send(b"From: sender@example.org\r\nSubject: s\r\n\r\nbody\r\n.\r\n")
        lines = [smtp.file.readline().decode().rstrip("\r\n")]
        if not lines[0].startswith("250 "): lines.append(smtp.file.readline().decode().rstrip("\r\n"))
    told.append(lines)
    lines = open(glob.glob(work + "/queue/qf*")[0], encoding="latin-1").read().splitlines()
    return [re.sub(r"^R[A-Z]*:", "", line) for line in lines if line.startswith("R")]
cases = [
    ("one address", b"+", b"<a@example.com>\0", ["<to@example.com>", "<a@example.com>"]),
    ("a comma", b"+", b"<a@example.com,b@example.com>\0", None),
    ("a blank", b"+", b"<a b@example.com>\0", None),
    ("NOTIFY=NEVER", b"2", b"<a@example.com>\0NOTIFY=NEVER\0", ["<to@example.com>", "<a@example.com>"]),
    ("NOTIFY=x", b"2", b"<a@example.com>\0NOTIFY=x\0", ["<to@example.com>"]),
    ("FOO=BAR", b"2", b"<a@example.com>\0FOO=BAR\0", ["<to@example.com>"]),
]
seen = {}
for name, code, payload, _ in cases:
    seen[name] = added(code, payload)
    print(f"{name}: for {' '.join(seen[name])}; the client is told {told[-1]}")
plain = {name: [address.strip('<>') for address in recipients] for name, recipients in seen.items()}
assert plain["one address"] == ["to@example.com", "a@example.com"], plain
assert sorted(plain["a comma"]) == ["a@example.com", "b@example.com", "to@example.com"], plain
assert plain["NOTIFY=NEVER"] == ["to@example.com", "a@example.com"], plain
assert all(len(told[i]) == 1 and "Message accepted" in told[i][0] for i in (0, 1, 2, 3)), told
assert all(not told[i][0][:3].isdigit() and "Errors=" in told[i][0] and "Message accepted" in told[i][1] for i in (4, 5)), told
assert plain["NOTIFY=x"] == plain["FOO=BAR"] == ["to@example.com"], plain
PYTHON
python3 "$work/ask.py" "$work"
