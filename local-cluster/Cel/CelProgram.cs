using Sluice.LocalCluster.Cel.Syntax;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;

namespace Sluice.LocalCluster.Cel;

/// <summary>A compiled expression over <c>self</c> and <c>oldSelf</c>. Immutable; may run on many threads at once.</summary>
internal sealed class CelProgram
{
    readonly Expr root;

    CelProgram(Expr root, CelType type, bool usesOldSelf)
    {
        this.root = root;
        Type = type;
        UsesOldSelf = usesOldSelf;
    }

    public CelType Type { get; }

    public bool UsesOldSelf { get; }

    /// <param name="source">The expression.</param>
    /// <param name="self">The type of <c>self</c>.</param>
    /// <param name="optionalOldSelf">Whether <c>oldSelf</c> is an optional.</param>
    /// <param name="error">What is wrong, as the API server reports it; empty when it compiles.</param>
    public static CelProgram? Compile(string source, CelType self, bool optionalOldSelf, out string error)
    {
        var issues = new List<CelIssue>();
        var program = Compile(source, self, optionalOldSelf, issues);
        error = issues.Count > 0
            ? "compilation failed: " + CelIssue.Render(source, issues)
            : LiteralChecks.Trial(program!.root) is { } failure ? "program instantiation failed: " + failure : "";
        return error.Length == 0 ? program : null;
    }

    static CelProgram? Compile(string source, CelType self, bool optionalOldSelf, List<CelIssue> issues)
    {
        if (Parser.Parse(source, issues) is not { } root)
            return null;
        var variables = new Dictionary<string, CelType>(StringComparer.Ordinal)
        {
            ["self"] = self,
            ["oldSelf"] = optionalOldSelf ? CelType.Optional(self) : self,
        };
        var (type, used) = Checker.Run(root, variables, issues);
        if (issues.Count == 0)
            LiteralChecks.Run(root, issues);
        return new CelProgram(root, type, used.Contains("oldSelf"));
    }

    /// <summary>A value, or a <see cref="CelError"/>.</summary>
    public object? Evaluate(object? self, object? oldSelf)
    {
        var budget = long.MaxValue;
        return Evaluate(self, oldSelf, ref budget);
    }

    /// <summary>As above, and takes the steps that it took from the budget, which may become negative.</summary>
    public object? Evaluate(object? self, object? oldSelf, ref long budget)
    {
        var interpreter = new Interpreter();
        try
        {
            return interpreter.Evaluate(root, new Scope(new Scope(null, "oldSelf", oldSelf), "self", self));
        }
        catch (CostExceededException e)
        {
            return new CelError(e.Message);
        }
        finally
        {
            budget -= interpreter.Steps;
        }
    }
}
