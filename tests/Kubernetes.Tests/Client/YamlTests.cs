using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Tests.Client;

public sealed class YamlTests
{
    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: -0.5e3", """{"a":-500}""")]
    [InlineData("a: '1'", """{"a":"1"}""")]
    [InlineData("a: !!str 1", """{"a":"1"}""")]
    [InlineData("a: yes", """{"a":true}""")]
    [InlineData("a: \"yes\"", """{"a":"yes"}""")]
    [InlineData("a: Off", """{"a":false}""")]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a:", """{"a":null}""")]
    [InlineData("a: ''", """{"a":""}""")]
    [InlineData("a: 1.2.3", """{"a":"1.2.3"}""")]
    [InlineData("a: 0644", """{"a":420}""")]
    [InlineData("a: 0o17", """{"a":15}""")]
    [InlineData("a: 089", """{"a":89}""")]
    [InlineData("a: 0x1F", """{"a":31}""")]
    [InlineData("a: 2026-01-01", """{"a":"2026-01-01"}""")]
    [InlineData("a: |\n  x\n  y\n", "{\"a\":\"x\\ny\\n\"}")]
    [InlineData("a: [1, {b: c}, []]", """{"a":[1,{"b":"c"},[]]}""")]
    [InlineData("1: x", """{"1":"x"}""")]
    [InlineData("a: &x {b: 1}\nc: *x", """{"a":{"b":1},"c":{"b":1}}""")]
    [InlineData("a: &x {b: 1, d: 2}\nc:\n  d: 3\n  <<: *x", """{"a":{"b":1,"d":2},"c":{"d":3,"b":1}}""")]
    [InlineData("{\"a\": [true, null]}", """{"a":[true,null]}""")]
    public void YAML_becomes_JSON(string yaml, string json) =>
        Yaml.Read(yaml).Should().ContainSingle().Which.ToJsonString().Should().Be(json);

    [Fact]
    public void Scalars_can_be_left_as_text() =>
        Yaml.Read("a: 1\nb: yes\nc:\n", plainText: true)[0].ToJsonString().Should().Be("""{"a":"1","b":"yes","c":null}""");

    [Fact]
    public void Documents_come_one_by_one_without_the_empty_ones() =>
        Yaml.Read("a: 1\n---\n# nothing\n---\nb: 2\n").Select(d => d.ToJsonString()).Should().Equal("""{"a":1}""", """{"b":2}""");

    [Theory]
    [InlineData("a: {", "line 2*")]
    [InlineData("a: 1\na: 2", "line 2, column 1: the key 'a' is there twice")]
    [InlineData("a: *x", "line 1*")]
    [InlineData("? [a]\n: b", "line 1*a key must be plain text")]
    public void A_mistake_is_told_with_its_place(string yaml, string message) =>
        FluentActions.Invoking(() => Yaml.Read(yaml)).Should().Throw<FormatException>().WithMessage(message);

    [Fact]
    public void Aliases_cannot_blow_up()
    {
        var levels = Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]");

        FluentActions.Invoking(() => Yaml.Read("a0: &a0 x\n" + string.Join('\n', levels)))
            .Should().Throw<FormatException>().WithMessage("*more than 200000 values");
    }
}
