using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sipstead.Provisioning.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Applications : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Applications",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    AccountId = table.Column<long>(type: "INTEGER", nullable: false),
                    ServiceType = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    NameKey = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    Messaging_CallbackUrl = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: true),
                    Messaging_InboundUrl = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: true),
                    Messaging_InboundUserId = table.Column<string>(type: "TEXT", maxLength: 1024, nullable: true),
                    Messaging_MsgUrl = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: true),
                    Messaging_MsgUserId = table.Column<string>(type: "TEXT", maxLength: 1024, nullable: true),
                    Messaging_OutboundUrl = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: true),
                    Messaging_OutboundUserId = table.Column<string>(type: "TEXT", maxLength: 1024, nullable: true),
                    Messaging_RequestedTypes = table.Column<string>(type: "TEXT", maxLength: 2100, nullable: true),
                    Voice_CallInitiatedMethod = table.Column<int>(type: "INTEGER", nullable: false),
                    Voice_CallInitiatedUrl = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: true),
                    Voice_CallStatusMethod = table.Column<int>(type: "INTEGER", nullable: false),
                    Voice_CallStatusUrl = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: true),
                    Voice_FallbackMethod = table.Column<int>(type: "INTEGER", nullable: false),
                    Voice_FallbackPassword = table.Column<string>(type: "TEXT", maxLength: 1024, nullable: true),
                    Voice_FallbackUrl = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: true),
                    Voice_FallbackUserId = table.Column<string>(type: "TEXT", maxLength: 1024, nullable: true),
                    Voice_Password = table.Column<string>(type: "TEXT", maxLength: 1024, nullable: true),
                    Voice_TimeoutSeconds = table.Column<double>(type: "REAL", nullable: true),
                    Voice_UserId = table.Column<string>(type: "TEXT", maxLength: 1024, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Applications", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Applications_Accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "Accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            // EF Core would rebuild the table, for which it has to leave the transaction; these statements stay inside. An id of
            // before is dropped: there were no applications that it could have named.
            migrationBuilder.Sql(
                """
                ALTER TABLE "SipCredentials" ADD COLUMN "ApplicationId" TEXT NULL
                    CONSTRAINT "FK_SipCredentials_Applications_ApplicationId" REFERENCES "Applications" ("Id") ON DELETE RESTRICT;
                ALTER TABLE "SipCredentials" DROP COLUMN "HttpVoiceV2AppId";
                """);

            migrationBuilder.CreateIndex(
                name: "IX_SipCredentials_ApplicationId",
                table: "SipCredentials",
                column: "ApplicationId");

            migrationBuilder.CreateIndex(
                name: "IX_Applications_AccountId",
                table: "Applications",
                column: "AccountId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_SipCredentials_Applications_ApplicationId",
                table: "SipCredentials");

            migrationBuilder.DropTable(
                name: "Applications");

            migrationBuilder.DropIndex(
                name: "IX_SipCredentials_ApplicationId",
                table: "SipCredentials");

            migrationBuilder.DropColumn(
                name: "ApplicationId",
                table: "SipCredentials");

            migrationBuilder.AddColumn<string>(
                name: "HttpVoiceV2AppId",
                table: "SipCredentials",
                type: "TEXT",
                maxLength: 64,
                nullable: true);
        }
    }
}
