using FsCheck.Fluent;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session.Properties;

/// <summary>
/// Protects what has to hold in every conversation, whatever the MTA sends and whatever handlers do: no exception comes out, each command gets
/// the replies that it is owed and no other, and each message that began ends once.
/// </summary>
public sealed class SessionProperties
{
    [Fact]
    public void Each_command_is_answered_as_agreed_and_each_message_ends_once() =>
        Always.Holds(Script.Any, script => Play.RunAsync(script), 700, script => script.Smaller());

    [Fact]
    public void It_makes_no_difference_how_the_stream_is_cut() => Always.Holds(
        Script.Any.Zip(Gen.Choose(1, 60).NonEmptyListOf()),
        value => Play.RunAsync(value.Item1, [.. value.Item2]),
        700,
        value => value.Item1.Smaller().Select(script => (script, value.Item2)));
}
