using System.Globalization;
using Milter.Conformance.Tests.Wire;
using Milter.Protocol;

namespace Milter.Conformance.Tests.Plans;

/// <summary>What clients say of themselves, and offers of MTAs.</summary>
internal static class Samples
{
    private static readonly string[] s_hosts =
        ["mx.example.test", "[192.0.2.7]", "[IPv6:2001:db8::1]", "unknown", "", "\xff host", Bytes.Utf8("b\u00fccher.example.test"), "connect.probe.test", "reject.connect.probe.test.", "accept.CONNECT.probe.test"];

    private static readonly string[] s_helos =
        ["client.example.test", "[192.0.2.1]", "[IPv6:2001:db8::25]", "", "-", "two words", "\xff\xc3(", Bytes.Utf8("m\u00fcller.test"), "helo.probe.test", "accept.HELO.probe.test"];

    // D19: IPv6 forms in which the C library and .NET agree; none of them ends in an IPv4 address by a convention of its own.
    private static readonly string[] s_ipv6 =
    [
        "2001:db8::1", "IPv6:2001:db8:0:0:0:0:0:1", "ipv6:2001:DB8::25", "::1", "IPv6:0:0:0:0:0:0:0:1", "::", "::ffff:192.0.2.1", "fe80::1:2:3:4", "2001:db8:0:1:1:1:1:1",
        "2001:db8:0:0:1:0:0:1", "2001:0db8:0000:0000:0001:0000:0000:0001", "1:2:3:4:5:6:7:8", "1::8", "2001:db8:0:0:0:1:0:0", "2001:db8:1:0:0:0:0:0",
    ];

    public static string Connect(Dice dice)
    {
        string host = dice.Chance(9) ? Words.Verdict(dice) + ".connect.probe.test" : dice.One(s_hosts);
        int port = dice.One(0, 25, 65535, dice.Number(1024, 65535));
        return dice.Number(1, 10) switch
        {
            1 => Bytes.Z(host) + (char)ClientFamily.Unknown,
            2 => Connect(host, ClientFamily.Unix, dice.One(0, port), dice.One("/run/client", "/var/spool/with blank", "x")),
            <= 5 => Connect(host, ClientFamily.IPv6, port, dice.One(s_ipv6)),
            _ => Connect(host, ClientFamily.IPv4, port, dice.One("127.0.0.1", "255.255.255.255", "0.0.0.0", $"192.0.2.{Number(dice.Number(0, 255))}")),
        };
    }

    /// <summary>What Postfix makes up for mail that did not come by SMTP.</summary>
    public static string LocalConnect(Dice dice) =>
        dice.Chance(70) ? Connect("localhost", ClientFamily.IPv4, 0, "127.0.0.1") : Connect("localhost", ClientFamily.IPv6, 0, "::1");

    public static string Helo(Dice dice) => Bytes.Z(dice.Chance(9) ? Words.Verdict(dice) + ".helo.probe.test" : dice.One(s_helos));

    public static string Unknown(Dice dice) => Bytes.Z(dice.Number(1, 10) switch
    {
        <= 5 => "PROBE " + Words.Verdict(dice).Replace('_', dice.One('_', ' ')),
        6 => "PROBE",
        7 => dice.One("probe reject", "PROBEreject", " PROBE reject", "PROBE  reject", "PROBE reject ", "PROBE\treject"),
        8 => dice.One("", "\xff\xfe", Bytes.Utf8("\u00dcBER")),
        _ => dice.One("FOO", "FOO bar baz", "XCLIENT NAME=x"),
    });

    public static Offer Offer(Dice dice) => dice.Number(1, 20) switch
    {
        <= 8 => Plans.Offer.Everything,
        9 => new(2, MilterActions.All, (ProtocolSteps)dice.One(0x7Fu, 0xFFu)),
        10 => new(3, MilterActions.All, (ProtocolSteps)0x17F),
        11 => new(4, MilterActions.All, (ProtocolSteps)0x37F),
        12 => new(dice.One<uint>(2, 3, 4), (MilterActions)0x3F, (ProtocolSteps)0x3FF),
        13 => new(2, 0, 0),
        14 => new(dice.One<uint>(7, 100), MilterActions.All, (ProtocolSteps)0x1FFFFF),
        15 or 16 => new(6, (MilterActions)(0x1FF & ~dice.One<uint>(1, 2, 4, 8, 16, 32, 64, 128, 256)), (ProtocolSteps)0x1FFFFF),
        17 => new(6, MilterActions.All, (ProtocolSteps)dice.Bits(0x1FFFFF, 85)),
        _ => new(dice.One<uint>(2, 3, 4, 5, 6), (MilterActions)dice.Bits(0x1FF, 60), (ProtocolSteps)dice.Bits(0x1FFFFF, 60)),
    };

    private static string Connect(string host, ClientFamily family, int port, string address) =>
        Bytes.Z(host) + (char)family + (char)(port >> 8) + (char)(port & 0xFF) + Bytes.Z(address);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
