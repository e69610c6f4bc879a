using System.Net;
using System.Net.Sockets;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Controllers;

namespace Sluice.LocalCluster.Network;

/// <summary>
/// What kube-proxy does, with sockets: each TCP port of a Service is listened on at its cluster address, which is a
/// loopback address here. Not done: UDP, and session affinity, because all clients have the same address. Names are not
/// resolved either: a process cannot have a resolver of its own without privileges; pods find Services by the variables
/// NAME_SERVICE_HOST and NAME_SERVICE_PORT.
/// </summary>
internal sealed class ServiceProxy
{
    /// <summary>Where a port below 1024 goes that this user may not bind.</summary>
    internal const int UnprivilegedOffset = 8000;

    private readonly ControllerContext _context;
    private readonly Store<Service> _services;
    private readonly Store<EndpointSlice> _slices;
    private readonly Dictionary<FrontAddress, PortListener> _listeners = [];
    private readonly HashSet<FrontAddress> _failed = [];
    private readonly Signal _changed = new();

    private ServiceProxy(ControllerContext context, Store<Service> services, Store<EndpointSlice> slices) =>
        (_context, _services, _slices) = (context, services, slices);

    internal static void Register(ControllerContext context, ControllerSet controllers)
    {
        var services = context.Informers.Of<Service>();
        var slices = context.Informers.Of<EndpointSlice>();
        var proxy = new ServiceProxy(context, services.Store, slices.Store);
        services.Subscribe(_ => proxy._changed.Set());
        slices.Subscribe(_ => proxy._changed.Set());
        controllers.Add("service-proxy", proxy.RunAsync);
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        _changed.Set();
        try
        {
            while (true)
            {
                await _changed.WaitAsync(cancel);
                await UpdateAsync(ServiceTable.Build(_services.All, _slices.All));
            }
        }
        finally
        {
            foreach (var listener in _listeners.Values)
                await listener.DisposeAsync();
        }
    }

    private async Task UpdateAsync(IReadOnlyDictionary<FrontAddress, IReadOnlyList<IPEndPoint>> table)
    {
        foreach (var (front, listener) in _listeners.Where(pair => !table.ContainsKey(pair.Key)).ToList())
        {
            _listeners.Remove(front);
            await listener.DisposeAsync();
        }
        // From the top, so that a port that has to be moved finds those that have their place.
        foreach (var (front, endpoints) in table.OrderByDescending(static pair => pair.Key.Port))
        {
            if (_listeners.TryGetValue(front, out var listener))
                listener.Endpoints = endpoints;
            else if (Listen(front, endpoints) is { } started)
                _listeners[front] = started;
        }
        _failed.IntersectWith(table.Keys);
    }

    private PortListener? Listen(FrontAddress front, IReadOnlyList<IPEndPoint> endpoints)
    {
        var random = new Random(_context.Random.Next());
        try
        {
            return PortListener.Start(new IPEndPoint(front.Address, front.Port), endpoints, random, _context.Time);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            return ListenHigher(front, endpoints, random);
        }
        catch (SocketException e)
        {
            Report(front, "Warning", "PortNotBound", $"{front.Address}:{front.Port} cannot be bound: {e.Message}");
            return null;
        }
    }

    private PortListener? ListenHigher(FrontAddress front, IReadOnlyList<IPEndPoint> endpoints, Random random)
    {
        var address = new IPEndPoint(front.Address, front.Port + UnprivilegedOffset);
        if (_listeners.Keys.Any(other => other.Service == front.Service && other.Port == address.Port))
        {
            Report(front, "Normal", "PortMoved",
                $"Port {front.Port} needs privileges that this user does not have: the service listens at {address} anyway");
            return null;
        }

        try
        {
            var listener = PortListener.Start(address, endpoints, random, _context.Time);
            Report(front, "Normal", "PortMoved",
                $"Port {front.Port} needs privileges that this user does not have: the service listens at {address}");
            return listener;
        }
        catch (SocketException e)
        {
            Report(front, "Warning", "PortNotBound", $"neither port {front.Port} nor {address} can be bound: {e.Message}");
            return null;
        }
    }

    private void Report(FrontAddress front, string type, string reason, string note)
    {
        if (!_failed.Add(front) || _services.Get(front.Service) is not { } service)
            return;
        _context.Event(service, type, reason, note);
        _context.Log.ServicePort(front.Service.ToString(), note);
    }
}
