namespace Milter.Auth;

/// <summary>Base64 of strangers.</summary>
internal static class Base64Text
{
    /// <summary>Decodes, white space left out.</summary>
    public static bool TryDecode(string? text, out byte[] bytes)
    {
        bytes = [];
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        string packed = TagList.Packed(text);
        byte[] room = new byte[packed.Length];
        if (!Convert.TryFromBase64String(packed, room, out int length))
        {
            return false;
        }

        bytes = room[..length];
        return length > 0;
    }
}
