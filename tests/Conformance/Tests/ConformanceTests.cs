using Sluice.Conformance.Wire;
using Sluice.Conformance.World;
using Sluice.Support.Measuring;

namespace Sluice.Conformance.Tests;

/// <summary>
/// Every model of ONNX's own test corpus that ONNX Runtime loads, sent to the published program over each transport.
/// What came of each model stands in artifacts/test/conformance-TRANSPORT.txt.
/// </summary>
public sealed class ConformanceTests(ServedCorpus corpus) : IClassFixture<ServedCorpus>
{
    /// <summary>In ONNX Runtime 1.30, on a machine without the locale en_US.UTF-8; eight more with it.</summary>
    const int LoadedTensorOnly = 986;

    /// <summary>The models that take or give sequences or optionals.</summary>
    const int LoadedOthers = 24;

    /// <summary>The ones whose recorded values ONNX Runtime reproduces: all but those of <see cref="Corpus.Deviations"/>.</summary>
    const int Agreeing = 960 + LoadedOthers;

    [Fact]
    public Task REST_with_JSON_gives_the_recorded_answers() => Survey(new RestTransport(corpus.Client, corpus.Http, binary: false));

    [Fact]
    public Task REST_with_binary_tensors_gives_the_recorded_answers() => Survey(new RestTransport(corpus.Client, corpus.Http, binary: true));

    [Fact]
    public Task GRPC_with_typed_contents_gives_the_recorded_answers() => Survey(new GrpcTransport(corpus.Client, corpus.Grpc, raw: false));

    [Fact]
    public Task GRPC_with_raw_contents_gives_the_recorded_answers() => Survey(new GrpcTransport(corpus.Client, corpus.Grpc, raw: true));

    [Fact]
    public void The_corpus_is_the_one_whose_size_is_known()
    {
        var (loaded, refused) = (corpus.Preparation.Loaded, corpus.Preparation.Refused);
        foreach (var (reason, count, example) in corpus.Preparation.Reasons())
            Measured.Report("cannot load", $"{count} × {reason} (as {example})");

        (loaded.Length + refused.Length).Should().Be(1072);
        loaded.Count(c => c.IsTensorOnly).Should().BeGreaterThanOrEqualTo(LoadedTensorOnly);
        loaded.Count(c => !c.IsTensorOnly).Should().Be(LoadedOthers);
    }

    async Task Survey(Transport transport)
    {
        var survey = await World.Survey.RunAsync(transport, corpus.Preparation.Loaded);
        survey.Save();
        Measured.Report($"{survey.Transport}, {corpus.Preparation.Loaded.Length} models", survey.ToString());

        survey.Failed.Should().BeEmpty();
        (survey.Count(Result.Passed) + survey.Count(Result.RefusedByRule)).Should().BeGreaterThanOrEqualTo(Agreeing);
    }
}
