using Sluice.Contract;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Profiling;

/// <summary>One row to send.</summary>
/// <param name="Line">In the file, counted from 1.</param>
/// <param name="Instance">As V1 takes it, in JSON.</param>
internal readonly record struct DataRow(long Line, string Instance);

/// <summary>Rows of a file: .csv with a header, or .jsonl with a V1 instance a line.</summary>
internal sealed class DataFile(string path, IReadOnlyCollection<string> ignored)
{
    /// <summary>Columns that no input takes, once the rows are being read.</summary>
    public IReadOnlyList<string> Unused { get; private set; } = [];

    /// <exception cref="FailureException">The file is not there, or does not fit the model.</exception>
    public IEnumerable<DataRow> Rows(Signature signature) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" => Csv(signature),
        ".jsonl" or ".ndjson" when ignored.Count == 0 => Lines(),
        ".jsonl" or ".ndjson" => throw Wrong("--ignore is for columns, which .jsonl does not have"),
        _ => throw Wrong("its name must end in .csv or .jsonl"),
    };

    public FailureException Wrong(string what) => new(TerminationReasons.InvalidOptions, $"{path} cannot be used: {what}.");

    private IEnumerable<DataRow> Csv(Signature signature)
    {
        using var reader = Open();
        using var records = Guard(() => CsvReader.Read(reader).GetEnumerator());
        if (!Guard(records.MoveNext))
            throw Wrong("it is empty; its first line names the columns");
        var columns = Guard(() => CsvColumns.For(records.Current.Fields, signature, ignored));
        Unused = [.. columns.Unused];
        while (Guard(records.MoveNext))
        {
            var (line, fields) = records.Current;
            yield return new DataRow(line, Guard(() => columns.Instance(fields), $"line {line}: "));
        }
    }

    private IEnumerable<DataRow> Lines()
    {
        using var reader = Open();
        for (long line = 1; reader.ReadLine() is { } text; line++)
        {
            if (!string.IsNullOrWhiteSpace(text))
                yield return new DataRow(line, text);
        }
    }

    private StreamReader Open()
    {
        try
        {
            return new StreamReader(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(e.Message.TrimEnd('.'));
        }
    }

    private T Guard<T>(Func<T> read, string where = "")
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw Wrong(where + e.Message);
        }
    }
}
