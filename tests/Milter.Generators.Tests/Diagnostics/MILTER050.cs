using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER050
{
    private const string Binders = """
        public readonly record struct Length(long Bytes);
        public sealed record Digest;
        public sealed class LengthBinder : IMessageBinder<LengthBinder, Length>
        {
            public static ValueTask<Length> BindAsync(MessageBindingContext context) => default;
        }
        public sealed class NullableBinder : IMessageBinder<NullableBinder, Length?>
        {
            public static ValueTask<Length?> BindAsync(MessageBindingContext context) => default;
        }
        public sealed class BytesBinder : IMessageBinder<BytesBinder, ReadOnlyMemory<byte>>
        {
            public static ValueTask<ReadOnlyMemory<byte>> BindAsync(MessageBindingContext context) => default;
        }
        public sealed class WordsBinder : IMessageBinder<WordsBinder, ReadOnlyMemory<char>>
        {
            public static ValueTask<ReadOnlyMemory<char>> BindAsync(MessageBindingContext context) => default;
        }
        public sealed class DigestBinder : IMessageBinder<DigestBinder, Digest>
        {
            public static ValueTask<Digest> BindAsync(MessageBindingContext context) => default;
        }
        public sealed class OtherBinder : IMessageBinder<OtherBinder, Digest>
        {
            public static ValueTask<Digest> BindAsync(MessageBindingContext context) => default;
        }
        public sealed class BodyBinder : IMessageBinder<BodyBinder, MessageBody>
        {
            public static ValueTask<MessageBody> BindAsync(MessageBindingContext context) => default;
        }
        public sealed class TextBinder : IMessageBinder<TextBinder, string>
        {
            public static ValueTask<string> BindAsync(MessageBindingContext context) => default;
        }
        """;

    [Fact]
    public async Task Flags_what_no_parameter_asks_for() => await Rule.CheckAsync("""
        [assembly: [|MessageBinder<ReadOnlyMemory<byte>, BytesBinder>|]]
        [assembly: [|MessageBinder<MessageBody, BodyBinder>|]]
        [assembly: [|MessageBinder<string, TextBinder>|]]
        """, Binders);

    [Fact]
    public async Task Flags_the_second_of_a_type() => await Rule.CheckAsync("""
        [assembly: MessageBinder<Digest, DigestBinder>]
        [assembly: [|MessageBinder<Digest, OtherBinder>|]]
        """, Binders);

    [Fact]
    public async Task Is_quiet_about_one_that_nobody_takes_yet() => await Rule.CheckAsync("""
        [assembly: MessageBinder<Length?, NullableBinder>]
        [assembly: MessageBinder<ReadOnlyMemory<char>, WordsBinder>]
        [assembly: MessageBinder<Length, LengthBinder>]
        [assembly: MessageBinder<Digest, DigestBinder>]
        """, Binders);
}
