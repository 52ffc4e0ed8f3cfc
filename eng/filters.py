"""The body of eng/filters.sh: runs filters of Debian 12 and writes the tables of docs/filters.md to the standard output."""
import json, os, shutil, signal, subprocess, sys, time

ROOT, TOOL = sys.argv[1:3]
RUN = "/run/filters"
KEY = f"{RUN}/sel.private"
EICAR = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
HEAD = b"From: Ann <ann@example.test>\r\nTo: bob@example.test\r\nDate: Thu, 01 Jan 2026 00:00:00 +0000\r\nMessage-ID: <1@example.test>\r\nSubject: Hello\r\n"
SECONDS = "60"


def say(text):
    print(text, file=sys.stderr, flush=True)


def file(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as out:
        out.write(text)
    os.chmod(path, mode)


class Filter:
    """A filter: what it is called, what installs it, and what starts it at a socket. A helper is started before it."""

    def __init__(self, name, package, start, prepare=None, helpers=()):
        self.name, self.package, self.start, self.prepare, self.helpers = name, package, start, prepare, helpers

    @property
    def version(self):
        return subprocess.run(["dpkg-query", "-W", "-f", "${Version}", self.package], stdout=subprocess.PIPE, text=True).stdout


def sock(name):
    return f"{RUN}/{name}.sock"


def opendkim():
    file(f"{RUN}/opendkim.conf", f"Socket local:{sock('opendkim')}\nDomain example.test\nSelector sel\nKeyFile {KEY}\nRequireSafeKeys no\nMode s\nSyslog no\nBackground no\nInternalHosts 192.0.2.7\n")


def opendmarc():
    file(f"{RUN}/opendmarc.conf", f"Socket local:{sock('opendmarc')}\nAuthservID mx.example.net\nBackground false\nSyslog false\n")


def clamav():
    file("/var/lib/clamav/test.hdb", "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n")
    file(f"{RUN}/clamd.conf", f"LocalSocket {sock('clamd')}\nForeground yes\nDatabaseDirectory /var/lib/clamav\nUser root\n")
    file(f"{RUN}/clamav-milter.conf", f"MilterSocket unix:{sock('clamav-milter')}\nClamdSocket unix:{sock('clamd')}\nForeground yes\nAddHeader Add\nOnInfected Reject\nUser root\n")


def amavis():
    file(f"{RUN}/amavisd.conf", f"""use strict;
$daemon_user = 'amavis'; $daemon_group = 'amavis'; $MYHOME = '/var/lib/amavis'; $TEMPBASE = "$MYHOME/tmp"; $QUARANTINEDIR = undef;
$db_home = "$MYHOME/db"; $helpers_home = "$MYHOME/var"; $lock_file = "{RUN}/amavisd.lock"; $pid_file = "{RUN}/amavisd.pid";
$mydomain = 'example.test'; $myhostname = 'mx.example.net'; $max_servers = 2; $enable_db = 0; $nanny_details_level = 0;
@bypass_virus_checks_maps = (1); @bypass_spam_checks_maps = (1); @local_domains_maps = (['.example.test']);
@listen_sockets = ('{RUN}/amavisd-local.sock'); $interface_policy{{'SOCK'}} = 'AM.PDP-SOCK'; $policy_bank{{'AM.PDP-SOCK'}} = {{ protocol => 'AM.PDP', auth_required_release => 0 }};
$unix_socket_mode = 0666; $DO_SYSLOG = 0; $log_level = 0; $final_banned_destiny = D_REJECT; $X_HEADER_TAG = 'X-Virus-Scanned'; $X_HEADER_LINE = 'amavisd';
1;
""")
    os.makedirs("/var/lib/amavis/tmp", exist_ok=True)
    subprocess.run("chown -R amavis:amavis /var/lib/amavis", shell=True)
    os.chmod(RUN, 0o777)


def rspamd():
    file("/etc/rspamd/local.d/worker-proxy.inc", f'bind_socket = "{sock("rspamd")} mode=0666";\nmilter = yes;\ntimeout = 60s;\nupstream "local" {{ default = yes; self_scan = yes; }}\n')
    file("/etc/rspamd/local.d/options.inc", 'dns { nameserver = ["127.0.0.1:1"]; timeout = 0.1s; retransmits = 1; }\n')
    file("/etc/rspamd/local.d/milter_headers.conf", 'use = ["x-spamd-bar", "authentication-results", "x-spam-level"];\nskip_local = false;\nskip_authenticated = false;\n')


def mimedefang():
    os.makedirs("/var/spool/MIMEDefang", exist_ok=True)
    subprocess.run("chown -R defang:defang /var/spool/MIMEDefang", shell=True)
    file("/etc/mail/mimedefang-filter", "sub filter_begin { }\nsub filter { return action_accept(); }\nsub filter_end { action_add_header('X-Scanned', 'mimedefang'); }\n1;\n")


def dkimpy():
    file(f"{RUN}/dkimpy.conf", f"Socket local:{sock('dkimpy-milter')}\nDomain example.test\nSelector sel\nKeyFile {KEY}\nMode s\nSyslog no\nUserID root\nPidFile {RUN}/dkimpy.pid\nInternalHosts 192.0.2.7\n")


def pyspf():
    file(f"{RUN}/pyspf.conf", f"[milter]\nsocketname = {sock('pyspf-milter')}\n")
    file("/etc/pyspf-milter/pyspf-milter.conf", f"Socket = local:{sock('pyspf-milter')}\nPidFile = {RUN}/pyspf.pid\nUserID = root\nSyslog = no\n")


def go():
    environment = dict(os.environ, GO111MODULE="off", GOPATH="/usr/share/gocode", GOFLAGS="", GOCACHE="/tmp/go-cache")
    subprocess.run(["go", "build", "-o", f"{RUN}/go-filter", f"{ROOT}/benchmarks/peers/go-milter/main.go"], env=environment, check=True)


FILTERS = [
    Filter("OpenDKIM", "opendkim", ["opendkim", "-f", "-x", f"{RUN}/opendkim.conf"], opendkim),
    Filter("OpenDMARC", "opendmarc", ["opendmarc", "-f", "-c", f"{RUN}/opendmarc.conf"], opendmarc),
    Filter("clamav-milter", "clamav-milter", ["clamav-milter", "-c", f"{RUN}/clamav-milter.conf"], clamav, [(["clamd", "-c", f"{RUN}/clamd.conf"], sock("clamd"))]),
    Filter("spamass-milter", "spamass-milter", ["spamass-milter", "-p", sock("spamass-milter"), "-r", "15", "--", "-U", sock("spamd")], None,
           [(["spamd", "-L", f"--socketpath={sock('spamd')}", "--socketmode=0666", "-u", "nobody"], sock("spamd"))]),
    Filter("amavisd-milter", "amavisd-milter", ["amavisd-milter", "-f", "-s", sock("amavisd-milter"), "-S", f"{RUN}/amavisd-local.sock", "-w", "/var/lib/amavis/tmp"], amavis,
           [(["amavisd", "-c", f"{RUN}/amavisd.conf", "foreground"], f"{RUN}/amavisd-local.sock")]),
    Filter("rspamd", "rspamd", ["rspamd", "-f", "-i", "-u", "root", "-g", "root"], rspamd),
    Filter("mimedefang", "mimedefang", ["mimedefang", "-D", "-m", sock("multiplexor"), "-U", "defang", "-y", "-p", sock("mimedefang")], mimedefang,
           [(["mimedefang-multiplexor", "-D", "-s", sock("multiplexor"), "-U", "defang", "-f", "/usr/bin/mimedefang.pl"], sock("multiplexor"))]),
    Filter("dkimpy-milter", "dkimpy-milter", ["dkimpy-milter", f"{RUN}/dkimpy.conf"], dkimpy),
    Filter("pyspf-milter", "pyspf-milter", ["pyspf-milter", "/etc/pyspf-milter/pyspf-milter.conf"], pyspf),
    Filter("Sendmail::PMilter", "libsendmail-pmilter-perl", ["perl", f"{ROOT}/benchmarks/peers/pmilter/filter.pl", "--listen", f"unix:{sock('pmilter')}", "--workload", "rewrite"]),
    Filter("go-milter", "golang-github-emersion-go-milter-dev", [f"{RUN}/go-filter", "--listen", f"unix:{sock('go-milter')}", "--workload", "rewrite"], go),
    Filter("pymilter", "python3-milter", ["/usr/bin/python3", f"{ROOT}/tests/Milter.Client.Tests/Peers/tagger.py", f"unix:{sock('pymilter')}"]),
]
SOCKETS = {one.name: sock({"OpenDKIM": "opendkim", "OpenDMARC": "opendmarc", "Sendmail::PMilter": "pmilter"}.get(one.name, one.name)) for one in FILTERS}


def install():
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    packages = [one.package for one in FILTERS] + ["opendkim-tools", "clamav-daemon", "spamassassin", "spamd", "amavisd-new", "golang-go"]
    for command in (["apt-get", "-q", "update"], ["apt-get", "-q", "install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            sys.exit(done.stdout[-3000:])


def start(command, socket, log):
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    for _ in range(600):
        if os.path.exists(socket):
            return process
        if process.poll() is not None:
            break
        time.sleep(0.1)
    return process if os.path.exists(socket) else None


def stop(process):
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)
    except (ProcessLookupError, subprocess.TimeoutExpired):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def milter(*arguments, message=None):
    done = subprocess.run(["dotnet", f"{TOOL}/Milter.Tool.dll", *arguments], input=message, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def send(socket, message=HEAD + b"\r\nHello\r\n", *options):
    usual = {"--client": "client.example.test[192.0.2.7]", "--from": "ann@example.test", "--to": "bob@example.test", "--timeout": SECONDS}
    usual = [word for option, value in usual.items() if option not in options for word in (option, value)]
    code, out, error = milter("send", f"unix:{socket}", "--json", *usual, *options, message=message)
    lines = [line for line in out.splitlines() if line.startswith("{")]
    return json.loads(lines[0]) if lines else {"error": (error.strip().splitlines() or [f"exit code {code}"])[0]}


def outcome(played):
    if "error" in played:
        return "fails: " + played["error"].replace("|", "/")
    return played["verdict"] + (f" ({played['reply']})" if played.get("reply") else "")


def edits(played):
    return [one["text"].split("\\r")[0][:60] for one in played.get("modifications", [])]


def words(values):
    return " ".join(values) or "none"


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


ODD = [
    ("null sender, as Postfix's cleanup says it", HEAD + b"\r\nHello\r\n", ["--client", "local", "--from", ""]),
    ("no header, no body", b"\r\n", []),
    ("raw UTF-8 and Latin-1 in Subject", HEAD.replace(b"Subject: Hello", b"Subject: Gr\xc3\xbc\xc3\x9fe \xe9"), []),
    ("a field of 60,000 bytes", HEAD + b"X-Long: " + b"x" * 60000 + b"\r\n\r\nHello\r\n", []),
    ("a body line of 5,000 bytes, no line end", HEAD + b"\r\n" + b"y" * 5000, []),
]


def look(one):
    socket = SOCKETS[one.name]
    facts = {"name": one.name, "version": one.version}
    running = []
    with open(f"{RUN}/{one.name.replace(':', '')}.log", "w") as log:
        try:
            if one.prepare:
                one.prepare()
            for command, place in one.helpers:
                helper = start(command, place, log)
                if helper is None:
                    raise RuntimeError(f"{command[0]} does not start")
                running.append(helper)
            process = start(one.start, socket, log)
            if process is None:
                raise RuntimeError(f"{one.start[0]} does not start")
            running.append(process)
            facts["plain"] = send(socket)
            if facts["plain"].get("verdict") == "TEMPFAIL":
                # What it says then is not about the message.
                raise RuntimeError(f"what it needs does not work here: {outcome(facts['plain'])}")
            facts["two"] = send(socket, HEAD + b"\r\nHello\r\n", "--offer", "2")
            facts["bare"] = send(socket, HEAD + b"\r\nHello\r\n", "--offer", "6,0x0,0x0")
            facts["refused"] = send(socket, HEAD + f"\r\n{EICAR if one.name == 'clamav-milter' else GTUBE}\r\n".encode())
            facts["odd"] = [send(socket, message, *options) for _, message, options in ODD]
            code, out, _ = milter("check", f"unix:{socket}", "--legal", "--json", "--timeout", SECONDS)
            cases = json.loads(out)["cases"] if out.startswith("{") else []
            facts["check"] = {grade: [case["case"] for case in cases if case["outcome"] == grade] for grade in ("passed", "warned", "failed")}
        except (RuntimeError, OSError, ValueError, subprocess.CalledProcessError) as e:
            log.flush()
            with open(log.name) as text:
                say(f"{one.name}: {e}\n{text.read()[-1500:]}")
            facts["missing"] = str(e)
        finally:
            for process in reversed(running):
                stop(process)
    return facts


def tables(all):
    there = [one for one in all if "missing" not in one]
    print("| filter | version (Debian 12) | speaks, where 6 is offered | where 2 is offered | asks for | is not sent | waives the reply to |\n| --- | --- | --- | --- | --- | --- | --- |")
    for one in there:
        agreed = one["plain"].get("negotiated", {})
        two = one["two"]
        old = f"version {two['negotiated']['version']}" if "negotiated" in two else "fails: " + two.get("error", "")
        print("| " + " | ".join(cell(text) for text in (
            one["name"], one["version"], f"version {agreed.get('version')}", old, words(agreed.get("actions", [])), words(agreed.get("notSent", [])), words(agreed.get("noReply", [])))) + " |")
    print("\n| filter | macros asked for | besides | bits that were not offered | waits of a plain message | edits of a plain message |\n| --- | --- | --- | --- | --- | --- |")
    for one in there:
        agreed = one["plain"].get("negotiated", {})
        macros = "; ".join(f"{stage}: {names}" for stage, names in agreed.get("macros", {}).items()) or "none"
        unoffered = "; ".join(text for text in one["bare"].get("complaints", []) if "offer" in text) or one["bare"].get("error", "none")
        print("| " + " | ".join(cell(text) for text in (
            one["name"], macros, words(agreed.get("besides", [])), unoffered, one["plain"].get("waits", "-"), "; ".join(f"`{text}`" for text in edits(one["plain"])) or "none")) + " |")
    print("\n| filter | its verdict on a test message that scanners refuse | edits before it | `milter check --legal` |\n| --- | --- | --- | --- |")
    for one in there:
        check = one["check"]
        print("| " + " | ".join(cell(text) for text in (
            one["name"], outcome(one["refused"]), len(edits(one["refused"])),
            f"{len(check['passed'])} right, {len(check['warned'])} works with both MTAs" + (f" ({', '.join(check['warned'])})" if check["warned"] else "") + f", {len(check['failed'])} wrong" + (f" ({', '.join(check['failed'])})" if check["failed"] else ""))) + " |")
    print("\n| filter | " + " | ".join(name for name, _, _ in ODD) + " |\n| --- |" + " --- |" * len(ODD))
    for one in there:
        print("| " + " | ".join(cell(text) for text in (one["name"], *[outcome(played) for played in one["odd"]])) + " |")
    for one in all:
        if "missing" in one:
            say(f"NOT IN THE TABLES: {one['name']}: {one['missing']}")


def main():
    os.makedirs(RUN, exist_ok=True)
    os.chmod(RUN, 0o755)
    install()
    subprocess.run(["opendkim-genkey", "-D", RUN, "-d", "example.test", "-s", "sel", "-b", "1024"], check=True)
    all = []
    for one in FILTERS:
        say(f"{one.name} …")
        all.append(look(one))
    tables(all)


main()
