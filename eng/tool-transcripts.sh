#!/usr/bin/env bash
# Writes the transcripts that docs/tool.md shows: the commands of `milter` against three filters, one on libmilter, one on pymilter, one on AttrMilter.
#   eng/tool-transcripts.sh FOLDER [BIN]
# FOLDER gets a file for each transcript, NAME.txt. BIN is a folder with Milter.Tool.dll and quickstart.dll; both are built where it is not given.
# Needs what tests/Milter.Client.Tests/install-peers.sh installs. tests/Milter.Tool.Tests compares what comes out with the page.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
if [ $# -gt 1 ]; then
    bin=$(cd "$2" && pwd)
else
    bin=$out/bin
    for project in src/Milter.Tool samples/Quickstart; do
        dotnet build "$root/$project" -c Release -o "$bin" -v:q -nologo >&2
    done
fi
work=$(mktemp -d)
pids=()
stop() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait || true
    rm -rf "$work"
}
trap stop EXIT
cd "$work"

start() { # SOCKET COMMAND…
    local socket=$1
    shift
    "$@" >"$socket.log" 2>&1 &
    pids+=($!)
    for _ in $(seq 600); do
        [ -S "$socket" ] && return
        sleep 0.1
    done
    cat "$socket.log" >&2
    echo "$* does not listen on $socket" >&2
    exit 1
}
milter() { dotnet "$bin/Milter.Tool.dll" "$@"; }
show() { # NAME LINES COMMAND…: so many lines of it, 0 for all
    local name=$1 lines=$2 code=0
    shift 2
    "$@" >"$name.full" 2>&1 || code=$?
    {
        echo "$ $*"
        if [ "$lines" -gt 0 ] && [ "$(wc -l <"$name.full")" -gt "$lines" ]; then
            head -n "$lines" "$name.full"
            echo "[…]"
        else
            cat "$name.full"
        fi
        [ "$code" -eq 0 ] || echo "(exit code $code)"
    } >"$out/$name.txt"
}

cc -O1 -o twin "$root/tests/conformance/probe.c" -lmilter -lpthread
start libmilter.sock ./twin --listen unix:libmilter.sock
start pymilter.sock /usr/bin/python3 "$root/tests/Milter.Client.Tests/Peers/tagger.py" unix:pymilter.sock
start ours.sock env Milter__Listen=unix:ours.sock Quickstart__Words__0=lottery Quickstart__Words__1=Glückwunsch dotnet "$bin/quickstart.dll"
cp "$root"/samples/messages/*.eml .
cat >edits.eml <<'EML'
From: Joe <joe@elsewhere.test>
To: ann@example.test
Subject: Hello
X-Probe-Do: insert 0 X-Top first
X-Probe-Do: addrcpt <archive@example.test>

Hello Ann
EML
printf 'From: joe@elsewhere.test\nTo: ann@example.test, nobody@example.test\nSubject: please replace this\n\nHello Ann\n' >replace.eml
printf 'From: joe@elsewhere.test\nTo: ann@example.test\nSubject: Hello\n\nHello Ann\n' >hello.eml

show send-libmilter 0 milter send unix:libmilter.sock edits.eml
show send-pymilter 0 milter send unix:pymilter.sock --mta sendmail replace.eml
show send-ours 0 milter send unix:ours.sock --brief outside.eml logged-in.eml listed-word.eml
show explain-ours 0 milter explain "$bin/quickstart.dll"
show explain-unit 12 milter explain "$bin/quickstart.dll" --unit
show run-ours 0 milter run "$bin/quickstart.dll" outside.eml
show check-libmilter 0 milter check unix:libmilter.sock --timeout 1
show check-pymilter 0 milter check unix:pymilter.sock two-messages abort http rcpt-first --timeout 1
show check-ours 0 milter check unix:ours.sock two-messages abort http rcpt-first
show bench-libmilter 0 milter bench unix:libmilter.sock --messages 2000
show bench-pymilter 4 milter bench unix:pymilter.sock --messages 500
show bench-ours 4 milter bench unix:ours.sock --messages 2000

trace() { # NAME LINES FILTER OPTION…: what the trace of one message shows
    local name=$1 lines=$2 filter=$3 trace
    shift 3
    { show "trace-$name" "$lines" milter trace unix:trace.sock "$filter" --sessions 1 "$@"; } &
    trace=$!
    for _ in $(seq 600); do
        [ -S trace.sock ] && break
        sleep 0.1
    done
    milter send unix:trace.sock --brief hello.eml >/dev/null
    wait "$trace"
    sed -i '/^Listening on /d' "$out/trace-$name.txt"
}
trace libmilter 18 unix:libmilter.sock
trace pymilter 18 unix:pymilter.sock --redact
trace ours 0 unix:ours.sock --save session.milter
show replay-ours 0 milter replay session.milter unix:ours.sock

# Where things lie on this machine is nobody's business.
sed -i "s|$bin/||g" "$out"/*.txt
