using Milter.Protocol;

namespace Milter.Client.Tests;

/// <summary>Protects what modifications of the envelope come to, as the real MTAs have delivered them.</summary>
public class EnvelopeRuleTests
{
    [Theory]
    [InlineData("Postfix", "<b@x.test> <c@x.test> <b@x.test>")]
    [InlineData("Sendmail", "<b@x.test> <c@x.test>")]
    public void A_recipient_that_is_there_is_added_once_more_by_Postfix(string mta, string recipients) =>
        Assert.Equal(recipients, Recipients(mta, ["b@x.test", "c@x.test"], Add("b@x.test"), Add("b@x.test")));

    [Theory]
    [InlineData("Postfix", "<b@x.test> <c@x.test>")]
    [InlineData("Sendmail", "<b@x.test> <B@x.test> <b@X.test> <c@x.test>")]
    public void Recipients_that_differ_in_case_are_one_to_Postfix_and_several_to_Sendmail(string mta, string recipients) =>
        Assert.Equal(recipients, Recipients(mta, ["b@x.test", "B@x.test", "b@X.test", "b@x.test", "c@x.test"]));

    [Theory]
    [InlineData("Postfix")]
    [InlineData("Sendmail")]
    public void A_recipient_is_deleted_as_it_was_spelled(string mta) =>
        Assert.Equal("<c@x.test>", Recipients(mta, ["b@x.test", "c@x.test"], Delete("c@X.test"), Delete("b@x.test")));

    [Theory]
    [InlineData("Postfix", "<n@x.test> ENVID=e RET=HDRS")]
    [InlineData("Sendmail", "<n@x.test> RET=HDRS")]
    public void Arguments_that_a_new_sender_does_not_name_stay_with_Postfix(string mta, string sender) =>
        Assert.Equal(sender, Apply(mta, ["b@x.test"], From("n@x.test", "RET=HDRS")).Sender.ToString());

    [Theory]
    [InlineData("Postfix")]
    [InlineData("Sendmail")]
    public void A_new_sender_without_arguments_keeps_those_of_the_client(string mta) =>
        Assert.Equal("<n@x.test> RET=FULL ENVID=e", Apply(mta, ["b@x.test"], From("n@x.test")).Sender.ToString());

    private static RecipientAdded Add(string address) => new RecipientAdded(address);

    private static RecipientRemoved Delete(string address) => new RecipientRemoved(address);

    private static SenderChanged From(string address, params string[] arguments) => new SenderChanged(new MailPath(address, arguments));

    private static string Recipients(string mta, string[] recipients, params MilterModification[] modifications) =>
        string.Join(' ', Apply(mta, recipients, modifications).Recipients);

    private static MailTransaction Apply(string mta, string[] recipients, params MilterModification[] modifications)
    {
        MailTransaction message = Mail.Message("\n", recipients);
        message.Sender = new MailPath("a@x.test", "RET=FULL", "ENVID=e");
        return message.Apply(modifications, ConversationTests.Named(mta));
    }
}
