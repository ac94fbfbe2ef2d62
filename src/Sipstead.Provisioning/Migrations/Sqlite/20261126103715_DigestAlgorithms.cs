using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sipstead.Provisioning.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class DigestAlgorithms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Hash1Sha256",
                table: "SipCredentials",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Hash1Sha512256",
                table: "SipCredentials",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Hash1bSha256",
                table: "SipCredentials",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Hash1bSha512256",
                table: "SipCredentials",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "DigestAlgorithms",
                table: "Realms",
                type: "INTEGER",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "MediaEncryption",
                table: "Realms",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "IsSealed",
                table: "Applications",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Hash1Sha256",
                table: "SipCredentials");

            migrationBuilder.DropColumn(
                name: "Hash1Sha512256",
                table: "SipCredentials");

            migrationBuilder.DropColumn(
                name: "Hash1bSha256",
                table: "SipCredentials");

            migrationBuilder.DropColumn(
                name: "Hash1bSha512256",
                table: "SipCredentials");

            migrationBuilder.DropColumn(
                name: "DigestAlgorithms",
                table: "Realms");

            migrationBuilder.DropColumn(
                name: "MediaEncryption",
                table: "Realms");

            migrationBuilder.DropColumn(
                name: "IsSealed",
                table: "Applications");
        }
    }
}
