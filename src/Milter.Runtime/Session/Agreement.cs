using Milter.Message;
using Milter.Protocol;

namespace Milter.Session;

/// <summary>The negotiation of a connection: reads the offer, answers it, says what is missing.</summary>
internal static class Agreement
{
    /// <summary>What a peer speaks that does not speak the protocol, for the log.</summary>
    /// <param name="input">The first bytes.</param>
    public static string Looks(ReadOnlySpan<byte> input) => input switch
    {
        [0x16, 0x03, ..] => "; it looks like TLS: the milter protocol has none, let the MTA connect in the clear",
        [(byte)'E' or (byte)'H' or (byte)'e' or (byte)'h', _, (byte)'L' or (byte)'l', (byte)'O' or (byte)'o', ..] => "; it looks like SMTP: is this endpoint listed as a mail server?",
        [(byte)'G', (byte)'E', (byte)'T', ..] or [(byte)'P', (byte)'O', (byte)'S', (byte)'T', ..] or [(byte)'H', (byte)'E', (byte)'A', (byte)'D', ..] => "; it looks like HTTP: a health check should open a connection and close it",
        _ => "",
    };

    /// <summary>Answers an offer.</summary>
    /// <param name="settings">What the filter needs.</param>
    /// <param name="standing">Is told what is missing.</param>
    /// <param name="payload">The payload of OPTNEG.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <param name="facts">Gets the terms.</param>
    /// <param name="isUsed">Whether the MTA has used the connection before.</param>
    /// <param name="error">What is wrong with the payload, if that is why nothing was agreed.</param>
    /// <returns><see langword="false"/> when the connection is to be closed.</returns>
    public static bool TryReach(SessionSettings settings, Standing standing, ReadOnlySpan<byte> payload, FrameBuffer output, SessionFacts facts, bool isUsed, out string? error)
    {
        if (!OptNegPayload.TryRead(payload, out OptNegPayload offer, out error))
        {
            return false;
        }

        if (offer.Version < MilterLimits.MinVersion)
        {
            SessionLog.VersionTooOld(settings.Logger, facts.ConnectionId, offer.Version);
            settings.Observer.Garbage("version");
            return false;
        }

        standing.Refuse(default);
        SessionTerms terms = Negotiation.Agree(settings, offer);
        facts.Agree(terms);
        if (isUsed || terms.Missing != 0)
        {
            settings.Observer.Negotiated(terms.Missing);
        }

        if (terms.Missing != 0 && !TellMissing(settings, standing, terms.Missing, facts))
        {
            return false;
        }

        ReplyWriter.OptNeg(output, terms.Version, terms.Actions, terms.Steps, SymbolLists(settings, terms));
        SessionLog.Negotiated(settings.Logger, facts.ConnectionId, terms.Version, terms.Actions, terms.Steps);
        return true;
    }

    private static ReadOnlySpan<SymbolList> SymbolLists(SessionSettings settings, SessionTerms terms) => (terms.Actions & MilterActions.SetSymbolList) == 0
        ? default
        : settings.Descriptor.SymbolLists as SymbolList[] ?? [.. settings.Descriptor.SymbolLists];

    private static bool TellMissing(SessionSettings settings, Standing standing, MilterActions missing, SessionFacts facts)
    {
        string who = string.Join(", ", settings.Descriptor.Causes.Where(cause => (cause.Action & missing) != 0).Select(cause => $"{cause.Member} ({ProtocolNames.Of(cause.Action)})").Distinct());
        MissingCapability policy = settings.Options.OnMissingCapability;
        SessionLog.MissingCapability(settings.Logger, facts.ConnectionId, missing, who, policy);
        if (policy == MissingCapability.TempFail)
        {
            standing.Refuse(Verdict.TempFail());
        }

        return policy != MissingCapability.Close;
    }
}
