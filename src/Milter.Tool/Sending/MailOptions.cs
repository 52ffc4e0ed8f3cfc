using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Milter.Client;

namespace Milter.Tool;

/// <summary>The options that tell what message is sent how, for all commands that send one.</summary>
internal sealed class MailOptions
{
    private readonly Option<string?> _from = new("--from", "-f") { Description = "The envelope's sender; \"\" is the null sender. Otherwise that of the file: mbox line, Return-Path, From.", HelpName = "ADDRESS" };
    private readonly Option<string[]> _to = new("--to", "-t") { Description = "A recipient of the envelope; several are several options. Otherwise those of To and Cc.", HelpName = "ADDRESS" };
    private readonly Option<string?> _helo = new("--helo") { Description = "What the client says in HELO. Otherwise its name or address.", HelpName = "NAME" };
    private readonly Option<string> _client = new("--client") { Description = "The SMTP client: ADDRESS, NAME[ADDRESS], local (no SMTP: sendmail(1)), unknown.", HelpName = "CLIENT", DefaultValueFactory = _ => SmtpClientText.Default };
    private readonly Option<string?> _login = new("--login") { Description = "The client has logged in (AUTH) under this name.", HelpName = "USER" };
    private readonly Option<bool> _tls = new("--tls") { Description = "The session is encrypted." };
    private readonly Option<string[]> _macro = new("--macro", "-m") { Description = "A macro's value; NAME= hides it. It is sent where the filter or the MTA's defaults ask for it.", HelpName = "NAME=VALUE" };
    private readonly Option<Offer> _offer = new("--offer")
    {
        Description = "What the MTA offers in the negotiation; everything of version 6 otherwise.",
        HelpName = "VERSION[,ACTIONS[,STEPS]]",
        CustomParser = Parsed(Offer.Parse),
        DefaultValueFactory = _ => new Offer(),
    };

    private readonly Option<string> _mta = new("--mta") { Description = "In whose way the message is told: postfix or sendmail.", HelpName = "MTA", DefaultValueFactory = _ => "postfix" };
    private readonly Option<double?> _timeout = NumberOption.Seconds("--timeout", "How long to wait for each reply, in seconds. Otherwise as long as the MTA.");

    public MailOptions()
    {
        _mta.AcceptOnlyFromAmong("postfix", "sendmail");
        _client.Validators.Add(Checked(SmtpClientText.Parse));
        _macro.Validators.Add(Checked(Macro));
    }

    /// <summary>Turns what a parser throws into an error of the command line.</summary>
    public static Func<ArgumentResult, T?> Parsed<T>(Func<string, T> parse) => result =>
    {
        try
        {
            return parse(result.Tokens[0].Value);
        }
        catch (FormatException exception)
        {
            result.AddError(exception.Message);
            return default;
        }
    };

    /// <summary>Checks each value when the command line is read.</summary>
    public static Action<SymbolResult> Checked<T>(Func<string, T> parse) => result =>
    {
        foreach (Token token in result.Tokens)
        {
            try
            {
                parse(token.Value);
            }
            catch (FormatException exception)
            {
                result.AddError(exception.Message);
            }
        }
    };

    /// <summary>Makes the argument of commands that speak to a filter.</summary>
    public static Argument<string> EndPoint(string name = "ENDPOINT")
    {
        var argument = new Argument<string>(name) { Description = "Where the filter listens: inet:port@host, inet:host:port, unix:/path." };
        argument.Validators.Add(Checked(text => MilterEndPoint.Parse(text).ToConnectAddress()));
        return argument;
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _from, _to, _helo, _client, _login, _tls, _macro, _offer, _mta, _timeout })
        {
            command.Add(option);
        }
    }

    public MailSettings Read(ParseResult parsed)
    {
        MtaPersonality mta = parsed.GetValue(_mta) == "sendmail" ? MtaPersonality.Sendmail : MtaPersonality.Postfix;
        Offer offer = parsed.GetValue(_offer)!;
        TimeSpan? timeout = parsed.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        return new MailSettings(
            new MilterClientOptions
            {
                Personality = mta,
                Version = offer.Version,
                Actions = offer.Actions,
                Steps = offer.Steps,
                Timeouts = timeout is { } each ? new MilterTimeouts(each, each, each, Timeout.InfiniteTimeSpan) : null,
            },
            () => Session(parsed),
            parsed.GetValue(_from),
            parsed.GetValue(_to) ?? []);
    }

    private SmtpSession Session(ParseResult parsed)
    {
        SmtpSession session = SmtpClientText.Parse(parsed.GetValue(_client)!);
        session.HeloName = parsed.GetValue(_helo) ?? session.Client.HostName ?? (session.Client.Address is { } address ? $"[{address}]" : "unknown");
        session.ServerName = "mx.example.test";
        session.ServerAddress = IPAddress.Parse("192.0.2.25");
        session.Login = parsed.GetValue(_login) is { } user ? new SmtpLogin(user) : null;
        session.Tls = parsed.GetValue(_tls) ? new SmtpTls() : null;
        foreach (string macro in parsed.GetValue(_macro) ?? [])
        {
            (string name, string? value) = Macro(macro);
            session.Macros[name] = value;
        }

        return session;
    }

    private static (string Name, string? Value) Macro(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals <= 0 ? throw new FormatException($"\"{text}\" is no macro: write NAME=VALUE, as in auth_authen=joe.")
            : (text[..equals], equals + 1 == text.Length ? null : text[(equals + 1)..]);
    }
}

/// <summary>What the options say.</summary>
internal sealed record MailSettings(MilterClientOptions Client, Func<SmtpSession> NewSession, string? From, IReadOnlyList<string> To);
