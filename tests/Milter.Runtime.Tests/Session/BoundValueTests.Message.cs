using System.Text;
using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session;

/// <content>The message as it came, which binders read.</content>
public sealed partial class BoundValueTests
{
    [Theory]
    [InlineData(true, "Subject: hi\r\nTo:\tbob\r\nCc:x\r\nX-Fold: a\r\n b\r\nX-Two:  two\r\n\r\nbody\r\n")]
    [InlineData(false, "Subject: hi\r\nTo:\tbob\r\nCc: x\r\nX-Fold: a\r\n b\r\nX-Two:  two\r\n\r\nbody\r\n")]
    public void The_message_is_read_as_it_came(bool offersSpace, string expected)
    {
        string? read = null, again = null;
        long length = 0;
        bool hasSpace = !offersSpace;
        List<string> shown = [];
        SessionDriver mta = Play(
            MilterStages.Header | MilterStages.Eom,
            async step =>
            {
                if (step.Stage == MilterStages.Header)
                {
                    shown.Add(step.Text);
                    return default;
                }

                MessageBindingContext context = (await step.Bind<TreeBinder, Tree>()).Context;
                hasSpace = context.HasHeaderSpace;
                using Stream whole = context.OpenMessage();
                length = whole.Length;
                using var reader = new StreamReader(whole, Encoding.Latin1);
                read = await reader.ReadToEndAsync();
                whole.Position = 0;
                byte[] bytes = new byte[7];
                whole.Seek(-10, SeekOrigin.End);
                whole.ReadExactly(bytes);
                again = Encoding.Latin1.GetString(bytes);
                shown.AddRange(Enumerable.Range(0, context.Headers.Count).Select(i => context.Headers[i].ValueText));
                return default;
            },
            collects: CollectedData.Headers | CollectedData.Body,
            offersSpace);
        mta.Mail();
        string space = offersSpace ? " " : "";
        mta.Header("Subject", space + "hi");
        mta.Header("To", "\tbob");
        mta.Header("Cc", "x");
        mta.Header("X-Fold", space + "a\n b");
        mta.Header("X-Two", space + " two");
        mta.Eoh();
        mta.Body();
        mta.Eom();

        Assert.Equal(expected, read);
        Assert.Equal(expected.Length, length);
        Assert.Equal(expected[^10..^3], again);
        Assert.Equal(offersSpace, hasSpace);
        string[] values = ["hi", "\tbob", "x", "a\n b", " two"];
        Assert.Equal([.. values, .. values], shown);
    }

    [Fact]
    public void A_message_that_nobody_has_asked_to_keep_can_not_be_read()
    {
        InvalidOperationException? told = null;
        SessionDriver mta = Play(MilterStages.Eom, async step =>
        {
            MessageBindingContext context = (await step.Bind<TreeBinder, Tree>()).Context;
            told = Assert.Throws<InvalidOperationException>(context.OpenMessage);
            return default;
        });

        mta.Message();

        Assert.Contains("[Needs(Headers = true, Body = true)]", told!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_space_is_hidden_editors_and_raw_actions_write_as_if_the_MTA_did()
    {
        SessionDriver mta = Play(
            MilterStages.Eom,
            step =>
            {
                step.HeaderEditor.Append("X-One", "1");
                step.HeaderEditor.Append("X-Two", " 2");
                step.HeaderEditor.Change("Subject", 1, "");
                step.MessageActions.ChangeHeader("X-Raw", 1, "3");
                step.MessageActions.ChangeHeader("X-Gone", 1, "");
                return default;
            },
            collects: CollectedData.HeaderNames);
        mta.Mail();
        mta.Header("Subject", " hi");
        mta.Eoh();

        Assert.Equal(["m:\0\0\0\u0001Subject\0 \0", "i:;\u009a\u00ca\0X-One\0 1\0", "i:;\u009a\u00ca\0X-Two\0  2\0", "m:\0\0\0\u0001X-Raw\0 3\0", "m:\0\0\0\u0001X-Gone\0\0", "c:"], Frames(mta));
    }
}
