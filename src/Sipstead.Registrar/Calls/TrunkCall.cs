using Sipstead.Provisioning.View;

namespace Sipstead.Registrar.Calls;

/// <summary>A call that came in by a trunk.</summary>
/// <param name="Trunk">The trunk, whose source it came from.</param>
/// <param name="ApplicationId">The application that takes it.</param>
/// <param name="Dialled">The number in E.164 form, else the SIP URI without parameters.</param>
public sealed record TrunkCall(TrunkEntry Trunk, Guid ApplicationId, string Dialled);
