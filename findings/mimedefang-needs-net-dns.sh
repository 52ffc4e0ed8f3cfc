#!/usr/bin/env bash
# mimedefang 3.3-1 (Debian 12): the package does not depend on libnet-dns-perl, nor recommend or suggest it, and mimedefang.pl can't be compiled without: its module Mail::MIMEDefang::Net begins with "use Net::DNS".
# The milter and its multiplexor start all the same, each worker dies at once, and every message is put off (451), with nothing but "ERR No response from worker" between the two to tell why.
# So "apt-get install --no-install-recommends mimedefang" is a filter that answers and passes no mail, until libnet-dns-perl is installed, too.
# Needs root or not; a Debian 12 with perl, apt and network. Fails if this changes.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -q download mimedefang=3.3-1 libmime-tools-perl libio-stringy-perl libmailtools-perl libunix-syslog-perl libtimedate-perl libconvert-binhex-perl >/dev/null 2>&1
dpkg-deb -f mimedefang_*.deb Package Version Depends Recommends Suggests | tee fields
for deb in ./*.deb; do dpkg -x "$deb" root; done
# What is installed on this machine is left out: modules come from the packages above and from perl's own folders.
perl=$(perl -e 'print join ":", grep { m{^/usr/(share|lib/\S+)/perl(-base|/5\.36)} } @INC')
cat >run.pl <<'PL'
BEGIN { @INC = split /:/, shift @ARGV }
my $program = shift @ARGV;
require $program;
PL
set +e
perl run.pl "$work/root/usr/share/perl5:$work/root/usr/lib/x86_64-linux-gnu/perl5/5.36:$perl" "$work/root/usr/bin/mimedefang.pl" 2>&1 | head -n 2 | cut -c1-90 | tee seen
set -e
! grep -q 'libnet-dns-perl' fields
grep -q "^Can't locate Net/DNS.pm in @INC" seen
