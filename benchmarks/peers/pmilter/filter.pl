#!/usr/bin/perl
# The workloads on Sendmail::PMilter: --listen unix:PATH|inet:PORT@HOST --workload noop|inspect|rewrite|typical [--children N]
# The library negotiates protocol version 2 bits only, so replies can't be waived.
use strict;
use warnings;
use Sendmail::PMilter qw(:all);

my %given = (@ARGV);
my $listen = $given{'--listen'} // 'inet:9999@127.0.0.1';
my $workload = $given{'--workload'} // 'inspect';
my $footer = "-- \r\nchecked by the bench filter\r\n";

sub go_on { return SMFIS_CONTINUE }

sub begin {
    my ($context) = @_;
    $context->setpriv({ headers => 0, length => 0, subject => '', body => '' });
    return SMFIS_CONTINUE;
}

sub header {
    my ($context, $name, $value) = @_;
    my $state = $context->getpriv;
    $state->{headers}++;
    if (lc $name eq 'subject') {
        $value =~ s/^ +//;
        $state->{subject} = $value;
    }
    return SMFIS_CONTINUE;
}

sub count_body {
    my ($context, $chunk, $length) = @_;
    $context->getpriv->{length} += $length;
    return SMFIS_CONTINUE;
}

sub keep_body {
    my ($context, $chunk) = @_;
    $context->getpriv->{body} .= $chunk;
    return SMFIS_CONTINUE;
}

sub inspected {
    my ($context) = @_;
    my $state = $context->getpriv;
    $context->addheader('X-Checked', "h=$state->{headers} b=$state->{length} s=" . length $state->{subject});
    return SMFIS_CONTINUE;
}

sub rewritten {
    my ($context) = @_;
    my $state = $context->getpriv;
    $context->chgheader('Subject', 1, "[CHK] $state->{subject}");
    $context->addrcpt('<extra@example.net>');
    # replacebody makes one packet of what it is given, and MTAs take at most 65,535 bytes.
    my $body = $state->{body} . $footer;
    for (my $at = 0; $at < length $body; $at += 65535) {
        $context->replacebody(substr $body, $at, 65535);
    }
    return SMFIS_CONTINUE;
}

# The steps without a callback are switched off, but for CONNECT and MAIL, which the library always asks for.
my %typical = (
    envfrom => sub { $_[0]->setpriv(\my $subject); return SMFIS_CONTINUE },
    header => sub {
        my ($context, $name, $value) = @_;
        ${ $context->getpriv } = $value if lc $name eq 'subject';
        return SMFIS_CONTINUE;
    },
    eom => sub {
        my ($context) = @_;
        $context->addheader('X-Checked', ${ $context->getpriv } ? 'ok' : 'no subject');
        return SMFIS_CONTINUE;
    },
);
my %inspect = (connect => \&begin, helo => \&go_on, envfrom => \&begin, envrcpt => \&go_on, header => \&header, eoh => \&go_on,
    body => \&count_body, eom => \&inspected, abort => \&go_on);
my %workloads = (
    noop => [{ eom => sub { return SMFIS_ACCEPT } }, 0],
    inspect => [\%inspect, SMFIF_ADDHDRS],
    rewrite => [{ %inspect, body => \&keep_body, eom => \&rewritten }, SMFIF_CHGBODY | SMFIF_CHGHDRS | SMFIF_ADDRCPT],
    typical => [\%typical, SMFIF_ADDHDRS],
);
my ($callbacks, $actions) = @{ $workloads{$workload} or die "unknown workload $workload\n" };

$listen =~ s/^unix:/local:/;
unlink $1 if $listen =~ /^local:(.*)/;
my $milter = Sendmail::PMilter->new;
$milter->set_listen(4096);
$milter->setconn($listen) or die "cannot listen on $listen: $!\n";
$milter->register('bench', $callbacks, $actions);
$milter->set_dispatcher(Sendmail::PMilter::prefork_dispatcher(max_children => $given{'--children'} // 32));
$milter->main;
