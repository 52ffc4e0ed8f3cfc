#!/usr/bin/env python3
"""Measures filters on the content of messages, server on core 0, this program and the resolver on core 1. See README.md.

  content.py memory       one part of a 100 MiB message replaced: peak RSS
  content.py look         nothing changed at 1 MiB, beside reading the body and MimeKit's own parsing: CPU
  content.py attachments  the sample AttachmentPolicy beside python3-milter's mime.defang and MIMEDefang, on the same 1,000 messages: CPU
  content.py verify       signatures verified, beside OpenDKIM, on the same messages of 20 KiB: CPU
  content.py judge        SPF, DKIM and DMARC in one process, beside OpenDKIM, pyspf-milter and OpenDMARC in a row: CPU
  content.py all

Wants benchmarks/setup.sh content, and for the last two opendkim, pyspf-milter, opendmarc and unbound of Debian, which that installs.
"""
import argparse
import atexit
import base64
import contextlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile

from harness import proc, wire

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = {
    "attrmilter-jit": ["dotnet", f"{HERE}/build/content-jit/Milter.ContentBench.dll"],
    "attrmilter-aot": [f"{HERE}/build/content-aot/Milter.ContentBench"],
}
DOMAIN = "example.org"


def message(body, subject="hello", fields=()):
    head = [
        b"Received: from mail.example.org (mail.example.org [203.0.113.9]) by mx.example.com with ESMTP id 4F2B1C0D; Thu, 1 Jan 2026 00:00:00 +0000",
        b"From: Joe <joe@example.org>", b"To: Ann <ann@example.com>", b"Subject: " + subject.encode(), b"Date: Thu, 1 Jan 2026 00:00:00 +0000",
        b"Message-ID: <" + base64.b16encode(random.randbytes(8)) + b"@example.org>", b"MIME-Version: 1.0", *fields,
    ]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def multipart(*parts, boundary=b"=_part"):
    lines = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"
    return message(lines, fields=[b'Content-Type: multipart/mixed; boundary="' + boundary + b'"'])


def text(size):
    words = b"lorem ipsum dolor sit amet consetetur sadipscing elitr sed diam nonumy\r\n"
    return b"Content-Type: text/plain; charset=us-ascii\r\n\r\n" + (words * (size // len(words) + 1))[:size - 2] + b"\r\n"


def attachment(name, content, kind="application/octet-stream"):
    lines = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return f'Content-Type: {kind}; name="{name}"\r\nContent-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'.encode() + lines


def zipped(*names):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, random.randbytes(2000))
    return output.getvalue()


def mailbox(count=1000):
    """What comes by in an office: one in ten has a program in it, half of these in a zip or a forwarded message."""
    random.seed(1)
    for number in range(count):
        kind = number % 20
        if kind < 8:
            yield message(text(random.randrange(500, 8000)).partition(b"\r\n\r\n")[2])
        elif kind < 14:
            yield multipart(text(2000), attachment("report.pdf", random.randbytes(random.randrange(20_000, 120_000)), "application/pdf"))
        elif kind < 18:
            yield multipart(text(2000), attachment("photos.zip", zipped("a.jpg", "b.jpg")), attachment("c.jpg", random.randbytes(30_000), "image/jpeg"))
        elif kind == 18:
            yield multipart(text(2000), attachment("setup.exe", random.randbytes(20_000)))
        elif number % 40 == 19:
            yield multipart(text(2000), attachment("invoice.zip", zipped("invoice.pdf", "invoice.js")))
        else:
            yield multipart(text(500), b"Content-Type: message/rfc822\r\n\r\n" + multipart(text(1000), attachment("setup.exe", random.randbytes(5_000)), boundary=b"=_inner"))


class Run:
    """A server of a row, and what it costs."""

    def __init__(self, folder, command, listen, path=None):
        self.folder, self.command, self.listen = folder, command, listen
        self.path = path or listen[5:]

    def measure(self, messages, warmup, rounds=1, per_session=0):
        """Sends the messages on one connection, or so many on each: pyspf-milter does not take many."""
        with proc.server(self.command, f"unix:{self.path}", core=0, log=f"{self.folder}/log") as child:
            edits = 0
            peer = None

            def send(number):
                nonlocal peer, edits
                if peer is None or (per_session and number % per_session == 0):
                    if peer is not None:
                        peer.close()
                    peer = wire.Filter(self.path)
                    peer.open()
                fields, body = peer.message(*messages[number % len(messages)])
                edits += body is not None

            for number in range(warmup):
                send(number)
            edits = 0
            before, start = child.cpu(), time.monotonic()
            for number in range(rounds * len(messages)):
                send(number)
            used, elapsed = child.cpu() - before, time.monotonic() - start
            peer.close()
            memory = child.memory()
        count = rounds * len(messages)
        return {"cpu_ms": 1000 * used / count, "messages": count, "seconds": elapsed, "edits": edits, "peak_mib": memory["peak_kb"] / 1024}


def ours(folder, build, work, *more):
    path = f"{folder}/{build}-{work}"
    return Run(folder, [*OURS[build], "--listen", f"unix:{path}", "--work", work, *more], f"unix:{path}")


def row(about, name, result, **more):
    print(json.dumps({"kind": "content", "about": about, "name": name, **{key: round(value, 3) if isinstance(value, float) else value for key, value in result.items()}, **more}), flush=True)
    return result


def built():
    return [name for name, command in OURS.items() if os.path.exists(command[-1])]


def memory(folder):
    big = attachment("big.bin", random.randbytes(37 << 20))
    whole = [wire.split(multipart(text(2000), big, big))]
    for build in built():
        result = ours(folder, build, "replace").measure(whole, 0)
        row("one part of a 100 MiB message replaced", build, result, size_mib=round(len(whole[0][1]) / (1 << 20), 1))


def look(folder):
    messages = [wire.split(multipart(text(20_000), attachment("a.pdf", random.randbytes(750_000), "application/pdf")))]
    for build in built():
        floor = row("nothing changed at 1 MiB", f"{build}: body read, parsed by MimeKit", ours(folder, build, "floor").measure(messages, 300, 300))
        for work, name in (("look", "MailParts"), ("tree", "MimeMessage")):
            result = ours(folder, build, work).measure(messages, 300, 300)
            row("nothing changed at 1 MiB", f"{build}: {name}", result, of_floor=round(result["cpu_ms"] / floor["cpu_ms"], 2))


def attachments(folder):
    messages = [wire.split(one) for one in mailbox()]
    path = f"{folder}/defang"
    peer = Run(folder, ["/usr/bin/python3", f"{HERE}/peers/pymilter/defang.py", "--listen", f"unix:{path}"], f"unix:{path}")
    theirs = row("attachments by extension", "python3-milter, mime.defang", peer.measure(messages, 100))
    second = row("attachments by extension", "MIMEDefang", mimedefang(folder).measure(messages, 50))
    for build in built():
        # What is compiled in the background goes on for long on the one core that it has to share.
        result = ours(folder, build, "attachments").measure(messages, 30_000 if build.endswith("jit") else 1_000, 3)
        row("attachments by extension", build, result, of_peer=round(result["cpu_ms"] / theirs["cpu_ms"], 3), of_mimedefang=round(result["cpu_ms"] / second["cpu_ms"], 4))


def mimedefang(folder):
    """MIMEDefang with one worker, which reads its spool from memory as Debian's own unit advises (a tmpfs); not as root, which it refuses."""
    at = tempfile.mkdtemp(prefix="attrmilter-defang-", dir="/dev/shm")
    user = "defang"
    shutil.chown(at, user)
    shutil.copy(f"{HERE}/peers/mimedefang/filter.pl", f"{at}/rules")
    with open(f"{at}/filter", "w") as file:
        file.write(f'#!/bin/sh\nexec /usr/bin/mimedefang.pl -f {at}/rules "$@"\n')
    os.chmod(f"{at}/rules", 0o644)
    os.chmod(f"{at}/filter", 0o755)
    atexit.register(shutil.rmtree, at, ignore_errors=True)
    command = (f"mimedefang-multiplexor -D -U {user} -m 1 -x 1 -r 1000000 -z {at} -s {at}/workers -f {at}/filter & "
               f"while [ ! -S {at}/workers ]; do sleep 0.1; done; exec mimedefang -D -U {user} -X -z {at} -m {at}/workers -p {at}/listen")
    return Run(folder, ["sh", "-c", command], f"unix:{at}/listen")


@contextlib.contextmanager
def unbound(configuration, address):
    """Unbound, until it answers; on core 1, since it is nobody's cost here."""
    child = proc.Child(["/usr/sbin/unbound", "-d", "-c", configuration], core=1)
    try:
        until = time.monotonic() + 20
        while not proc.can_connect(address):
            if time.monotonic() > until:
                raise proc.Failed(f"unbound does not start with {configuration}")
            time.sleep(0.02)
        yield
    finally:
        child.stop()


@contextlib.contextmanager
def resolver(folder, key):
    """Unbound with a domain's records."""
    port = 5300 + os.getpid() % 500
    data = {
        f"sel._domainkey.{DOMAIN}.": "v=DKIM1; k=rsa; p=" + key,
        f"{DOMAIN}.": "v=spf1 ip4:203.0.113.0/24 -all",
        f"_dmarc.{DOMAIN}.": "v=DMARC1; p=reject",
    }
    with open(f"{folder}/unbound.conf", "w") as file:
        file.write(f'server:\n  interface: 127.0.0.1\n  port: {port}\n  access-control: 127.0.0.0/8 allow\n  directory: "{folder}"\n  chroot: ""\n  username: ""\n  pidfile: ""\n  use-syslog: no\n'
                   '  logfile: ""\n  do-ip6: no\n  module-config: "iterator"\n  local-zone: "." static\n  local-data: \'. 600 IN SOA ns.example. host.example. 1 60 60 60 600\'\n')
        for name, value in data.items():
            strings = " ".join(f'"{value[at:at + 255]}"' for at in range(0, len(value), 255))
            file.write(f"  local-data: '{name} 600 IN TXT {strings}'\n")
        file.write(f"  local-data: '{DOMAIN}. 600 IN MX 10 mx.{DOMAIN}.'\n  local-data: 'mail.{DOMAIN}. 600 IN A 203.0.113.9'\n  local-data: '9.113.0.203.in-addr.arpa. 600 IN PTR mail.{DOMAIN}.'\n")
    with unbound(f"{folder}/unbound.conf", f"inet:{port}@127.0.0.1"):
        yield port


def opendkim(folder, name, *lines):
    path = f"{folder}/{name}"
    with open(f"{path}.conf", "w") as file:
        file.write("\n".join(["Background no", "Syslog no", "RequireSafeKeys no", f"Socket local:{path}", *lines, ""]))
    return Run(folder, ["/usr/sbin/opendkim", "-f", "-x", f"{path}.conf"], f"unix:{path}")


def keyed(folder):
    subprocess.run(["openssl", "genrsa", "-out", f"{folder}/key.pem", "2048"], check=True, stderr=subprocess.DEVNULL)
    os.chmod(f"{folder}/key.pem", 0o600)
    public = subprocess.run(["openssl", "rsa", "-in", f"{folder}/key.pem", "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
    return base64.b64encode(public).decode()


def signed(folder, count=50):
    """Messages of 20 KiB, signed by OpenDKIM."""
    run = opendkim(folder, "signer", "Mode s", f"Domain {DOMAIN}", "Selector sel", f"KeyFile {folder}/key.pem", "Canonicalization relaxed/relaxed")
    result = []
    with proc.server(run.command, run.listen, log=f"{folder}/log"):
        peer = wire.Filter(run.path, client="127.0.0.1", name="localhost")
        peer.open()
        for _ in range(count):
            fields, body = wire.split(multipart(text(4000), attachment("a.pdf", random.randbytes(11_500), "application/pdf")))
            signed_fields, _ = peer.message(fields, body)
            assert len(signed_fields) > len(fields), "OpenDKIM has not signed"
            result.append((signed_fields, body))
        peer.close()
    return result


def verify(folder):
    with resolver(folder, keyed(folder)) as port:
        messages = signed(folder)
        theirs = row("signatures verified, 20 KiB", "OpenDKIM", opendkim(folder, "verifier", "Mode v", f"Nameservers 127.0.0.1@{port}").measure(messages, 500, 40))
        for build in built():
            result = ours(folder, build, "verify", "--dns", f"127.0.0.1:{port}").measure(messages, 3000, 40)
            row("signatures verified, 20 KiB", build, result, of_peer=round(result["cpu_ms"] / theirs["cpu_ms"], 3))


def after(run, messages):
    """The messages as they are behind a filter."""
    with proc.server(run.command, run.listen, log=f"{run.folder}/log"):
        peer = wire.Filter(run.path)
        peer.open()
        result = [(peer.message(*one)[0], one[1]) for one in messages]
        peer.close()
    return result


def judge(folder):
    with resolver(folder, keyed(folder)) as port:
        messages = signed(folder)
        first = opendkim(folder, "verifier", "Mode v", f"Nameservers 127.0.0.1@{port}", "AuthservID bench.example")
        with open(f"{folder}/pyspf.conf", "w") as file:
            file.write(f"debugLevel = 0\nHELO_reject = False\nMail_From_reject = False\nPermError_reject = False\nTempError_Defer = False\nHeader_Type = AR\nAuthserv_Id = bench.example\nSocket = local:{folder}/pyspf\nPidFile = {folder}/pyspf.pid\nUserID = root\nUMask = 000\nInternalHosts = 127.0.0.1\nskip_addresses = 127.0.0.0/8\n")
        with open(f"{folder}/opendmarc.conf", "w") as file:
            file.write(f"AuthservID bench.example\nTrustedAuthservIDs bench.example\nBackground no\nSyslog no\nSocket local:{folder}/opendmarc\nRejectFailures false\nRequiredHeaders false\n")
        second = Run(folder, ["sh", "-c", f"rm -f {folder}/pyspf.pid; exec /usr/bin/pyspf-milter {folder}/pyspf.conf"], f"unix:{folder}/pyspf")
        third = Run(folder, ["/usr/sbin/opendmarc", "-f", "-c", f"{folder}/opendmarc.conf"], f"unix:{folder}/opendmarc")
        # pyspf-milter and OpenDMARC ask the system's resolver only: both get a resolv.conf of their own.
        total, row_of = 0.0, messages
        with resolv(folder, port) as inside:
            for name, run, rounds in (("OpenDKIM", first, 40), ("pyspf-milter", second, 10), ("OpenDMARC", third, 40)):
                run.command = [*inside, *run.command]
                total += row("SPF, DKIM and DMARC, 20 KiB", name, run.measure(row_of, 200, rounds, per_session=2))["cpu_ms"]
                row_of = after(run, row_of)
        results = [value for field, value in row_of[0][0] if field.lower() == b"authentication-results"]
        assert all(any(word in value for value in results) for word in (b"dkim=pass", b"spf=pass", b"dmarc=pass")), results
        row("SPF, DKIM and DMARC, 20 KiB", "the three in a row", {"cpu_ms": total})
        for build in built():
            run = ours(folder, build, "judge", "--dns", f"127.0.0.1:{port}")
            result = run.measure(messages, 3000, 40, per_session=2)
            told = [value for field, value in after(run, messages[:1])[0][0] if field.lower() == b"authentication-results"]
            assert all(word in told[0] for word in (b"dkim=pass", b"spf=pass", b"dmarc=pass")), told
            row("SPF, DKIM and DMARC, 20 KiB", build, result, of_peer=round(result["cpu_ms"] / total, 3))


@contextlib.contextmanager
def resolv(folder, port):
    """A command's beginning that shows it a resolv.conf of our own. The C library asks port 53 only, so a forwarder listens there on an address of loopback that nobody else has."""
    address = f"127.53.{os.getpid() % 250}.53"
    with open(f"{folder}/forward.conf", "w") as file:
        file.write(f'server:\n  interface: {address}\n  access-control: 127.0.0.0/8 allow\n  directory: "{folder}"\n  chroot: ""\n  username: ""\n  pidfile: ""\n  use-syslog: no\n  logfile: ""\n  do-ip6: no\n'
                   f'  module-config: "iterator"\n  do-not-query-localhost: no\nforward-zone:\n  name: "."\n  forward-addr: 127.0.0.1@{port}\n')
    with open(f"{folder}/resolv.conf", "w") as file:
        file.write(f"nameserver {address}\n")
    with unbound(f"{folder}/forward.conf", f"inet:53@{address}"):
        yield ["unshare", "--mount", "sh", "-c", f'mount --bind {folder}/resolv.conf "$(readlink -f /etc/resolv.conf)" && exec "$@"', "sh"]


def main():
    parts = {"memory": memory, "look": look, "attachments": attachments, "verify": verify, "judge": judge}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=[*parts, "all"])
    chosen = parser.parse_args().part
    if not built():
        sys.exit("nothing is built: benchmarks/setup.sh content")
    random.seed(1)
    try:
        for name, part in parts.items():
            if chosen in (name, "all"):
                with tempfile.TemporaryDirectory(prefix="attrmilter-content-") as folder:
                    os.chmod(folder, 0o755)
                    part(folder)
    finally:
        proc.stop_all()


if __name__ == "__main__":
    main()
