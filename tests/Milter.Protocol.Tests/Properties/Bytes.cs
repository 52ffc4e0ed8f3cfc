using FsCheck;
using FsCheck.Fluent;

namespace Milter.Protocol.Tests.Properties;

/// <summary>Bytes and texts by chance, of those that mean something somewhere more than their share.</summary>
internal static class Bytes
{
    private static readonly byte[] s_spice = [0, .. "ODCHMRTLNBEUAQKcadrtyspehimbq+2-"u8, .. "UL46 %\r\n\t:<>{}450.="u8, 0x7F, 0x80, 0xC3, 0xED, 0xF0, 0xFF];

    private static Gen<byte> Any { get; } = Gen.OneOf(Gen.Elements(s_spice), Gen.Choose(0, 255).Select(value => (byte)value));

    /// <summary>Any bytes: mostly few, sometimes more than what fits the stack, seldom more than a frame takes.</summary>
    public static Gen<byte[]> Anything { get; } = Gen.Frequency(
        (12, Any.ArrayOf()),
        (4, Any.ArrayOf(300)),
        (1, Gen.Choose(60_000, 70_000).Select(length => Filled(length))));

    /// <summary>What a text of the wire may be: anything but a NUL.</summary>
    public static Gen<byte[]> Text { get; } = Any.Where(value => value != 0).ArrayOf();

    public static Gen<byte[]> NotEmptyText { get; } = Text.Where(text => text.Length > 0);

    /// <summary>One word of several with spaces between them.</summary>
    public static Gen<byte[]> Word { get; } = NotEmptyText.Where(text => !text.Contains((byte)' '));

    public static Gen<uint> Number { get; } = Gen.OneOf(
        Gen.Choose(0, 9).Select(value => (uint)value),
        Gen.Two(Gen.Choose(0, 0xFFFF)).Select(halves => ((uint)halves.Item1 << 16) | (uint)halves.Item2));

    /// <summary>An index as MTAs read it, signed.</summary>
    public static Gen<uint> Index { get; } = Number.Select(value => value & int.MaxValue);

    private static byte[] Filled(int length)
    {
        byte[] bytes = new byte[length];
        Array.Fill(bytes, (byte)'x');
        return bytes;
    }
}
