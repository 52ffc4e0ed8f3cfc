#!/usr/bin/env bash
# Postfix 3.7.11-0+deb12u1 (Debian 12): a milter's reply text (SMFIR_REPLYCODE, what smfi_setreply writes without an enhanced code) that begins with a
# digit other than the reply code's first, such as "550 192.0.2.7 is listed", is a malformed reply: Postfix looks at the first byte after the code only and
# takes it for the class of an enhanced status code. The reply is dropped, the filter is not asked any more in that SMTP session, and
# milter_default_action decides: with "accept" the recipient that was refused is accepted. "550 5 items" and "550 No" pass. Libmilter's documentation
# and Sendmail know no such rule.
set -euo pipefail
version=3.7.11-0+deb12u1
if [ "$(dpkg-query -W -f '${Version}' postfix 2>/dev/null)" != "$version" ]; then
    DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "postfix=$version" >/dev/null
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/etc"
install -d -o root -g root -m 755 "$work/spool" "$work/spool/pid"
install -d -o postfix -g root -m 700 "$work/data" "$work"/spool/{active,bounce,corrupt,defer,deferred,flush,hold,incoming,private,saved,trace}
install -d -o postfix -g postdrop -m 710 "$work/spool/public"
install -d -o postfix -g postdrop -m 1730 "$work/spool/maildrop"
cat >"$work/ask.py" <<'PYTHON'
import socket, struct, subprocess, sys, threading, time
work = sys.argv[1]
def free():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0)); return s.getsockname()[1]
smtp_port = free()
listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen(8)
words = []
def exact(c, n):
    data = b""
    while len(data) < n:
        more = c.recv(n - len(data))
        if not more: raise EOFError
        data += more
    return data
def serve(c):
    # The whole filter: negotiates, goes on with everything, and refuses each recipient in the words of the case.
    try:
        while True:
            length, = struct.unpack(">I", exact(c, 4)); frame = exact(c, length)
            if frame[:1] == b"O": reply = b"O" + struct.pack(">III", 6, 0, 0)
            elif frame[:1] in b"DAQK": continue
            elif frame[:1] == b"R": reply = b"y" + words[-1] + b"\0"
            else: reply = b"c"
            c.sendall(struct.pack(">I", len(reply)) + reply)
    except (EOFError, OSError): pass
def accept():
    while True:
        c, _ = listener.accept(); threading.Thread(target=serve, args=(c,), daemon=True).start()
threading.Thread(target=accept, daemon=True).start()
open(work + "/etc/main.cf", "w").write(f"""compatibility_level = 3.6
queue_directory = {work}/spool
data_directory = {work}/data
maillog_file_prefixes = /
maillog_file = {work}/maillog
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.net
mydestination = example.net
local_recipient_maps =
alias_maps =
alias_database =
smtp_dns_support_level = disabled
smtpd_peername_lookup = no
smtpd_milters = inet:127.0.0.1:{listener.getsockname()[1]}
milter_default_action = accept
""")
open(work + "/etc/master.cf", "w").write(f"""127.0.0.1:{smtp_port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
""")
master = subprocess.Popen(["/usr/lib/postfix/sbin/master", "-c", work + "/etc"], stdin=subprocess.DEVNULL)
try:
    def ask(text):
        words.append(text)
        for _ in range(100):
            try: s = socket.create_connection(("127.0.0.1", smtp_port), 10); break
            except OSError: time.sleep(0.1)
        f = s.makefile("rwb")
        def say(line=None):
            if line: f.write(line + b"\r\n"); f.flush()
            while True:
                answer = f.readline().decode().strip()
                if answer[3:4] != "-": return answer
        say(); say(b"HELO client.example.org"); say(b"MAIL FROM:<a@example.org>")
        answer = say(b"RCPT TO:<b@example.net>"); say(b"QUIT"); s.close()
        print(f"{text.decode():45} -> {answer}")
        return answer
    ok = ask(b"550 No").startswith("550 No") and ask(b"550 5 items").startswith("550 5 items") and ask(b"550 5.7.1 192.0.2.7 is listed").startswith("550 5.7.1 192")
    ok = ok and ask(b"550 192.0.2.7 is listed").startswith("250 ")
    time.sleep(1)
    log = [line for line in open(work + "/maillog") if "malformed reply" in line]
    print(log[0].strip().split("warning: ")[-1] if log else "(no warning in the log)")
    sys.exit(0 if ok and log else 1)
finally:
    master.terminate(); master.wait()
PYTHON
timeout 60 python3 "$work/ask.py" "$work" || { echo "This Postfix behaves otherwise now."; exit 1; }
