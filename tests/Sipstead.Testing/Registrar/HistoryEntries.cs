using System.Text;
using Sipstead.Registrar.History;
using Sipstead.Sip.Transport;

namespace Sipstead.Testing.Registrar;

/// <summary>Entries of the history for tests that give them as they are read.</summary>
public static class HistoryEntries
{
    /// <summary>Adds an attempt; its number is the history's to give.</summary>
    public static void Keep(this RegistrationHistory history, RegistrationAttempt attempt)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(attempt);
        history.Add(new NewAttempt(attempt.Outcome, attempt.At, attempt.RealmId, attempt.CredentialId, new SipFlow(attempt.Transport, attempt.Source, default, 0))
        {
            UserName = Encoding.UTF8.GetBytes(attempt.UserName), UserAgent = Encoding.UTF8.GetBytes(attempt.UserAgent), Contact = Encoding.UTF8.GetBytes(attempt.Contact),
        });
    }
}
