namespace Milter;

/// <summary>Who made the generator ask for something.</summary>
/// <param name="What">The flag, macro or collected thing, in the protocol's words: <c>SMFIP_NR_HDR</c>, <c>{auth_authen}</c>.</param>
/// <param name="Member">The method, and the parameter where there is one: <c>End(headers)</c>.</param>
public readonly record struct NegotiationCause(string What, string Member);
