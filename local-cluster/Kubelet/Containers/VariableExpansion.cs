using System.Text;

namespace Sluice.LocalCluster.Kubelet.Containers;

/// <summary>Kubernetes' <c>$(NAME)</c>: <c>$$</c> is a dollar sign, and a name that is not known stays as it is.</summary>
internal static class VariableExpansion
{
    internal static string Expand(string text, IReadOnlyDictionary<string, string> variables)
    {
        if (!text.Contains('$'))
            return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            var end = text[i] == '$' && next == '(' ? text.IndexOf(')', i) : -1;
            if (text[i] == '$' && next == '$')
            {
                result.Append('$');
                i++;
            }
            else if (end > 0)
            {
                var name = text[(i + 2)..end];
                result.Append(variables.TryGetValue(name, out var value) ? value : text[i..(end + 1)]);
                i = end;
            }
            else
            {
                result.Append(text[i]);
            }
        }
        return result.ToString();
    }
}
