using FsCheck;
using FsCheck.Fluent;
using Sluice.Runtime.Grpc.Framing;

namespace Sluice.Runtime.Tests.Grpc.Framing;

public sealed class GrpcMessageTextTests
{
    [Theory]
    [InlineData("plain text, with (punctuation)!", "plain text, with (punctuation)!")]
    [InlineData("100 %", "100 %25")]
    [InlineData("a\nb", "a%0Ab")]
    [InlineData("ä€", "%C3%A4%E2%82%AC")]
    [InlineData("", "")]
    public void Only_printable_ascii_goes_as_it_is(string message, string encoded) =>
        GrpcMessageText.Encode(message).Should().Be(encoded);

    [Fact]
    public void Any_text_decodes_to_itself_and_is_a_header_value() =>
        Prop.ForAll<NonNull<string>>(text =>
        {
            // A lone surrogate is no text; it becomes the replacement character.
            var wanted = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text.Get));
            var encoded = GrpcMessageText.Encode(text.Get);
            return encoded.All(c => c is >= ' ' and <= '~') && Uri.UnescapeDataString(encoded) == wanted;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_long_message_is_cut_between_characters()
    {
        var encoded = GrpcMessageText.Encode(new string('x', 2047) + string.Concat(Enumerable.Repeat("😀", 500)));
        Uri.UnescapeDataString(encoded).Should().Be(new string('x', 2047) + "…");
    }
}
