namespace Milter.Message;

/// <summary>Two hexadecimal digits and their byte.</summary>
internal static class Hex
{
    public const string Digits = "0123456789ABCDEF";

    /// <summary>The byte of two digits that were checked before.</summary>
    public static byte Byte(byte high, byte low) => (byte)((Value(high) << 4) | Value(low));

    private static int Value(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
