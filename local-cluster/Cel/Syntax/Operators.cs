namespace Sluice.LocalCluster.Cel.Syntax;

/// <summary>The names that operators bear as functions.</summary>
internal static class Operators
{
    public const string Conditional = "_?_:_";
    public const string And = "_&&_";
    public const string Or = "_||_";
    public const string Not = "!_";
    public const string Negate = "-_";
    public const string IsEqual = "_==_";
    public const string IsNotEqual = "_!=_";
    public const string Less = "_<_";
    public const string LessEquals = "_<=_";
    public const string Greater = "_>_";
    public const string GreaterEquals = "_>=_";
    public const string Add = "_+_";
    public const string Subtract = "_-_";
    public const string Multiply = "_*_";
    public const string Divide = "_/_";
    public const string Modulo = "_%_";
    public const string In = "@in";
    public const string Index = "_[_]";
    public const string OptionalIndex = "_[?_]";
    public const string OptionalSelect = "_?._";

    /// <summary>True unless its argument is false: lets a fold stop early without stumbling over an error.</summary>
    public const string NotStrictlyFalse = "@not_strictly_false";

    public const string SortByKeys = "@sortByAssociatedKeys";

    public const string MapInsert = "cel.@mapInsert";
}
