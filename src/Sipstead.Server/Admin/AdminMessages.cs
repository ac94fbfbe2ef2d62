using System.Text.Json.Serialization;

namespace Sipstead.Server.Admin;

/// <summary>Asks for an account.</summary>
internal sealed record AddAccount(long AccountId);

/// <summary>Asks for an API user with a role in an account.</summary>
internal sealed record AddUser(string UserName, string? Password, long AccountId, string Role);

/// <summary>Asks for the API users of an account.</summary>
internal sealed record ListUsers(long AccountId);

/// <summary>Asks to take an API user out of an account.</summary>
internal sealed record RemoveUser(string UserName, long AccountId);

/// <summary>What came of it: lines for the person who asked, or the error.</summary>
internal sealed record AdminAnswer(bool Succeeded, string Text);

[JsonSerializable(typeof(AddAccount))]
[JsonSerializable(typeof(AddUser))]
[JsonSerializable(typeof(ListUsers))]
[JsonSerializable(typeof(RemoveUser))]
[JsonSerializable(typeof(AdminAnswer))]
internal sealed partial class AdminJson : JsonSerializerContext;
