using Sluice.LocalCluster.Cel.Functions;
using Sluice.LocalCluster.Cel.Syntax;
using Sluice.LocalCluster.Cel.Values;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Cel.Typing;

/// <summary>What is constant is tried when the rule is compiled: a bad duration or pattern would fail every time.</summary>
internal static class LiteralChecks
{
    static readonly string[] Conversions = ["bool", "bytes", "double", "duration", "int", "string", "timestamp", "uint"];

    public static void Run(Expr expression, List<CelIssue> issues)
    {
        var formatted = expression.Walk().OfType<CallExpr>().Where(call => call.Function == "format")
            .SelectMany(call => call.Walk()).ToHashSet();
        foreach (var node in expression.Walk())
        {
            switch (node)
            {
                case CallExpr { Arguments: [.., ConstantExpr argument] } call when !IsValid(call, argument.Value):
                    issues.Add(new CelIssue(argument.Position, $"invalid {call.Function} argument"));
                    break;
                case CallExpr { Function: "format", Target: ConstantExpr { Value: string format }, Arguments: [ListExpr arguments] } call:
                    FormatClauses(format, call, arguments, issues);
                    break;
                case ListExpr list when !formatted.Contains(list):
                    Alike(list.Elements, issues);
                    break;
                case MapExpr map when !formatted.Contains(map):
                    Alike(map.Entries.Select(entry => (entry.Key, false)), issues);
                    Alike(map.Entries.Select(entry => (entry.Value, entry.Optional)), issues);
                    break;
            }
        }
    }

    /// <summary>The error of a conversion or search of constants, which keeps the program from being made.</summary>
    public static string? Trial(Expr expression)
    {
        foreach (var call in expression.Walk().OfType<CallExpr>())
        {
            if (call is { Target: null, Arguments: [ConstantExpr constant] } && Conversions.Contains(call.Function)
                && Library.Call(call.Function, isMember: false, [constant.Value]) is CelError error)
                return error.Message.StartsWith("no such overload", StringComparison.Ordinal)
                    ? $"no such overload: {call.Function}({CelText.TypeName(constant.Value)})"
                    : error.Message;
            if (call is { Function: "find" or "findAll", Arguments: [ConstantExpr { Value: string pattern }, ..] }
                && Library.Call("find", isMember: true, ["", pattern]) is CelError wrong)
                return wrong.Message.Replace("Illegal regex: ", "", StringComparison.Ordinal);
        }
        return null;
    }

    static bool IsValid(CallExpr call, object? value) => (call.Function, call.Arguments.Length) switch
    {
        ("duration" or "timestamp", 1) => Library.Call(call.Function, isMember: false, [value]) is not CelError,
        ("matches", _) => value is not string { Length: > 0 } pattern || Re2.TryCompile(pattern) is not null,
        _ => true,
    };

    static void Alike(IEnumerable<(Expr Value, bool Optional)> parts, List<CelIssue> issues)
    {
        CelType? common = null;
        foreach (var (value, optional) in parts)
        {
            var type = optional ? value.Type.Unwrapped ?? value.Type : value.Type;
            common ??= type;
            if (common.Equals(type))
                continue;
            issues.Add(new CelIssue(value.Position, $"expected type '{common}' but found '{type}'"));
            return;
        }
    }

    static void FormatClauses(string format, CallExpr call, ListExpr arguments, List<CelIssue> issues)
    {
        var (clauses, problem) = StringFormat.Clauses(format);
        for (var i = 0; i < clauses.Count; i++)
        {
            if (i >= arguments.Elements.Length)
            {
                issues.Add(new CelIssue(call.Position, $"index {i} out of range"));
                return;
            }
            var argument = arguments.Elements[i].Value;
            if (StringFormat.Misfit(clauses[i], argument.Type) is { } misfit)
            {
                issues.Add(new CelIssue(argument.Position, misfit));
                return;
            }
        }
        if (problem is not null)
            issues.Add(new CelIssue(call.Position, problem));
        else if (arguments.Elements.Length > clauses.Count)
            issues.Add(new CelIssue(call.Position, StringFormat.TooMany(clauses.Count, arguments.Elements.Length)));
    }
}
