[assembly: MessageBinder<Login, LoginBinder>]

public sealed record Login(string? Name);

[{|MILTER100:Needs(Macros = ["{auth_autehn}"])|}]
public sealed class LoginBinder : IMessageBinder<LoginBinder, Login>
{
    public static ValueTask<Login> BindAsync(MessageBindingContext context) => new(new Login(context.Connection.GetMacro("{auth_authen}")));
}

[Milter]
public partial class Filter
{
    [OnEom] Verdict End(Login login) => login.Name is null ? Verdict.Reject() : Verdict.Accept;
}
