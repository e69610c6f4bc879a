using System.Text;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Profiling;

/// <summary>One row to send.</summary>
/// <param name="Line">In the file, counted from 1.</param>
/// <param name="Text">As it stands there.</param>
/// <param name="Instance">As V1 takes it, in JSON; empty when it cannot be sent.</param>
/// <param name="Problem">Why not; null when it can.</param>
internal readonly record struct DataRow(long Line, string Text, string Instance, string? Problem = null)
{
    /// <summary>Fields of the columns that are to be kept.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];
}

/// <summary>Rows of a file: .csv with a header, or .jsonl with a V1 instance a line.</summary>
/// <param name="path">Where it lies.</param>
/// <param name="ignored">Columns that are no features.</param>
/// <param name="kept">Columns that are told with each row.</param>
internal sealed class DataFile(string path, IReadOnlyCollection<string> ignored, IReadOnlyList<string>? kept = null)
{
    private Func<double>? share;

    public string Path => path;

    /// <summary>Columns that are told with each row.</summary>
    public IReadOnlyList<string> Kept => kept ?? [];

    /// <summary>How much of the file was read, from 0 to 1.</summary>
    public double ReadShare => share?.Invoke() ?? 0;

    /// <summary>Columns that no input takes, once the rows are being read.</summary>
    public IReadOnlyList<string> Unused { get; private set; } = [];

    /// <exception cref="FailureException">The file is not there, or does not fit the model.</exception>
    public IEnumerable<DataRow> Rows(Signature signature) => System.IO.Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" => Csv(signature),
        ".jsonl" or ".ndjson" when ignored.Count + Kept.Count == 0 => Lines(),
        ".jsonl" or ".ndjson" => throw Wrong($"{(ignored.Count > 0 ? "--ignore" : "--keep")} is for columns, which .jsonl does not have"),
        _ => throw Wrong("its name must end in .csv or .jsonl"),
    };

    public FailureException Wrong(string what) => new(TerminationReasons.InvalidOptions, $"{path} cannot be used: {what}.");

    private IEnumerable<DataRow> Csv(Signature signature)
    {
        using var reader = Open();
        using var records = Guard(() => CsvReader.Read(reader).GetEnumerator());
        if (!Guard(records.MoveNext))
            throw Wrong("it is empty; its first line names the columns");
        var header = records.Current.Fields;
        var columns = Guard(() => CsvColumns.For(header, signature, ignored));
        if (Kept.FirstOrDefault(k => !header.Contains(k)) is { } unknown)
            throw Wrong($"it has no column \"{unknown}\" to keep; its columns are {string.Join(", ", header)}");
        var places = Kept.Select(k => header.ToList().IndexOf(k)).ToList();
        Unused = [.. columns.Unused.Except(Kept)];
        while (Guard(records.MoveNext))
        {
            var (line, text, fields) = records.Current;
            yield return Row(line, text, fields, columns) with { Kept = [.. places.Select(p => p < fields.Count ? fields[p] : string.Empty)] };
        }
        share = static () => 1;
    }

    private static DataRow Row(long line, string text, IReadOnlyList<string> fields, CsvColumns columns)
    {
        try
        {
            return new DataRow(line, text, columns.Instance(fields));
        }
        catch (FormatException e)
        {
            return new DataRow(line, text, string.Empty, e.Message);
        }
    }

    private IEnumerable<DataRow> Lines()
    {
        using var reader = Open();
        for (long line = 1; reader.ReadLine() is { } text; line++)
        {
            if (!string.IsNullOrWhiteSpace(text))
                yield return JsonProblem(text) is { } problem ? new DataRow(line, text, string.Empty, problem) : new DataRow(line, text, text);
        }
        share = static () => 1;
    }

    /// <summary>Lines are sent together, so what is not one whole value would become a part of its neighbours.</summary>
    private static string? JsonProblem(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            while (reader.Read())
            {
                // To the end, where the reader finds what follows the value.
            }
            return null;
        }
        catch (JsonException e)
        {
            return $"it is not one JSON value: {e.Message}";
        }
    }

    private StreamReader Open()
    {
        try
        {
            var reader = new StreamReader(path);
            share = () => (double)reader.BaseStream.Position / Math.Max(1, reader.BaseStream.Length);
            return reader;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(e.Message.TrimEnd('.'));
        }
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw Wrong(e.Message);
        }
    }
}
