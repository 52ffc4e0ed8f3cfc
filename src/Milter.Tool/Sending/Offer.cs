using System.Globalization;
using Milter.Protocol;

namespace Milter.Tool;

/// <summary>What the MTA offers: <c>VERSION[,ACTIONS[,STEPS]]</c>.</summary>
internal sealed record Offer(uint Version = MilterLimits.Version, MilterActions Actions = MilterActions.All, ProtocolSteps? Steps = null)
{
    public static Offer Parse(string text)
    {
        string[] parts = text.Split(',');
        uint[] numbers = new uint[3];
        bool isFine = parts.Length <= 3;
        for (int i = 0; isFine && i < parts.Length; i++)
        {
            isFine = TryNumber(parts[i], out numbers[i]);
        }

        if (!isFine || numbers[0] is < MilterLimits.MinVersion or > MilterLimits.Version)
        {
            throw new FormatException($"\"{text}\" is no offer: write VERSION[,ACTIONS[,STEPS]] with a version from 2 to 6, and flags as numbers: 6,0x1ff,0x1fffff.");
        }

        // Postfix offers all actions, whatever its milter_protocol.
        MilterActions actions = parts.Length > 1 ? (MilterActions)numbers[1] : MilterActions.All;
        return new Offer(numbers[0], actions, parts.Length > 2 ? (ProtocolSteps)numbers[2] : null);
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => $"{Version},0x{(uint)Actions:x}{(Steps is { } steps ? $",0x{(uint)steps:x}" : "")}";

    private static bool TryNumber(string text, out uint number) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
