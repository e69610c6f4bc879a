namespace Sluice.Runtime.Commands;

/// <summary>What a switch is set to.</summary>
internal enum OnOff
{
    On,
    Off,
}
