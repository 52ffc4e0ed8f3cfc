"""The body of eng/newcomer.sh: reads the pages, does what their code blocks say, and looks at what comes of it."""
import ctypes, os, re, shutil, signal, smtplib, socket, subprocess, sys, threading, time

ROOT = sys.argv[1]
HOME = os.path.expanduser("~/newcomer")
ENV = dict(os.environ, HOME=HOME, DOTNET_NOLOGO="1", DOTNET_CLI_TELEMETRY_OPTOUT="1", DOTNET_CLI_USE_MSBUILD_SERVER="0", MSBUILDDISABLENODEREUSE="1",
           NUGET_PACKAGES=HOME + "/.nuget/packages", DOTNET_SKIP_FIRST_TIME_EXPERIENCE="1")
CLONE_NEWNET = 0x40000000


def fail(what):
    sys.exit(f"NOT AS THE PAGES SAY: {what}")


def note(what):
    print(what, flush=True)


def page(path):
    with open(f"{ROOT}/{path}") as file:
        return file.read().replace("\n> ", "\n").replace("\n>\n", "\n\n")


def section(text, title):
    return re.split(r"^## ", text.split(f"## {title}\n", 1)[1], flags=re.M)[0]


def blocks(text, language=None):
    return [code for (spoken, code) in re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.M | re.S) if language is None or spoken == language]


def sh(code, folder):
    """Runs a block as it stands, and tells the folder that it ends in."""
    started = time.monotonic()
    done = subprocess.run(["bash", "-euc", code + f"\npwd >{HOME}/pwd"], cwd=folder, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        fail(f"this ends with {done.returncode}:\n{code}\n{done.stdout[-4000:]}")
    with open(f"{HOME}/pwd") as file:
        return file.read().strip(), done.stdout, time.monotonic() - started


# --- Postfix, as Debian installs it, with a mailbox for the recipient of the page's example.
def prepare_postfix():
    subprocess.run(["useradd", "--create-home", "you"], check=True)
    with open("/etc/postfix/main.cf", "w") as file:
        file.write("compatibility_level = 3.6\nmyhostname = mx.example.net\nmydestination = example.net, localhost\ninet_interfaces = loopback-only\ninet_protocols = ipv4\n"
                   "alias_maps =\nalias_database =\nmaillog_file = /var/log/newcomer.log\nsmtp_dns_support_level = disabled\nsmtpd_peername_lookup = no\n")
    with open("/etc/postfix/master.cf", "a") as file:
        file.write("postlog unix-dgram n - n - 1 postlogd\n")
    # What Debian's unit of Postfix does before the start: the chroot of smtpd has its own hosts, users and groups.
    subprocess.run(["/usr/lib/postfix/configure-instance.sh", "-"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(["postfix", "start"], env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def main_cf(block):
    """Puts the lines of a page into main.cf, in place of those of the same names."""
    for line in block.strip().splitlines():
        subprocess.run(["postconf", "-e", line], check=True)
    subprocess.run(["postfix", "reload"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    time.sleep(2)  # postfix reload gives no sign when the last smtpd of old has ended


def mailbox():
    try:
        with open("/var/mail/you") as file:
            return re.split(r"^From ", file.read(), flags=re.M)[1:]
    except FileNotFoundError:
        return []


def until(condition, what, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            try:
                with open("/var/log/newcomer.log") as file:
                    print(file.read()[-3000:])
            except FileNotFoundError:
                pass
            fail(f"{what}, after {seconds} s")
        time.sleep(0.05)


def send(subject, client=None):
    message = f"From: me@example.org\nTo: you@example.net\nSubject: {subject}\n\nHello\n"
    if client is not None:
        client.sendmail("me@example.org", ["you@example.net"], message)
        return
    with smtplib.SMTP("localhost", 25, timeout=60) as own:
        own.sendmail("me@example.org", ["you@example.net"], message)


def delivered_with(header, subject):
    found = []
    until(lambda: found.extend(one for one in mailbox() if f"Subject: {subject}" in one) or found, f"{subject} is not delivered")
    if not re.search(rf"^{header}: ", found[0], flags=re.M):
        fail(f"{subject} is delivered without {header}:\n{found[0]}")
    note(f"  delivered by Postfix: {re.search(rf'^{header}: .*', found[0], flags=re.M)[0]}")


running = []


def program(command, folder, ready):
    process = subprocess.Popen(["bash", "-c", "exec " + command], cwd=folder, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    running.append(process)
    seen = []
    for line in process.stdout:
        seen.append(line)
        if ready in line:
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return process
    fail(f"{command} ends before it says {ready!r}:\n{''.join(seen)}")


def stop(process):
    running.remove(process)
    os.killpg(process.pid, signal.SIGTERM)
    process.wait()


# --- systemd, as far as the units of the page need it.
class Unit:
    def __init__(self, name):
        self.service = self.read(f"/etc/systemd/system/{name}.service")
        self.listen = self.read(f"/etc/systemd/system/{name}.socket")["ListenStream"][0]
        self.mode = int(self.read(f"/etc/systemd/system/{name}.socket")["SocketMode"][0], 8)
        self.group = self.read(f"/etc/systemd/system/{name}.socket")["SocketGroup"][0]
        if shutil.which("systemd-analyze"):
            verify = subprocess.run(["systemd-analyze", "verify", f"/etc/systemd/system/{name}.service"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            wrong = [line for line in verify.stdout.splitlines() if name in line]
            if wrong:
                fail("systemd-analyze verify: " + "\n".join(wrong))
            note("  systemd-analyze verify finds nothing in the units")
        os.makedirs(os.path.dirname(self.listen), exist_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.bind(self.listen)
        os.chmod(self.listen, self.mode)
        shutil.chown(self.listen, group=self.group)
        self.socket.listen(4096)
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind("/run/newcomer-notify")
        self.notices.settimeout(60)

    @staticmethod
    def read(path):
        values = {}
        with open(path) as file:
            for line in file:
                if "=" in line and not line.startswith("#"):
                    key, value = line.strip().split("=", 1)
                    values.setdefault(key, []).append(value)
        return values

    def start(self):
        environment = dict(ENV, NOTIFY_SOCKET="/run/newcomer-notify", LISTEN_FDS="1", **dict(one.split("=", 1) for one in self.service["Environment"]))
        inherited = self.socket.fileno()

        # The number that the process will have is known to it alone.
        command = ["sh", "-c", 'export LISTEN_PID=$$; exec "$0" "$@"', *self.service["ExecStart"][0].split()]
        self.process = process = subprocess.Popen(command, cwd=self.service["WorkingDirectory"][0], env=environment, preexec_fn=lambda: os.dup2(inherited, 3), close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        running.append(process)
        if self.service["Type"] == ["notify"]:
            self.hear("READY=1")

    def hear(self, what):
        while what not in (said := self.notices.recv(4096).decode()):
            pass
        return said

    def stop(self):
        running.remove(self.process)
        self.process.terminate()
        return self.process.wait()


# --- A restart while mail comes in.
class Load:
    """Senders that open a session for each message. As mail servers do, they try again in another session where one is closed with 421; at once, not after minutes."""

    def __init__(self, senders):
        self.senders, self.sent, self.again, self.put_off, self.refused, self.stopping = senders, [], [], [], [], False
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.run, args=(i,)) for i in range(senders)]
        for thread in self.threads:
            thread.start()

    def run(self, i):
        n = 0
        while not self.stopping:
            n += 1
            subject = f"load {i}-{n}"
            code = self.attempt(subject)
            if code == 421:
                self.again.append(subject)
                code = self.attempt(subject)
            if code:
                self.put_off.append((subject, code))

    def attempt(self, subject):
        """Sends a message in a session of its own, and tells the code with which it was put off."""
        try:
            send(subject)
            self.sent.append(subject)
        except smtplib.SMTPResponseException as e:
            return e.smtp_code
        except smtplib.SMTPRecipientsRefused as e:
            return next(iter(e.recipients.values()))[0]
        except OSError as e:
            self.refused.append((subject, e))
        return None

    def end(self):
        self.stopping = True
        for thread in self.threads:
            thread.join()


def restart_under_load(unit):
    idle = smtplib.SMTP("localhost", 25, timeout=300)
    idle.ehlo("idle.example.org")
    send("idle before", idle)
    load = Load(4)
    until(lambda: len(load.sent) > 20, "no load")
    began = time.monotonic()
    code = unit.stop()
    gone = time.monotonic()
    unit.start()
    ready = time.monotonic()
    before = len(load.sent)
    until(lambda: len(load.sent) > before + 40, "no mail after the restart")
    load.end()
    if code:
        fail(f"the service ends with {code} at SIGTERM")
    try:
        send("idle after", idle)
        put_off = "was taken"
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as e:
        put_off = f"was put off: {e}"
    except smtplib.SMTPServerDisconnected as e:
        put_off = f"was put off: {e}"
    with smtplib.SMTP("localhost", 25, timeout=60) as again:
        send("idle again", again)

    total = len(load.sent)
    until(lambda: sum("Subject: load " in one for one in mailbox()) >= total, "mail of the load is not delivered")
    unfiltered = [one for one in mailbox() if "Subject: load " in one and not re.search(r"^X-Body-Size: ", one, flags=re.M)]
    unfiltered += [one for one in mailbox() if "Subject: idle " in one and not re.search(r"^X-Body-Size: ", one, flags=re.M)]
    note(f"  restart under load: {total} messages by 4 senders, {len(load.refused)} connections refused, {len(unfiltered)} unfiltered")
    note(f"  {len(load.again)} of them began in a session that was open at the stop, were told 421 and taken in the next one; {len(load.put_off)} put off")
    note(f"  the old process ended after {gone - began:.1f} s, the new one was ready {ready - gone:.1f} s later")
    note(f"  the next message of a client that was idle meanwhile {put_off}")
    if load.refused or load.put_off or unfiltered or len(load.again) > load.senders:
        fail(f"a restart costs mail: {load.refused[:3]} {load.put_off[:3]} {load.again} {unfiltered[:1]}")
    if "put off" not in put_off and "taken" not in put_off:
        fail(f"the idle client is told what nobody expects: {put_off}")


def main():
    os.makedirs(HOME)
    # The pages' address of the repository is this tree, as it stands.
    subprocess.run(["git", "config", "--global", f"url.file://{ROOT}.insteadOf", "https://github.com/attrmilter/attrmilter"], env=ENV, check=True)
    subprocess.run(["git", "config", "--global", "--add", "safe.directory", "*"], env=ENV, check=True)
    readme, started = page("README.md"), page("docs/getting-started.md")

    note("== getting started: until it is published")
    _, _, took = sh(blocks(started.split("## 1.")[0], "sh")[0], HOME)
    note(f"  packages packed in {took:.0f} s")

    note("== getting started: 1, 2, 3")
    one, two, three = (section(started, title) for title in ("1. A project", "2. A filter", "3. What it asks of the MTA"))
    folder, _, _ = sh(blocks(one, "sh")[0], HOME)
    for name, code in (("sizenote.csproj", blocks(one, "xml")[0]), ("Program.cs", blocks(two, "csharp")[0])):
        with open(f"{folder}/{name}", "w") as file:
            file.write(code)
    _, output, took = sh(blocks(three, "sh")[0], folder)
    if "0 Warning(s)" not in output:
        fail(output)
    note(f"  first build: {took:.0f} s")
    generated = re.search(r"`(obj/[^`]*)`", three)[1]
    with open(f"{folder}/{generated}") as file:
        if blocks(three, "text")[0].strip() not in file.read():
            fail(f"{generated} is not what the page shows")
    note(f"  {generated} is what the page shows")

    note("== getting started: 5, published")
    service = section(started, "5. As a service")
    sh(blocks(page("docs/tool.md"), "sh")[0], HOME)
    ENV["PATH"] += f":{HOME}/.dotnet/tools"
    sh(blocks(service, "sh")[0], folder)

    # What listens and what is delivered is in a network of its own from here on.
    subprocess.run(["dotnet", "build", "AttrMilter/samples/Quickstart"], cwd=HOME, env=ENV, stdout=subprocess.DEVNULL, check=True)
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        fail("no network namespace")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    prepare_postfix()
    try:
        note("== getting started: 4")
        under = section(started, "4. Under Postfix")
        filter = program(blocks(under, "sh")[0].strip(), folder, "inet:9199")
        main_cf(blocks(under, "")[0])
        send("by hand")
        delivered_with("X-Body-Size", "by hand")
        stop(filter)

        note("== README: try it, run it under Postfix")
        sh(blocks(section(readme, "Try it"), "sh")[0].splitlines()[0], f"{HOME}/AttrMilter")
        run = section(readme, "Run it under Postfix or Sendmail")
        quickstart = program(blocks(run, "sh")[0].strip(), f"{HOME}/AttrMilter", "smtpd_milters = ")
        main_cf(next(line for line in run.splitlines() if line.startswith("smtpd_milters = ")))
        send("quickstart")
        delivered_with("X-Milter", "quickstart")
        stop(quickstart)

        note("== getting started: 5 and 6, as a service, in Debian's chroot")
        units = blocks(service, "ini")
        socket_section = section(started, "6. The unix socket")
        chroot = re.search(r"ListenStream=/var/spool/postfix/[^`\s]*", socket_section)[0]
        for name, code in (("sizenote.socket", re.sub(r"^ListenStream=.*$", chroot, units[0], flags=re.M)), ("sizenote.service", units[1])):
            with open(f"/etc/systemd/system/{name}", "w") as file:
                file.write(code)
        unit = Unit("sizenote")
        unit.start()
        main_cf(re.search(r"`(smtpd_milters = unix:(?!/run/)[^`]*)`", socket_section)[1])
        main_cf("milter_default_action = tempfail")
        send("as a service")
        delivered_with("X-Body-Size", "as a service")
        restart_under_load(unit)
        if unit.stop():
            fail("the service does not end with 0")
        note("All as the pages say.")
    finally:
        for process in list(running):
            stop(process)
        subprocess.run(["postfix", "stop"], env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


main()
