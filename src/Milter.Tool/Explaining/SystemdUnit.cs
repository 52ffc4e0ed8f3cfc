namespace Milter.Tool;

/// <summary>Units for systemd: a service that can do little else than filter, and sockets that systemd opens for it.</summary>
internal static class SystemdUnit
{
    public static IEnumerable<string> Lines(IReadOnlyList<(CatalogEntry Milter, MilterEndPoint EndPoint)> milters, string name, Budgets budgets)
    {
        bool isOne = milters.Count == 1;
        int drain = (int)new MilterOptions().DrainTimeout.TotalSeconds;
        string[] sockets = [.. milters.Select(one => SocketName(one.Milter, name, isOne))];
        return
        [
            $"# /etc/systemd/system/{name}.service",
            "[Unit]",
            $"Description=Mail filter {string.Join(", ", milters.Select(one => one.Milter.ShortName))}",
            $"Requires={string.Join(' ', sockets)}",
            "After=network.target",
            "",
            "[Service]",
            "# RunMilterAsync says when it listens, reloads and stops, and feeds the watchdog.",
            "Type=notify",
            $"ExecStart=/opt/{name}/{name}",
            "ExecReload=/bin/kill -HUP $MAINPID",
            $"WorkingDirectory=/opt/{name}",
            "Environment=Milter__OnHangup=Reload",
            .. milters.Select(one => isOne ? "Environment=Milter__Listen=systemd" : $"Environment=Milter__Milters__{one.Milter.ShortName}__Listen=systemd:{one.Milter.ShortName}"),
            "DynamicUser=yes",
            "# Always: a filter that was drained ends with 0.",
            "Restart=always",
            "RestartSec=2",
            "# Settings are wrong, or the endpoint can't be opened: trying again mends neither.",
            "RestartPreventExitStatus=78",
            $"# Sessions have {drain} s to end (DrainTimeout), a message in them {(int)budgets.EndOfMessage.TotalSeconds} s.",
            $"TimeoutStopSec={drain + 10}",
            "WatchdogSec=60",
            "NoNewPrivileges=yes",
            "CapabilityBoundingSet=",
            "AmbientCapabilities=",
            "ProtectSystem=strict",
            "ProtectHome=yes",
            "ProtectProc=invisible",
            "ProcSubset=pid",
            "ProtectClock=yes",
            "ProtectHostname=yes",
            "ProtectControlGroups=yes",
            "ProtectKernelLogs=yes",
            "ProtectKernelModules=yes",
            "ProtectKernelTunables=yes",
            "PrivateTmp=yes",
            "PrivateDevices=yes",
            "PrivateMounts=yes",
            "# AllowedUsers and AllowedGroups see the users of the machine only without it.",
            "PrivateUsers=yes",
            "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
            "RestrictNamespaces=yes",
            "RestrictRealtime=yes",
            "RestrictSUIDSGID=yes",
            "RemoveIPC=yes",
            "LockPersonality=yes",
            "SystemCallArchitectures=native",
            "SystemCallFilter=@system-service",
            "SystemCallFilter=~@privileged @resources",
            "# Without these a program that is compiled at run time is ended with SIGSYS before it begins; one published with NativeAOT needs neither.",
            "SystemCallFilter=sched_setaffinity sched_setscheduler",
            "UMask=0077",
            "# Only for a program published with NativeAOT: a JIT compiler needs this memory.",
            "#MemoryDenyWriteExecute=yes",
            "",
            "[Install]",
            "WantedBy=multi-user.target",
            .. milters.SelectMany(one => Socket(one.Milter, one.EndPoint, name, isOne)),
        ];
    }

    private static string SocketName(CatalogEntry milter, string name, bool isOne) => isOne ? $"{name}.socket" : $"{name}-{milter.ShortName.ToLowerInvariant()}.socket";

    private static IEnumerable<string> Socket(CatalogEntry milter, MilterEndPoint endPoint, string name, bool isOne)
    {
        bool isUnix = endPoint.Kind == MilterEndPointKind.Unix;
        return
        [
            "",
            $"# /etc/systemd/system/{SocketName(milter, name, isOne)}",
            "[Unit]",
            $"Description=Socket of the mail filter {milter.ShortName}",
            "Before=postfix.service sendmail.service",
            "",
            "[Socket]",
            $"ListenStream={(isUnix ? endPoint.Path : endPoint.ToPostfix()["inet:".Length..].Replace("localhost", "127.0.0.1", StringComparison.Ordinal))}",
            .. isOne ? Array.Empty<string>() : [$"Service={name}.service", $"FileDescriptorName={milter.ShortName}"],
            .. isUnix ? ["SocketMode=0660", "# The group that the MTA's user is in.", "SocketGroup=postfix"] : Array.Empty<string>(),
            "",
            "[Install]",
            "WantedBy=sockets.target",
        ];
    }
}
