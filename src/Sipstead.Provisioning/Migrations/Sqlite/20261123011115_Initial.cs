using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sipstead.Provisioning.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Accounts",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Hex = table.Column<string>(type: "TEXT", maxLength: 6, nullable: false),
                    SipPort = table.Column<int>(type: "INTEGER", nullable: true),
                    SipEnabled = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Accounts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ApiUsers",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    PasswordHash = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiUsers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RealmSerials",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Value = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RealmSerials", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Realms",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    AccountId = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    Fqdn = table.Column<string>(type: "TEXT", maxLength: 253, nullable: false),
                    Description = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    IsDefault = table.Column<bool>(type: "INTEGER", nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Realms", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Realms_Accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "Accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ApiUserRoles",
                columns: table => new
                {
                    ApiUserId = table.Column<long>(type: "INTEGER", nullable: false),
                    AccountId = table.Column<long>(type: "INTEGER", nullable: false),
                    Role = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiUserRoles", x => new { x.ApiUserId, x.AccountId });
                    table.ForeignKey(
                        name: "FK_ApiUserRoles_Accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "Accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_ApiUserRoles_ApiUsers_ApiUserId",
                        column: x => x.ApiUserId,
                        principalTable: "ApiUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SipCredentials",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    RealmId = table.Column<long>(type: "INTEGER", nullable: false),
                    UserName = table.Column<string>(type: "TEXT", maxLength: 65, nullable: false),
                    UserNameKey = table.Column<string>(type: "TEXT", maxLength: 65, nullable: false),
                    Hash1 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Hash1b = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    HashRevision = table.Column<int>(type: "INTEGER", nullable: false),
                    HttpVoiceV2AppId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SipCredentials", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SipCredentials_Realms_RealmId",
                        column: x => x.RealmId,
                        principalTable: "Realms",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Accounts_Hex",
                table: "Accounts",
                column: "Hex",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Accounts_SipPort",
                table: "Accounts",
                column: "SipPort",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ApiUserRoles_AccountId",
                table: "ApiUserRoles",
                column: "AccountId");

            migrationBuilder.CreateIndex(
                name: "IX_ApiUsers_Name",
                table: "ApiUsers",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Realms_AccountId_Name",
                table: "Realms",
                columns: new[] { "AccountId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Realms_DefaultOfAccount",
                table: "Realms",
                column: "AccountId",
                unique: true,
                filter: "\"IsDefault\" = 1");

            migrationBuilder.CreateIndex(
                name: "IX_Realms_Fqdn",
                table: "Realms",
                column: "Fqdn",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Realms_Status",
                table: "Realms",
                column: "Status");

            migrationBuilder.CreateIndex(
                name: "IX_SipCredentials_RealmId_Id",
                table: "SipCredentials",
                columns: new[] { "RealmId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_SipCredentials_RealmId_UserNameKey",
                table: "SipCredentials",
                columns: new[] { "RealmId", "UserNameKey" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ApiUserRoles");

            migrationBuilder.DropTable(
                name: "RealmSerials");

            migrationBuilder.DropTable(
                name: "SipCredentials");

            migrationBuilder.DropTable(
                name: "ApiUsers");

            migrationBuilder.DropTable(
                name: "Realms");

            migrationBuilder.DropTable(
                name: "Accounts");
        }
    }
}
