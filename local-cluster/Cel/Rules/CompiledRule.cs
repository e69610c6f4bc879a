using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Cel.Rules;

/// <summary>One rule of a schema, ready to run.</summary>
internal sealed class CompiledRule
{
    const int LongestMessage = 5 * 1024;

    readonly CelProgram? message;

    CompiledRule(CelRule source, CelProgram? program, CelProgram? message, string error, string messageError)
    {
        Source = source;
        Program = program;
        this.message = message;
        Error = error;
        MessageError = messageError;
    }

    public CelRule Source { get; }

    /// <summary>Null when the rule is empty or does not compile.</summary>
    public CelProgram? Program { get; }

    /// <summary>Why the rule does not compile; empty when it does.</summary>
    public string Error { get; }

    /// <summary>Why the expression of the message does not compile; empty when it does.</summary>
    public string MessageError { get; }

    public bool UsesOldSelf => Program is { UsesOldSelf: true };

    public bool HasOptionalOldSelf => Source.OptionalOldSelf == true;

    public static CompiledRule Compile(CelRule rule, CelType self)
    {
        if (string.IsNullOrWhiteSpace(rule.Rule))
            return new CompiledRule(rule, null, null, "", "");
        var program = Compile(rule.Rule, CelType.Bool, "cel expression must evaluate to a bool", out var error);
        if (program is null || string.IsNullOrEmpty(rule.MessageExpression))
            return new CompiledRule(rule, program, null, error, "");
        var spoken = Compile(rule.MessageExpression, CelType.String, "messageExpression must evaluate to a string", out var messageError);
        if (messageError.StartsWith("compilation failed", StringComparison.Ordinal))
            messageError = "messageExpression " + messageError;
        return new CompiledRule(rule, program, spoken, "", messageError);

        CelProgram? Compile(string text, CelType wanted, string otherwise, out string problem)
        {
            var compiled = CelProgram.Compile(text, self, rule.OptionalOldSelf == true, out problem);
            if (compiled is not null && !compiled.Type.Equals(wanted))
                problem = otherwise;
            return problem.Length == 0 ? compiled : null;
        }
    }

    /// <summary>The rule in an error about the rule itself.</summary>
    public string Name => string.IsNullOrEmpty(Source.Message) ? Source.Rule.Trim() : Source.Message.Trim();

    /// <summary>What is said when the rule does not hold.</summary>
    public string Detail(object? self, object? oldSelf, ref long budget)
    {
        if (message?.Evaluate(self, oldSelf, ref budget) is string made && made.Trim() is { Length: > 0 and <= LongestMessage } text
            && !text.Contains('\n', StringComparison.Ordinal))
            return text;
        return string.IsNullOrEmpty(Source.Message) ? $"failed rule: {Name}" : Name;
    }
}
