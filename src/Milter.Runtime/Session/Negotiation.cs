using Milter.Message;
using Milter.Protocol;

namespace Milter.Session;

/// <summary>Works out what filter and MTA agree on. A pure function of need and offer.</summary>
internal static class Negotiation
{
    private const MilterActions VersionOneActions = (MilterActions)0x0F;
    private const ProtocolSteps VersionOneSteps = (ProtocolSteps)0x3F;

    private static readonly (ProtocolSteps Skip, ProtocolSteps Waive)[] s_fallbacks =
    [
        (ProtocolSteps.NoConnect, ProtocolSteps.NoReplyConnect),
        (ProtocolSteps.NoHelo, ProtocolSteps.NoReplyHelo),
        (ProtocolSteps.NoMail, ProtocolSteps.NoReplyMail),
        (ProtocolSteps.NoRcpt, ProtocolSteps.NoReplyRcpt),
        (ProtocolSteps.NoData, ProtocolSteps.NoReplyData),
        (ProtocolSteps.NoHeaders, ProtocolSteps.NoReplyHeader),
        (ProtocolSteps.NoEndOfHeaders, ProtocolSteps.NoReplyEndOfHeaders),
        (ProtocolSteps.NoBody, ProtocolSteps.NoReplyBody),
        (ProtocolSteps.NoUnknown, ProtocolSteps.NoReplyUnknown),
    ];

    /// <summary>Cuts what the filter needs to what the MTA offers.</summary>
    /// <param name="settings">The filter's needs.</param>
    /// <param name="offer">The MTA's offer, of version 2 or later.</param>
    /// <returns>The terms.</returns>
    public static SessionTerms Agree(SessionSettings settings, in OptNegPayload offer)
    {
        MilterDescriptor need = settings.Descriptor;

        // An ancient MTA offers 0 and means what version 1 had (libmilter: mi_negotiate).
        MilterActions offeredActions = offer.Actions == 0 ? VersionOneActions : offer.Actions;
        ProtocolSteps offeredSteps = offer.Steps == 0 ? VersionOneSteps : offer.Steps;

        MilterActions actions = (need.RequiredActions | need.WantedActions) & offeredActions & MilterActions.All;
        MilterActions missing = need.RequiredActions & ~offeredActions;

        ProtocolSteps wanted = need.Waived | need.Wanted;
        foreach ((ProtocolSteps skip, ProtocolSteps waive) in s_fallbacks)
        {
            // A step that nobody needs and that the MTA insists on sending need at least not be waited for.
            if ((wanted & skip) != 0 && (offeredSteps & skip) == 0)
            {
                wanted |= waive;
            }
        }

        if (settings.Options.AllowLargeData)
        {
            wanted |= (offeredSteps & ProtocolSteps.MaxData1M) != 0 ? ProtocolSteps.MaxData1M : ProtocolSteps.MaxData256K;
        }

        ProtocolSteps steps = wanted & offeredSteps;
        if (settings.Refuse || (missing != 0 && settings.Options.OnMissingCapability == MissingCapability.TempFail))
        {
            // MAIL is where the MTA can be told.
            steps &= ~(ProtocolSteps.NoMail | ProtocolSteps.NoReplyMail);
        }

        return new SessionTerms(Math.Min(MilterLimits.Version, offer.Version), actions, steps, missing)
        {
            HidesHeaderSpace = need.HidesHeaderSpace && (steps & ProtocolSteps.HeaderLeadingSpace) != 0,
        };
    }
}
