using System.Text.Json;
using Sluice.Contract;

namespace Sluice.Runtime.Tests.Routing;

public sealed class SplitCheckTests
{
    [Theory]
    [InlineData("""{"generation":0,"shares":[{"revision":"a","percent":100}]}""", "generation is 0*")]
    [InlineData("""{"generation":1,"shares":[]}""", "shares is empty*")]
    [InlineData("""{"generation":1,"shares":null}""", "shares is empty*")]
    [InlineData("""{"generation":1,"shares":[null]}""", "shares?0? is null*")]
    [InlineData("""{"generation":1,"shares":[{"revision":"","percent":100}]}""", "shares?0?.revision*")]
    [InlineData("""{"generation":1,"shares":[{"revision":"a","percent":101}]}""", "shares?0?.percent is 101*")]
    [InlineData("""{"generation":1,"shares":[{"revision":"a","percent":99}]}""", "*sum to 99*")]
    [InlineData("""{"generation":1,"shares":[{"revision":"a","percent":100,"timeoutMilliseconds":0}]}""", "*timeoutMilliseconds is 0*")]
    [InlineData("""{"generation":1,"shares":[{"revision":"a","percent":100},{"revision":"a","percent":0}]}""", "*a 2 times*")]
    [InlineData("""{"generation":1,"shares":[{"revision":"a","percent":90},{"revision":"b","percent":10}]}""", "shares?1?.http is missing*")]
    [InlineData("""{"generation":1,"shares":[{"revision":"a","percent":90},{"revision":"b","percent":10,"http":"h:1"}]}""", "shares?1?.grpc is missing*")]
    [InlineData("""{"generation":1,"shares":[{"revision":"a","percent":100,"http":"host"}]}""", "*\"host\", not HOST:PORT*")]
    [InlineData("""{"generation":1,"shares":[{"revision":"a","percent":100}],"shadow":{"revision":"a","percent":1,"http":"h:1","grpc":"h:2"}}""", "*shadow itself*")]
    [InlineData("""{"generation":1,"shares":[{"revision":"a","percent":100}],"shadow":{"revision":"b","percent":1,"http":"h:0","grpc":"h:2"}}""", "shadow.http is \"h:0\"*")]
    [InlineData("""{"generation":1,"shares":[{"revision":"a","percent":100}],"assignment":{"header":"a b","salt":""}}""", "assignment.header*")]
    public void A_document_that_cannot_be_applied_is_told_why(string json, string problem) =>
        SplitCheck.Problem(Read(json)).Should().Match(problem);

    [Theory]
    [InlineData("""{"generation":7,"shares":[{"revision":"a","percent":100}]}""")]
    [InlineData("""{"generation":7,"shares":[{"revision":"a","percent":0},{"revision":"b","percent":100,"http":"b.ns:80","grpc":"[::1]:9000","timeoutMilliseconds":20}]}""")]
    [InlineData("""{"generation":7,"shares":[{"revision":"a","percent":100},{"revision":"b","percent":0}],"shadow":{"revision":"c","percent":100,"http":"c:80","grpc":"c:9000"},"assignment":{"header":"x-user","salt":"s"},"later":1}""")]
    public void A_document_that_can_be_applied_has_no_problem(string json) =>
        SplitCheck.Problem(Read(json)).Should().BeNull();

    [Fact]
    public void What_is_absent_is_not_written() =>
        JsonSerializer.Serialize(Splits.Of(3, Splits.Stable(100)), ContractJson.Default.SplitDocument).Should()
            .Be("""{"generation":3,"shares":[{"revision":"r1","percent":100}]}""");

    private static SplitDocument Read(string json) =>
        JsonSerializer.Deserialize(json, ContractJson.Default.SplitDocument)!;
}
