using Milter;
using MimeKit;

[Milter]
internal sealed partial class ShortSubject
{
    [OnEom]
    public static void Shorten(MimeMessage message)
    {
        if (message.Subject is { Length: > 200 } subject)
        {
            message.Subject = subject[..200] + "…";
        }
    }
}
