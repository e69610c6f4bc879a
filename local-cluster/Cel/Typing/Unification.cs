using System.Collections.Immutable;

namespace Sluice.LocalCluster.Cel.Typing;

/// <summary>What type variables stand for so far. A trial that fails leaves no trace.</summary>
internal sealed class Unification
{
    ImmutableDictionary<CelType, CelType> bound = ImmutableDictionary<CelType, CelType>.Empty;
    int fresh;

    public CelType Variable() => CelType.Parameter($"_var{fresh++}");

    /// <summary>Whether a value of one type may stand where the other is expected; binds variables when it may.</summary>
    public bool Assign(CelType type, CelType to) => AssignAll([type], [to]);

    public bool AssignAll(IReadOnlyList<CelType> types, IReadOnlyList<CelType> to)
    {
        var before = bound;
        if (types.Count == to.Count && types.Zip(to).All(pair => Fits(pair.First, pair.Second)))
            return true;
        bound = before;
        return false;
    }

    /// <summary>Puts in what is known of the variables; what is not stays, or becomes dyn.</summary>
    public CelType Resolve(CelType type, bool unknownIsDyn = false)
    {
        if (bound.TryGetValue(type, out var known))
            return Resolve(known, unknownIsDyn);
        if (type.Kind == CelKind.Parameter)
            return unknownIsDyn ? CelType.Dyn : type;
        return type.With(parameter => Resolve(parameter, unknownIsDyn));
    }

    public static CelType MoreGeneral(CelType a, CelType b) => IsAtLeastAsGeneral(a, b) ? a : b;

    bool Fits(CelType a, CelType b)
    {
        if (b.Kind == CelKind.Parameter)
        {
            var (valid, wasBound) = Bind(a, b);
            if (valid || wasBound)
                return valid;
        }
        if (a.Kind == CelKind.Parameter)
            return Bind(b, a).Valid;
        if (a.IsDynamic || b.IsDynamic)
            return true;
        if (a.Kind == CelKind.Null || b.Kind == CelKind.Null)
            return IsNullable(a) && IsNullable(b);
        return a.Kind switch
        {
            CelKind.Type => b.Kind == CelKind.Type,
            CelKind.Opaque or CelKind.List or CelKind.Map => a.Kind == b.Kind && a.Name == b.Name
                && a.Parameters.Length == b.Parameters.Length && a.Parameters.Zip(b.Parameters).All(p => Fits(p.First, p.Second)),
            _ => a.Equals(b),
        };
    }

    static bool IsNullable(CelType type) =>
        type.Kind is CelKind.Null or CelKind.Opaque or CelKind.Struct or CelKind.Duration or CelKind.Timestamp;

    (bool Valid, bool WasBound) Bind(CelType type, CelType variable)
    {
        if (type.Equals(variable))
            return (true, true);
        if (bound.TryGetValue(variable, out var known))
        {
            if (type.Equals(known))
                return (true, true);
            if (!Fits(type, known))
                return (false, true);
            var general = MoreGeneral(type, known);
            if (!Occurs(variable, general))
                bound = bound.SetItem(variable, general);
            return (true, true);
        }
        if (Occurs(variable, type))
            return (false, false);
        bound = bound.SetItem(variable, type);
        return (true, false);
    }

    bool Occurs(CelType variable, CelType within)
    {
        if (variable.Equals(within))
            return true;
        if (within.Kind == CelKind.Parameter)
            return bound.TryGetValue(within, out var known) && Occurs(variable, known);
        return within.Parameters.Any(parameter => Occurs(variable, parameter));
    }

    static bool IsAtLeastAsGeneral(CelType a, CelType b)
    {
        if (a.Kind is CelKind.Dyn or CelKind.Parameter)
            return true;
        if (b.Kind is CelKind.Dyn or CelKind.Parameter || a.Kind != b.Kind)
            return false;
        return a.Kind switch
        {
            CelKind.Opaque or CelKind.List or CelKind.Map => a.Name == b.Name && a.Parameters.Length == b.Parameters.Length
                && a.Parameters.Zip(b.Parameters).All(p => IsAtLeastAsGeneral(p.First, p.Second)),
            CelKind.Type => true,
            _ => a.Equals(b),
        };
    }
}
