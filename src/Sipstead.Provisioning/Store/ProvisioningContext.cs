using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Locations;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Recordings;
using Sipstead.Provisioning.Trunks;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Store;

/// <summary>The tables, whatever the provider; one derived context per provider carries its migrations (ruling 25).</summary>
internal abstract class ProvisioningContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>1024 characters of three octets, nonce and tag, in base64.</summary>
    private const int SealedLength = 4136;

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<ApiUser> ApiUsers => Set<ApiUser>();

    public DbSet<ApiUserRole> ApiUserRoles => Set<ApiUserRole>();

    public DbSet<Realm> Realms => Set<Realm>();

    public DbSet<Application> Applications => Set<Application>();

    public DbSet<Site> Sites => Set<Site>();

    public DbSet<Location> Locations => Set<Location>();

    public DbSet<PhoneNumber> PhoneNumbers => Set<PhoneNumber>();

    public DbSet<Trunk> Trunks => Set<Trunk>();

    public DbSet<TrunkRoute> TrunkRoutes => Set<TrunkRoute>();

    public DbSet<SipCredential> SipCredentials => Set<SipCredential>();

    public DbSet<RealmSerial> RealmSerials => Set<RealmSerial>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<Recording> Recordings => Set<Recording>();

    /// <summary>The provider's spelling of "IsDefault is true" for the index that allows one default realm an account.</summary>
    protected abstract string IsDefaultFilter { get; }

    /// <summary>
    /// Inserts credentials in the present transaction, past the change tracker: imports run beside the registrar. Gives ids to those that
    /// have none.
    /// </summary>
    public abstract Task InsertAsync(IReadOnlyList<SipCredential> credentials, CancellationToken cancellationToken);

    /// <summary>Reads every credential into the view, in the provider's fastest way: a start waits for it.</summary>
    public abstract Task ReadAllAsync(CredentialTable credentials, CancellationToken cancellationToken);

    /// <summary>The highest id that a table has ever given; 0 when none.</summary>
    public abstract Task<long> LastIdAsync(string table, CancellationToken cancellationToken);

    /// <summary>Has a table give ids from the one after <paramref name="id"/> on.</summary>
    public abstract Task ContinueAfterAsync(string table, long id, CancellationToken cancellationToken);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Account>(account =>
        {
            account.Property(a => a.Id).ValueGeneratedNever();
            account.Property(a => a.Hex).HasMaxLength(6);
            account.HasIndex(a => a.Hex).IsUnique();
            account.HasIndex(a => a.SipPort).IsUnique();
        });

        modelBuilder.Entity<ApiUser>(user =>
        {
            user.Property(u => u.Name).HasMaxLength(64);
            user.Property(u => u.PasswordHash).HasMaxLength(255);
            user.HasIndex(u => u.Name).IsUnique();
            user.HasMany(u => u.Roles).WithOne().HasForeignKey(r => r.ApiUserId);
        });

        modelBuilder.Entity<ApiUserRole>(role =>
        {
            role.HasKey(r => new { r.ApiUserId, r.AccountId });
            role.HasOne<Account>().WithMany().HasForeignKey(r => r.AccountId);
        });

        modelBuilder.Entity<Realm>(realm =>
        {
            realm.Property(r => r.Name).HasMaxLength(30);
            realm.Property(r => r.Fqdn).HasMaxLength(253);
            realm.Property(r => r.Description).HasMaxLength(255);
            realm.Property(r => r.DigestAlgorithms).HasDefaultValue(DigestAlgorithms.Md5).HasSentinel(DigestAlgorithms.Md5);
            realm.HasOne(r => r.Account).WithMany().HasForeignKey(r => r.AccountId).OnDelete(DeleteBehavior.Restrict);
            realm.HasIndex(r => new { r.AccountId, r.Name }).IsUnique();
            realm.HasIndex(r => r.Fqdn).IsUnique();
            realm.HasIndex(r => r.AccountId, "IX_Realms_DefaultOfAccount").IsUnique().HasFilter(IsDefaultFilter);
            realm.HasIndex(r => r.Status);
        });

        modelBuilder.Entity<SipCredential>(credential =>
        {
            credential.Property(c => c.UserName).HasMaxLength(65);
            credential.Property(c => c.UserNameKey).HasMaxLength(65);
            credential.Property(c => c.Hash1).HasMaxLength(64);
            credential.Property(c => c.Hash1b).HasMaxLength(64);
            credential.Property(c => c.Hash1Sha256).HasMaxLength(64);
            credential.Property(c => c.Hash1bSha256).HasMaxLength(64);
            credential.Property(c => c.Hash1Sha512256).HasMaxLength(64);
            credential.Property(c => c.Hash1bSha512256).HasMaxLength(64);
            credential.Ignore(c => c.Sha);
            credential.HasOne(c => c.Realm).WithMany().HasForeignKey(c => c.RealmId).OnDelete(DeleteBehavior.Restrict);
            credential.HasOne(c => c.Application).WithMany().HasForeignKey(c => c.ApplicationId).OnDelete(DeleteBehavior.Restrict);
            credential.HasIndex(c => new { c.RealmId, c.UserNameKey }).IsUnique();
            credential.HasIndex(c => new { c.RealmId, c.Id });
            credential.HasIndex(c => new { c.RealmId, c.ApplicationId, c.UserNameKey });
        });

        modelBuilder.Entity<Application>(ConfigureApplication);
        ConfigureLocations(modelBuilder);
        ConfigureTrunks(modelBuilder);
        modelBuilder.Entity<Recording>(ConfigureRecording);
        modelBuilder.Entity<RealmSerial>().Property(s => s.Id).ValueGeneratedNever();
        modelBuilder.Entity<AuditEntry>(entry =>
        {
            entry.Property(e => e.Actor).HasMaxLength(ApiUserRules.MaximumNameLength);
            entry.Property(e => e.Source).HasMaxLength(64);
            entry.Property(e => e.ResourceId).HasMaxLength(64);
            entry.Property(e => e.Name).HasMaxLength(AuditEntry.MaximumNameLength);
            entry.HasIndex(e => new { e.AccountId, e.Id });
        });
    }

    private static void ConfigureLocations(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Site>(site =>
        {
            site.Property(s => s.Name).HasMaxLength(PlaceRules.MaximumNameLength);
            site.Property(s => s.Description).HasMaxLength(PlaceRules.MaximumDescriptionLength);
            site.Property(s => s.OtherElements).HasMaxLength(PlaceRules.MaximumOtherLength);
            site.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Restrict);
        });

        modelBuilder.Entity<Location>(location =>
        {
            location.Property(l => l.Name).HasMaxLength(PlaceRules.MaximumNameLength);
            location.Property(l => l.Description).HasMaxLength(PlaceRules.MaximumDescriptionLength);
            location.Property(l => l.OtherElements).HasMaxLength(PlaceRules.MaximumOtherLength);
            location.HasOne(l => l.Site).WithMany().HasForeignKey(l => l.SiteId).OnDelete(DeleteBehavior.Restrict);
            location.HasOne<Application>().WithMany().HasForeignKey(l => l.ApplicationId).OnDelete(DeleteBehavior.Restrict);
        });

        modelBuilder.Entity<PhoneNumber>(number =>
        {
            number.HasKey(n => new { n.AccountId, n.Number });
            number.Property(n => n.Number).HasMaxLength(16);
            number.HasOne<Account>().WithMany().HasForeignKey(n => n.AccountId).OnDelete(DeleteBehavior.Restrict);
            number.HasOne(n => n.Location).WithMany().HasForeignKey(n => n.LocationId).OnDelete(DeleteBehavior.Restrict);
        });
    }

    private static void ConfigureTrunks(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Trunk>(trunk =>
        {
            trunk.Property(t => t.Name).HasMaxLength(TrunkRules.MaximumNameLength);
            trunk.Property(t => t.Host).HasMaxLength(TrunkRules.MaximumHostLength);
            trunk.Property(t => t.UserName).HasMaxLength(TrunkRules.MaximumUserNameLength);
            trunk.Property(t => t.Password).HasMaxLength(SealedLength);
            trunk.HasOne<Account>().WithMany().HasForeignKey(t => t.AccountId).OnDelete(DeleteBehavior.Restrict);
            trunk.HasMany(t => t.Routes).WithOne().HasForeignKey(r => r.TrunkId);
        });

        modelBuilder.Entity<TrunkRoute>(route =>
        {
            route.HasKey(r => new { r.TrunkId, r.Ordinal });
            route.Property(r => r.Pattern).HasMaxLength(32);
            route.HasOne<Application>().WithMany().HasForeignKey(r => r.ApplicationId).OnDelete(DeleteBehavior.Restrict);
            route.HasOne<Location>().WithMany().HasForeignKey(r => r.LocationId).OnDelete(DeleteBehavior.Restrict);
        });
    }

    private static void ConfigureRecording(EntityTypeBuilder<Recording> recording)
    {
        recording.Property(r => r.Id).HasMaxLength(64);
        recording.Property(r => r.OwnerId).HasMaxLength(64);
        recording.Property(r => r.ApplicationId).HasMaxLength(64);
        recording.Property(r => r.ParentCallId).HasMaxLength(64);
        recording.Property(r => r.TranscriptionId).HasMaxLength(64);
        recording.Property(r => r.To).HasMaxLength(RecordingDetails.MaximumPartyLength);
        recording.Property(r => r.From).HasMaxLength(RecordingDetails.MaximumPartyLength);
        recording.Property(r => r.TransferCallerId).HasMaxLength(RecordingDetails.MaximumPartyLength);
        recording.Property(r => r.TransferTo).HasMaxLength(RecordingDetails.MaximumPartyLength);
        recording.HasOne<Account>().WithMany().HasForeignKey(r => r.AccountId).OnDelete(DeleteBehavior.Restrict);
        recording.HasIndex(r => new { r.AccountId, r.StartTime });
        recording.HasIndex(r => r.OwnerId);
        recording.HasIndex(r => r.StartTime);
        recording.HasIndex(r => r.Status);
    }

    private static void ConfigureApplication(EntityTypeBuilder<Application> application)
    {
        application.Property(a => a.Id).ValueGeneratedNever();
        application.Property(a => a.Name).HasMaxLength(256);
        application.Property(a => a.NameKey).HasMaxLength(256);
        application.HasOne<Account>().WithMany().HasForeignKey(a => a.AccountId).OnDelete(DeleteBehavior.Restrict);
        application.ComplexProperty(a => a.Voice, voice =>
        {
            voice.Property(v => v.CallInitiatedUrl).HasMaxLength(2048);
            voice.Property(v => v.FallbackUrl).HasMaxLength(2048);
            voice.Property(v => v.CallStatusUrl).HasMaxLength(2048);
            voice.Property(v => v.UserId).HasMaxLength(1024);
            voice.Property(v => v.Password).HasMaxLength(SealedLength);
            voice.Property(v => v.FallbackUserId).HasMaxLength(1024);
            voice.Property(v => v.FallbackPassword).HasMaxLength(SealedLength);
        });
        application.ComplexProperty(a => a.Messaging, messaging =>
        {
            messaging.Property(m => m.InboundUrl).HasMaxLength(2048);
            messaging.Property(m => m.InboundUserId).HasMaxLength(1024);
            messaging.Property(m => m.OutboundUrl).HasMaxLength(2048);
            messaging.Property(m => m.OutboundUserId).HasMaxLength(1024);
            messaging.Property(m => m.RequestedTypes).HasMaxLength(2100);
            messaging.Property(m => m.MsgUrl).HasMaxLength(2048);
            messaging.Property(m => m.MsgUserId).HasMaxLength(1024);
            messaging.Property(m => m.CallbackUrl).HasMaxLength(2048);
        });
    }
}
