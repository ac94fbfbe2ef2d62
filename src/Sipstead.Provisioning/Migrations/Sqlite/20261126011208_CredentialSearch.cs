using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sipstead.Provisioning.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class CredentialSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_SipCredentials_RealmId_ApplicationId_UserNameKey",
                table: "SipCredentials",
                columns: new[] { "RealmId", "ApplicationId", "UserNameKey" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_SipCredentials_RealmId_ApplicationId_UserNameKey",
                table: "SipCredentials");
        }
    }
}
