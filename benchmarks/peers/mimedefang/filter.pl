# MIMEDefang's filter for "attachments": parts by extension, also in zips (Archive::Zip) and forwarded messages, replaced by a warning.
# Written as the example that MIMEDefang brings along.
$AdminAddress = 'postmaster@localhost';
$AdminName = 'Postmaster';
$DaemonAddress = 'mimedefang@localhost';
$Stupidity{"flatten"} = 0;

my $bad = '\.(exe|scr|js|vbs|bat)$';
my $removed = 0;

sub filter_begin {
    $removed = 0;
}

sub filter_bad_filename {
    my ($entity) = @_;
    return 1 if re_match($entity, $bad);
    if (re_match($entity, '\.zip$') && $Features{"Archive::Zip"}) {
        my $body = $entity->bodyhandle();
        return 1 if defined($body) && defined($body->path()) && re_match_in_zip_directory($body->path(), $bad);
    }
    return 0;
}

sub filter {
    my ($entity, $fname, $ext, $type) = @_;
    return action_accept() unless filter_bad_filename($entity);
    $removed = 1;
    return action_replace_with_warning("The attachment $fname was removed by the mail system.\n");
}

sub filter_multipart {
    my ($entity, $fname, $ext, $type) = @_;
    return action_accept();
}

sub filter_end {
    action_add_header("X-Attachment-Policy", "removed") if $removed;
}

1;
