namespace Milter.Session;

/// <summary>A moment of waiting for somebody who lets go soon. Tests that decide who goes on next decide here as well.</summary>
internal static class Pause
{
    [ThreadStatic]
    private static Action? t_instead;

    /// <summary>Has something else done than spinning, on the thread that calls.</summary>
    public static void Use(Action? instead) => t_instead = instead;

    public static void Once(ref SpinWait spin)
    {
        if (t_instead is { } instead)
        {
            instead();
            return;
        }

        spin.SpinOnce();
    }
}
