using System;
using System.Net;
using Milter;

namespace Ordinary.Greylist;

public interface ITriplets
{
    DateTimeOffset? FirstSeen(string key);

    void Remember(string key, DateTimeOffset now);
}

[Milter]
public sealed partial class Filter(ITriplets triplets, TimeProvider time)
{
    private static readonly Verdict s_later = Verdict.TempFail(451, "4.7.1", "Greylisted, please try again in a few minutes");

    [PerMessage]
    private string? _sender;

    [OnMail]
    private void From(EnvelopeAddress sender) => _sender = sender.Address;

    [OnRcpt]
    private Verdict To(EnvelopeAddress recipient, [ClientAddress] IPAddress? client, Authentication? login)
    {
        if (login is not null || client is null || IPAddress.IsLoopback(client))
        {
            return Verdict.Continue;
        }

        string key = $"{client}/{_sender}/{recipient.Address}";
        DateTimeOffset now = time.GetUtcNow();
        if (triplets.FirstSeen(key) is not { } first)
        {
            triplets.Remember(key, now);
            return s_later;
        }

        return now - first < TimeSpan.FromMinutes(5) ? s_later : Verdict.Continue;
    }
}
