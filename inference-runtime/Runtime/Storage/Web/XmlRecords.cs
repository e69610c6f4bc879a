using System.Xml;

namespace Sluice.Runtime.Storage.Web;

/// <summary>The XML that object stores answer with, read as flat records: no schema, no DTD, nothing fetched.</summary>
internal static class XmlRecords
{
    private const char ByteOrderMark = '\uFEFF';
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>The texts within each element of this name, by the name of their own element.</summary>
    /// <exception cref="TransientException">It is no XML.</exception>
    public static List<Dictionary<string, string>> All(string xml, string element)
    {
        var records = new List<Dictionary<string, string>>();
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml.TrimStart(ByteOrderMark)), Settings);
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element && reader.LocalName == element)
                    records.Add(Record(reader.ReadSubtree()));
            }
        }
        catch (XmlException e)
        {
            throw new TransientException($"the storage answers with broken XML: {e.Message}", e);
        }
        return records;
    }

    /// <summary>The text of the first element of this name; null when there is none, or no XML.</summary>
    public static string? First(string xml, string element)
    {
        try
        {
            return All(xml, element).FirstOrDefault()?.GetValueOrDefault(element);
        }
        catch (TransientException)
        {
            return null;
        }
    }

    private static Dictionary<string, string> Record(XmlReader reader)
    {
        var record = new Dictionary<string, string>();
        var name = string.Empty;
        using (reader)
        {
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element)
                    name = reader.LocalName;
                else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                    record.TryAdd(name, reader.Value);
            }
        }
        return record;
    }
}
