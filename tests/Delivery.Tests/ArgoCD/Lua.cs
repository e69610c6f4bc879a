using System.Text;
using System.Text.Json.Nodes;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.ArgoCD;

/// <summary>Runs a script as Argo CD does: Lua 5.1 with the resource in <c>obj</c>; what it returns comes back as JSON.</summary>
internal static class Lua
{
    const string Interpreter = "/usr/bin/lua5.1";

    // Enough of JSON for tables of text, numbers and booleans. In Lua an empty list and an empty table are the same.
    const string Printer =
        """

        local function text(value)
          if type(value) == "table" then
            local items = {}
            if #value > 0 then
              for _, item in ipairs(value) do items[#items + 1] = text(item) end
              return "[" .. table.concat(items, ",") .. "]"
            end
            for key, item in pairs(value) do items[#items + 1] = text(key) .. ":" .. text(item) end
            return "{" .. table.concat(items, ",") .. "}"
          elseif type(value) == "string" then
            return '"' .. value:gsub('[%c"\\]', function(c) return string.format("\\u%04x", c:byte()) end) .. '"'
          end
          return tostring(value)
        end
        io.write(text(run()))
        """;

    public static async Task<JsonObject> RunAsync(string script, JsonObject obj)
    {
        if (!File.Exists(Interpreter))
            throw new FileNotFoundException($"{Interpreter} is missing; install Debian's lua5.1", Interpreter);
        var program = new StringBuilder("obj = ").Append(Literal(obj)).Append("\nlocal function run()\n")
            .Append(await File.ReadAllTextAsync(script)).Append("\nend\n").Append(Printer);
        var (code, output) = await RunningProgram.RunAsync(Interpreter, ["-"], input: program.ToString());
        code.Should().Be(0, $"{script} says: {output}");
        return JsonNode.Parse(output)!.AsObject();
    }

    static string Literal(JsonNode? node) => node switch
    {
        null => "nil",
        JsonObject table => $"{{{string.Join(',', table.Select(static p => $"[{Quoted(p.Key)}]={Literal(p.Value)}"))}}}",
        JsonArray list => $"{{{string.Join(',', list.Select(Literal))}}}",
        JsonValue value when value.TryGetValue<string>(out var text) => Quoted(text),
        _ => node.ToJsonString(),
    };

    static string Quoted(string text) => $"\"{string.Concat(Encoding.UTF8.GetBytes(text).Select(static b => $"\\{b:D3}"))}\"";
}
