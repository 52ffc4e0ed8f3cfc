namespace Milter.Auth;

/// <summary>The words of results.</summary>
internal static class AuthResultText
{
    public static string Word(this AuthResult result) => result switch
    {
        AuthResult.None => "none",
        AuthResult.Neutral => "neutral",
        AuthResult.Pass => "pass",
        AuthResult.Fail => "fail",
        AuthResult.SoftFail => "softfail",
        AuthResult.Policy => "policy",
        AuthResult.TempError => "temperror",
        _ => "permerror",
    };
}
