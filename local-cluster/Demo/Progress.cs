namespace Sluice.LocalCluster.Demo;

/// <summary>Tells a person what goes on: one line a step; on a terminal the running step's line is rewritten in place.</summary>
internal sealed class Progress(TextWriter output, bool terminal, TimeProvider time)
{
    readonly long _started = time.GetTimestamp();
    string _waiting = "";

    public void Say(string line = "")
    {
        Clear();
        output.WriteLine(line);
    }

    public void Done(string step, string detail)
    {
        Clear();
        output.WriteLine($"  {Paint("✓", 32)} {step,-14} {detail}");
    }

    /// <summary>What is being waited for; elsewhere than on a terminal it is printed when it changes.</summary>
    public void Waiting(string step, string what)
    {
        var line = $"  {Paint("…", 33)} {step,-14} {what}";
        if (terminal)
        {
            var elapsed = time.GetElapsedTime(_started);
            output.Write($"\r\u001b[2K{line} ({elapsed.TotalSeconds:0} s)");
            output.Flush();
            _waiting = line;
        }
        else if (line != _waiting)
        {
            output.WriteLine(line);
            _waiting = line;
        }
    }

    void Clear()
    {
        if (terminal && _waiting.Length > 0) output.Write("\r\u001b[2K");
        _waiting = "";
    }

    string Paint(string text, int colour) => terminal ? $"\u001b[{colour}m{text}\u001b[0m" : text;
}
