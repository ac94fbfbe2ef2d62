namespace Sipstead.Dns;

/// <summary>Response codes that triage gives itself (RFC 1035 4.1.1, RFC 6891 6.1.3).</summary>
internal enum Rcode
{
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,
    BadVers = 16,
}
