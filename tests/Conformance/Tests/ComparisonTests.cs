using System.Runtime.InteropServices;
using Sluice.Conformance.Values;
using Sluice.Onnx;

namespace Sluice.Conformance.Tests;

public sealed class ComparisonTests
{
    [Theory]
    [InlineData(1.0f, 1.0009f, true)]
    [InlineData(1.0f, 1.0012f, false)]
    [InlineData(0.0f, 0.000009f, true)]
    [InlineData(0.0f, 0.000011f, false)]
    [InlineData(float.NaN, float.NaN, true)]
    [InlineData(float.NaN, 0.0f, false)]
    [InlineData(0.0f, float.NaN, false)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity, true)]
    [InlineData(float.PositiveInfinity, float.NegativeInfinity, false)]
    [InlineData(float.PositiveInfinity, float.MaxValue, false)]
    public void Floating_elements_may_differ_by_a_thousandth(float expected, float actual, bool same)
    {
        var difference = Comparison.Difference(Floats([2], 1, expected), Floats([2], 1, actual));

        if (same)
            difference.Should().BeNull();
        else
            difference.Should().StartWith("element 1 is ");
    }

    [Fact]
    public void Whole_numbers_bools_and_strings_are_exact()
    {
        var seven = Tensor.Numbers(ElementType.Int64, [1], [7, 0, 0, 0, 0, 0, 0, 0]);
        var eight = Tensor.Numbers(ElementType.Int64, [1], [8, 0, 0, 0, 0, 0, 0, 0]);
        Comparison.Difference(seven, eight).Should().Be("element 0 is 8 instead of 7");
        Comparison.Difference(Texts("a"), Texts("A")).Should().Be("element 0 is \"A\" instead of \"a\"");
        Comparison.Difference(Texts("a"), Texts("a")).Should().BeNull();
    }

    [Fact]
    public void Types_shapes_and_lengths_count()
    {
        Comparison.Difference(Floats([1], 1), Texts("a")).Should().Be("type String instead of Float");
        Comparison.Difference(Floats([2], 1, 2), Floats([1, 2], 1, 2)).Should().Be("shape [1, 2] instead of [2]");
        Comparison.Difference(Floats([2], 1, 2), Floats([2], 1)).Should().Be("1 elements instead of 2 of shape [2]");
        Comparison.Difference(Floats([0]), Floats([0])).Should().BeNull();
    }

    [Fact]
    public void Half_precision_is_compared_by_value()
    {
        var expected = Tensor.Numbers(ElementType.Float16, [2], [0x00, 0x3c, 0x00, 0x7e]);
        var lastBit = Tensor.Numbers(ElementType.Float16, [2], [0x01, 0x3c, 0x01, 0x7e]);
        var off = Tensor.Numbers(ElementType.Float16, [2], [0x02, 0x3c, 0x00, 0x7e]);
        var brain = Tensor.Numbers(ElementType.BFloat16, [1], [0x80, 0x3f]);

        Comparison.Difference(expected, lastBit).Should().BeNull();
        Comparison.Difference(expected, off).Should().StartWith("element 0 is 1.00");
        Elements.Floating(brain, 0).Should().Be(1);
    }

    [Fact]
    public void Sequences_are_compared_item_by_item()
    {
        var expected = new Sequence([Floats([1], 1), new Absent()]);

        Comparison.Difference(expected, new Sequence([Floats([1], 1), new Absent()])).Should().BeNull();
        Comparison.Difference(expected, new Sequence([Floats([1], 1)])).Should().Be("1 items instead of 2");
        Comparison.Difference(expected, new Sequence([Floats([1], 2), new Absent()])).Should().StartWith("item 0: element 0");
        Comparison.Difference(expected, new Sequence([Floats([1], 1), Floats([1], 1)])).Should().StartWith("item 1: ");
    }

    static Tensor Floats(long[] shape, params float[] elements) =>
        Tensor.Numbers(ElementType.Float, shape, MemoryMarshal.AsBytes(elements.AsSpan()).ToArray());

    static Tensor Texts(string text) => Tensor.Texts([1], [System.Text.Encoding.UTF8.GetBytes(text)]);
}
