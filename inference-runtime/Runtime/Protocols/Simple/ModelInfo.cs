using System.Collections.Immutable;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.Simple;

/// <summary>A model described for a person: what it is, what it takes and gives, and what a request looks like.</summary>
internal static class ModelInfo
{
    public static void Write(JsonBuffer json, ServedModel model)
    {
        json.Raw("{\"name\":"u8);
        json.String(model.Name);
        json.Raw(",\"version\":"u8);
        json.String(model.Version);
        Text(json, "producer", model.Metadata.Producer);
        Text(json, "description", model.Metadata.Description);
        json.Raw(",\"metadata\":{"u8);
        var first = true;
        foreach (var (key, value) in model.Metadata.Custom)
        {
            if (!first)
                json.Byte((byte)',');
            first = false;
            json.String(key);
            json.Byte((byte)':');
            json.String(value);
        }
        json.Raw("},\"inputs\":"u8);
        Ports(json, model.Signature.Inputs);
        json.Raw(",\"outputs\":"u8);
        Ports(json, model.Signature.Outputs);
        json.Raw(",\"example\":"u8);
        Request(json, model);
        json.Byte((byte)'}');
    }

    /// <summary>A body for /predict.</summary>
    public static void Request(JsonBuffer json, ServedModel model)
    {
        if (model.Signature.HasTexts)
        {
            Whole(json, model);
            return;
        }
        var required = model.Signature.Inputs.Where(p => p.Required).ToList();
        json.Byte((byte)'{');
        for (var i = 0; i < required.Count; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            if (required.Count == 1)
                json.Raw("\"features\""u8);
            else
                json.Raw(required[i].JsonName);
            json.Byte((byte)':');
            if (required[i].Shape.Length == 2 && required[i].Shape[1].Size == 1)
                Example.Value(json, required[i]);
            else
                Example.Row(json, required[i]);
        }
        json.Byte((byte)'}');
    }

    /// <summary>V1's columns, the only form with sequences and maps.</summary>
    public static void Whole(JsonBuffer json, ServedModel model)
    {
        json.Raw("{\"inputs\":{"u8);
        var first = true;
        foreach (var port in model.Signature.Inputs.Where(p => p.Required || p.IsText))
        {
            if (!first)
                json.Byte((byte)',');
            first = false;
            json.Raw(port.JsonName);
            json.Byte((byte)':');
            if (port.IsText)
                Example.Whole(json, port);
            else
                Example.Tensor(json, port);
        }
        json.Raw("}}"u8);
    }

    private static void Ports(JsonBuffer json, ImmutableArray<Port> ports)
    {
        json.Byte((byte)'[');
        for (var i = 0; i < ports.Length; i++)
        {
            json.Raw(i > 0 ? ",{\"name\":"u8 : "{\"name\":"u8);
            json.Raw(ports[i].JsonName);
            json.Raw(",\"datatype\":"u8);
            json.String(ports[i].Datatype);
            json.Raw(",\"shape\":["u8);
            for (var d = 0; d < ports[i].Shape.Length; d++)
            {
                if (d > 0)
                    json.Byte((byte)',');
                if (ports[i].Shape[d] is { IsFixed: false, Symbol: { } symbol })
                    json.String(symbol);
                else
                    json.Number(ports[i].Shape[d].Size);
            }
            json.Raw("],\"required\":"u8);
            json.Bool(ports[i].Required);
            json.Byte((byte)'}');
        }
        json.Byte((byte)']');
    }

    private static void Text(JsonBuffer json, string name, string? value)
    {
        if (value is null)
            return;
        json.Byte((byte)',');
        json.String(name);
        json.Byte((byte)':');
        json.String(value);
    }
}
