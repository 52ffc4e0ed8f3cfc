namespace Milter.Client;

/// <summary>The login of an SMTP session, for the macros <c>{auth_authen}</c>, <c>{auth_type}</c>, <c>{auth_author}</c>.</summary>
/// <param name="Identity">Who has logged in.</param>
/// <param name="Mechanism">The SASL mechanism.</param>
/// <param name="AuthorizedAs">The <c>AUTH=</c> of MAIL as it was sent, in xtext, if it had one.</param>
public sealed record SmtpLogin(string Identity, string Mechanism = "PLAIN", string? AuthorizedAs = null);
