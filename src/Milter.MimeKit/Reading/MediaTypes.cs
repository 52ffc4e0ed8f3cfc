namespace Milter.Mime.Reading;

/// <summary>Media types that this reader treats in a way of their own.</summary>
internal static class MediaTypes
{
    // What MimeKit's parser goes into (RFC 2046, 5.2.1; RFC 6532), and what is one all the same.
    private static readonly HashSet<string> s_messages = new(StringComparer.Ordinal)
    {
        "message/rfc822", "message/news", "message/global", "message/rfc2822", "message/global-headers", "message/external-body", "text/rfc822-headers",
    };

    public static bool IsMessage(string type) => s_messages.Contains(type);

    public static bool IsTnef(string type) => type is "application/ms-tnef" or "application/vnd.ms-tnef";

    public static bool IsPkcs7(string type) => type is "application/pkcs7-mime" or "application/x-pkcs7-mime";
}
