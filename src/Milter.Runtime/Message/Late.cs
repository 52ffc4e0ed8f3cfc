using System.Diagnostics.CodeAnalysis;

namespace Milter.Message;

/// <summary>The one complaint of pooled objects that are used after their time.</summary>
internal static class Late
{
    public static void ThrowUnless([DoesNotReturnIf(false)] bool live, string what, string end)
    {
        if (!live)
        {
            Throw(what, end);
        }
    }

    [DoesNotReturn]
    public static void Throw(string what, string end) =>
        throw new InvalidOperationException($"This {what} is used after its time: it is valid until {end}, and is then used again for something else. Copy what is needed later.");
}
