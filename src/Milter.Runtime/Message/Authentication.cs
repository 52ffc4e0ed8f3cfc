namespace Milter;

/// <summary>What the MTA tells of SMTP AUTH.</summary>
public sealed class Authentication
{
}
