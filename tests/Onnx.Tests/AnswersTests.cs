using System.Text;
using System.Text.Json;
using Sluice.Support.Models;

namespace Sluice.Onnx.Tests;

/// <summary>Another binding's answers to the same requests (tests/Models/*/answers.json).</summary>
public sealed class AnswersTests
{
    [Theory]
    [InlineData("iris/1")]
    [InlineData("iris/2")]
    [InlineData("forest/1")]
    [InlineData("credit/1")]
    [InlineData("text/1")]
    [InlineData("types/1")]
    public void Answers_are_those_of_another_binding(string model)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestModels.Folder(model), "answers.json")));
        using var session = OnnxSession.Load(TestModels.File(model), new SessionSettings());
        using var frame = session.NewFrame();
        foreach (var input in document.RootElement.GetProperty("inputs").EnumerateObject())
            Fill(frame.Inputs.Single(s => s.Info.Name == input.Name), input.Value);

        frame.Run();

        for (var i = 0; i < session.Outputs.Length; i++)
        {
            var expected = document.RootElement.GetProperty("outputs").GetProperty(session.Outputs[i].Name);
            if (expected.ValueKind == JsonValueKind.Array)
                CompareMaps(frame.Outputs[i], expected);
            else
                CompareTensor(frame.Outputs[i], expected);
        }
    }

    private static void Fill(InputSlot slot, JsonElement tensor)
    {
        slot.Start();
        foreach (var element in tensor.GetProperty("data").EnumerateArray())
            Values.Append(slot, element);
        slot.SetShape([.. tensor.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())]);
    }

    private static void CompareTensor(OnnxValue value, JsonElement expected)
    {
        value.Shape.ToArray().Should().Equal(expected.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()));
        var data = expected.GetProperty("data");
        value.Count.Should().Be(data.GetArrayLength());
        for (var i = 0; i < value.Count; i++)
        {
            if (value.ElementType == ElementType.String)
                Encoding.UTF8.GetString(value.StringAt(i)).Should().Be(data[i].GetString());
            else
                Values.Number(value, i).Should().BeApproximately(Number(data[i]), 1e-5);
        }
    }

    private static void CompareMaps(OnnxValue sequence, JsonElement expected)
    {
        sequence.Kind.Should().Be(ValueKind.Sequence);
        sequence.Count.Should().Be(expected.GetArrayLength());
        for (var i = 0; i < sequence.Count; i++)
        {
            using var map = sequence.Item(i);
            using var keys = map.Keys();
            using var values = map.Values();
            map.Kind.Should().Be(ValueKind.Map);
            keys.Count.Should().Be(expected[i].EnumerateObject().Count());
            for (var k = 0; k < keys.Count; k++)
            {
                var wanted = expected[i].GetProperty(Values.Number(keys, k).ToString("0")).GetDouble();
                Values.Number(values, k).Should().BeApproximately(wanted, 1e-5);
            }
        }
    }

    private static double Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => element.GetDouble(),
    };
}
