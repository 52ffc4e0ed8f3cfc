using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Milter.Transport;

namespace Milter.Hosting;

/// <summary>Checks a milter's options when the host starts: each complaint has the configuration key, the value, and what is allowed.</summary>
internal sealed class ValidateMilterOptions(MilterRegistry registry, IConfiguration? configuration = null) : IValidateOptions<MilterOptions>
{
    // More would only wait for each other: each is a thread that can use a processor whole.
    private const int MostLoops = 256;

    private const int LeastKey = 16;

    public ValidateOptionsResult Validate(string? name, MilterOptions options)
    {
        if (name is null || !registry.Contains(name))
        {
            return ValidateOptionsResult.Skip;
        }

        List<string> complaints = Check(options, option => KeyOf(name, option));
        if (options.Listen is null && registry.Count > 1 && configuration?[$"{ConfigureMilterOptions.Section}:Listen"] is not null)
        {
            complaints.Add($"{ConfigureMilterOptions.Section}:Listen is for a host with one milter, and this one has {registry.Count}: give each its own.");
        }

        if (configuration is not null)
        {
            // What is for all milters is complained about once.
            if (registry.Names[0] == name)
            {
                MilterOptionKeys.CheckShared(complaints, configuration, registry.Names);
            }

            MilterOptionKeys.CheckOwn(complaints, configuration, name);
        }

        return complaints.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(complaints);
    }

    /// <summary>Checks options of any source.</summary>
    /// <param name="options">The options.</param>
    /// <param name="keyOf">What the user calls an option.</param>
    /// <returns>The complaints; none when all is well.</returns>
    public static List<string> Check(MilterOptions options, Func<string, string> keyOf)
    {
        var complaints = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Listen))
        {
            complaints.Add($"{keyOf(nameof(options.Listen))} is missing: where should the milter listen? Allowed are {MilterEndPoint.Spellings}.");
        }
        else if (!MilterEndPoint.TryParse(options.Listen, out _, out string? error))
        {
            complaints.Add($"{keyOf(nameof(options.Listen))}: {error}");
        }

        if (!TryReadMode(options.SocketMode, out _))
        {
            Complain(nameof(options.SocketMode), options.SocketMode, "three or four octal digits, such as 0660");
        }

        Range(nameof(options.IdleTimeout), options.IdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
        Range(nameof(options.CommandBudget), options.CommandBudget, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(240));
        Range(nameof(options.EndOfMessageBudget), options.EndOfMessageBudget, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(240));
        Range(nameof(options.ProgressInterval), options.ProgressInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(60));
        Range(nameof(options.ExpiryGrace), options.ExpiryGrace, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Range(nameof(options.DrainTimeout), options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
        Range(nameof(options.IdleDrainTimeout), options.IdleDrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
        Defined(nameof(options.OnHangup), options.OnHangup);
        AtLeastZero(nameof(options.MaxConnections), options.MaxConnections);
        AtLeastZero(nameof(options.BodyMemoryThreshold), options.BodyMemoryThreshold);
        AtLeastZero(nameof(options.MaxBodySize), options.MaxBodySize);
        Defined(nameof(options.OnException), options.OnException);
        Defined(nameof(options.OnExpiry), options.OnExpiry);
        Defined(nameof(options.OnMissingCapability), options.OnMissingCapability);
        Defined(nameof(options.Transport), options.Transport);
        Between(nameof(options.LoopThreads), options.LoopThreads, 0, MostLoops);
        Range(nameof(options.FirstPacketTimeout), options.FirstPacketTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Between(nameof(options.MaxBufferedOutput), options.MaxBufferedOutput, 4 * 1024, 16 * 1024 * 1024);
        AtLeastZero(nameof(options.MaxOpenConnections), options.MaxOpenConnections);
        AtLeastZero(nameof(options.MemoryBudget), options.MemoryBudget);
        AtLeastZero(nameof(options.SpoolBudget), options.SpoolBudget);
        AtLeastZero(nameof(options.MaxLateHandlers), options.MaxLateHandlers);
        AtLeastZero(nameof(options.MaxEnvelopeSize), options.MaxEnvelopeSize);
        AtLeastZero(nameof(options.MaxHeaderFields), options.MaxHeaderFields);
        AtLeastZero(nameof(options.MaxHeaderSize), options.MaxHeaderSize);
        AtLeastZero(nameof(options.MaxRecipients), options.MaxRecipients);
        if (options.SpoolFolder is { Length: > 0 } folder && !Directory.Exists(folder))
        {
            Complain(nameof(options.SpoolFolder), folder, "a folder that exists");
        }

        Defined(nameof(options.LogScopes), options.LogScopes);
        if (options.LogKey is { Length: < LeastKey })
        {
            // What it is, is nobody's business.
            complaints.Add($"{keyOf(nameof(options.LogKey))} has {options.LogKey.Length} characters; allowed are {LeastKey} and more: with a short one addresses can be guessed.");
        }

        Entries(nameof(options.AllowedNetworks), options.AllowedNetworks, IpNetworkSet.Check);
        Entries(nameof(options.AllowedUsers), options.AllowedUsers, static name => PeerRules.Check(name, isUser: true));
        Entries(nameof(options.AllowedGroups), options.AllowedGroups, static name => PeerRules.Check(name, isUser: false));
        return complaints;

        void Entries(string option, IEnumerable<string> entries, Func<string, string?> check)
        {
            int i = 0;
            foreach (string entry in entries)
            {
                if (check(entry) is { } problem)
                {
                    complaints.Add($"{keyOf(option)}:{i}: {problem}");
                }

                i++;
            }
        }

        void Complain(string option, string value, string allowed) => complaints.Add($"{keyOf(option)} is \"{value}\"; allowed is {allowed}.");

        void Range(string option, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                Complain(option, value.ToString("c", CultureInfo.InvariantCulture), $"from {least:c} to {most:c}");
            }
        }

        void Between(string option, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                Complain(option, value.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"from {least} to {most}"));
            }
        }

        void AtLeastZero(string option, long value)
        {
            if (value < 0)
            {
                Complain(option, value.ToString(CultureInfo.InvariantCulture), "0 or more");
            }
        }

        void Defined<T>(string option, T value)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(value))
            {
                Complain(option, value.ToString(), "one of " + string.Join(", ", Enum.GetNames<T>()));
            }
        }
    }

    /// <summary>Reads the mode of a file, such as <c>0660</c>.</summary>
    public static bool TryReadMode(string? text, out UnixFileMode mode)
    {
        bool isOctal = text is { Length: 3 or 4 } && text.All(static c => c is >= '0' and <= '7');
        mode = isOctal ? (UnixFileMode)Convert.ToInt32(text, 8) : 0;
        return isOctal;
    }

    // The milter's own key, unless the value stands in the section for all.
    private string KeyOf(string name, string option)
    {
        string own = $"{ConfigureMilterOptions.OwnSection(name)}:{option}";
        string shared = $"{ConfigureMilterOptions.Section}:{option}";
        bool isOwn = IsSet(own) || (!IsSet(shared) && registry.Count > 1)
            || (registry.Count > 1 && option == nameof(MilterOptions.Listen));
        return isOwn ? own : shared;

        bool IsSet(string key) => configuration?.GetSection(key).Exists() ?? false;
    }
}
