#!/usr/bin/env bash
# Installs what the benchmark needs from Debian and builds it all into benchmarks/build. Root is needed for the packages only.
#   benchmarks/setup.sh             packages, then everything
#   benchmarks/setup.sh c           the load generator, the floor and the libmilter filter, without installing anything
#   benchmarks/setup.sh content         what content.py measures, with Debian's opendkim, opendmarc, pyspf-milter and unbound
#   benchmarks/setup.sh go|filter   the go-milter filter; AttrMilter's own filter (JIT and NativeAOT)
#   benchmarks/setup.sh before COMMIT   AttrMilter's own filter as of a commit, to stand beside in the same run (before-jit, before-aot)
set -euo pipefail
cd "$(dirname "$0")"
build=$PWD/build
mkdir -p "$build"

packages() {
    local wanted=(gcc libc6-dev libmilter-dev python3 python3-milter golang-go golang-github-emersion-go-milter-dev libsendmail-pmilter-perl clang zlib1g-dev)
    if ! dpkg -s "${wanted[@]}" >/dev/null 2>&1; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get -q update >/dev/null
        apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${wanted[@]}" >/dev/null
    fi
    ../tests/Milter.Mta.Tests/install-mtas.sh "${ATTRMILTER_SENDMAIL_ROOT:-/opt/attrmilter-sendmail}"
}

c() {
    local flags=(-std=gnu11 -O2 -Wall -Wextra -Werror)
    gcc "${flags[@]}" -o "$build/load" load/*.c
    gcc "${flags[@]}" -o "$build/floor" peers/floor/floor.c
    gcc "${flags[@]}" -Wno-unused-parameter -o "$build/libmilter" peers/libmilter/filter.c -lmilter -lpthread
}

# Debian's own copy of the library, by GOPATH: nothing is fetched.
go() {
    GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= GOCACHE="$build/go-cache" command go build -o "$build/go-milter" peers/go-milter/main.go
}

publish() {
    local name=$1 framework=$2
    shift 2
    dotnet publish Milter.BenchFilter -c Release -r linux-x64 -p:BenchFramework="$framework" --artifacts-path "$build/artifacts-$name" -o "$build/$name" "$@" >"$build/$name.log" 2>&1
}

filter() {
    rm -rf "$build"/attrmilter-{jit,r2r,aot}
    publish attrmilter-jit net10.0 --self-contained false || { tail -40 "$build/attrmilter-jit.log"; exit 1; }
    publish attrmilter-r2r net10.0 --self-contained false -p:PublishReadyToRun=true || { tail -40 "$build/attrmilter-r2r.log"; exit 1; }
    # As in eng/publish-aot.sh: where the pack of net10.0 can't be had, an older one tells as much about speed.
    framework=net10.0
    if ! publish attrmilter-aot net10.0 -p:PublishAot=true; then
        grep -qE 'error NU110[0-9].*(ILCompiler|NativeAOT)' "$build/attrmilter-aot.log" || { tail -40 "$build/attrmilter-aot.log"; exit 1; }
        framework=net9.0
        publish attrmilter-aot net9.0 -p:PublishAot=true || { tail -40 "$build/attrmilter-aot.log"; exit 1; }
    fi
    echo "$framework" >"$build/attrmilter-aot/framework"
}

before() {
    local source
    source=$(mktemp -d)
    (cd .. && git archive "$1") | tar xf - -C "$source"
    "$source/benchmarks/setup.sh" filter
    rm -rf "$build"/before-{jit,aot}
    mv "$source/benchmarks/build/attrmilter-jit" "$build/before-jit"
    mv "$source/benchmarks/build/attrmilter-aot" "$build/before-aot"
    rm -rf "$source"
}

content() {
    local wanted=(opendkim opendmarc pyspf-milter unbound python3-milter mimedefang libnet-dns-perl libarchive-zip-perl openssl clang zlib1g-dev)
    if ! dpkg -s "${wanted[@]}" >/dev/null 2>&1; then
        apt-get -q update >/dev/null
        DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${wanted[@]}" >/dev/null
    fi
    local kind more
    for kind in jit aot; do
        more=(-p:PublishAot=true)
        [ $kind = aot ] || more=(--self-contained false)
        rm -rf "$build/content-$kind"
        dotnet publish Milter.ContentBench -c Release -r linux-x64 --artifacts-path "$build/artifacts-content-$kind" -o "$build/content-$kind" "${more[@]}" >"$build/content-$kind.log" 2>&1 ||
            { tail -40 "$build/content-$kind.log"; exit 1; }
    done
}

case ${1:-all} in
    before) before "${2:?which commit?}" ;;
    all) packages; c; go; filter ;;
    c | go | filter | content) "$1" ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 64 ;;
esac
ls "$build"
