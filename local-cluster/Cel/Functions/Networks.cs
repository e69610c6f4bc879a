using System.Net;
using System.Net.Sockets;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary>Addresses and networks. Zones and IPv4 in IPv6 are refused, as Kubernetes does.</summary>
internal static class Networks
{
    static readonly CelType Ip = CelType.Ip;
    static readonly CelType Cidr = CelType.Cidr;

    public static IEnumerable<Overload> All =>
    [
        Overload.Function("ip", Ip, [CelType.String], v => ParseIp((string)v[0]!)),
        Overload.Function("isIP", CelType.Bool, [CelType.String], v => ParseIp((string)v[0]!) is CelIp),
        Overload.Function("ip.isCanonical", CelType.Bool, [CelType.String], v =>
            ParseIp((string)v[0]!) is CelIp ip ? ip.Address.ToString() == (string)v[0]! : ParseIp((string)v[0]!)),
        Overload.Method("family", CelType.Int, [Ip], v => IsV4(Address(v[0])) ? 4L : 6L),
        Overload.Method("isUnspecified", CelType.Bool, [Ip], v => Address(v[0]).Equals(IPAddress.Any) || Address(v[0]).Equals(IPAddress.IPv6Any)),
        Overload.Method("isLoopback", CelType.Bool, [Ip], v => IPAddress.IsLoopback(Address(v[0]))),
        Overload.Method("isLinkLocalUnicast", CelType.Bool, [Ip], v => IsLinkLocalUnicast(Address(v[0]))),
        Overload.Method("isLinkLocalMulticast", CelType.Bool, [Ip], v => IsLinkLocalMulticast(Address(v[0]))),
        Overload.Method("isGlobalUnicast", CelType.Bool, [Ip], v => IsGlobalUnicast(Address(v[0]))),
        Overload.Function("cidr", Cidr, [CelType.String], v => ParseCidr((string)v[0]!)),
        Overload.Function("isCIDR", CelType.Bool, [CelType.String], v => ParseCidr((string)v[0]!) is CelCidr),
        Overload.Method("ip", Ip, [Cidr], v => new CelIp(((CelCidr)v[0]!).Address)),
        Overload.Method("masked", Cidr, [Cidr], v => v[0] is CelCidr cidr ? new CelCidr(cidr.Masked, cidr.PrefixLength) : null),
        Overload.Method("prefixLength", CelType.Int, [Cidr], v => (long)((CelCidr)v[0]!).PrefixLength),
        Overload.Method("containsIP", CelType.Bool, [Cidr, CelType.String], v => Contains(v[0], ParseIp((string)v[1]!))),
        Overload.Method("containsIP", CelType.Bool, [Cidr, Ip], v => Contains(v[0], v[1]!)),
        Overload.Method("containsCIDR", CelType.Bool, [Cidr, CelType.String], v => Contains(v[0], ParseCidr((string)v[1]!))),
        Overload.Method("containsCIDR", CelType.Bool, [Cidr, Cidr], v => Contains(v[0], v[1]!)),
    ];

    static IPAddress Address(object? value) => ((CelIp)value!).Address;

    static bool IsV4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork;

    static object ParseIp(string text)
    {
        var isV4 = !text.Contains(':', StringComparison.Ordinal);
        if (isV4 && (text.Count(c => c == '.') != 3 || text.Split('.').Any(part => part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0')))
            || !IPAddress.TryParse(text, out var address))
            return new CelError($"IP Address {GoText.Quote(text)} parse error during conversion from string: ParseAddr({GoText.Quote(text)}): unable to parse IP");
        if (text.Contains('%', StringComparison.Ordinal))
            return new CelError($"IP address {GoText.Quote(text)} with zone value is not allowed");
        return address.IsIPv4MappedToIPv6
            ? new CelError($"IPv4-mapped IPv6 address {GoText.Quote(text)} is not allowed")
            : new CelIp(address);
    }

    static object ParseCidr(string text)
    {
        var slash = text.LastIndexOf('/');
        return slash > 0 && ParseIp(text[..slash]) is CelIp ip && int.TryParse(text[(slash + 1)..], out var length)
            && length >= 0 && length <= (IsV4(ip.Address) ? 32 : 128) && text[slash + 1] is not ('+' or '-')
            ? new CelCidr(ip.Address, length)
            : new CelError($"network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix({GoText.Quote(text)}): no '/'");
    }

    static object Contains(object? container, object part) => (container, part) switch
    {
        (CelCidr cidr, CelIp ip) => cidr.Address.AddressFamily == ip.Address.AddressFamily && cidr.Network.Contains(ip.Address),
        (CelCidr cidr, CelCidr inner) => cidr.Address.AddressFamily == inner.Address.AddressFamily
            && cidr.PrefixLength <= inner.PrefixLength && cidr.Network.Contains(inner.Address),
        _ => part,
    };

    static bool IsLinkLocalUnicast(IPAddress address) =>
        IsV4(address) ? address.GetAddressBytes() is [169, 254, ..] : address.IsIPv6LinkLocal;

    static bool IsLinkLocalMulticast(IPAddress address) => address.GetAddressBytes() is var bytes
        && (IsV4(address) ? bytes is [224, 0, 0, _] : bytes[0] == 0xff && (bytes[1] & 0x0f) == 2);

    static bool IsGlobalUnicast(IPAddress address) =>
        !IPAddress.IsLoopback(address) && !IsLinkLocalUnicast(address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
        && !(IsV4(address) ? address.GetAddressBytes() is [>= 224 and < 240, ..] or [255, 255, 255, 255] : address.IsIPv6Multicast);
}
