using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exalate.Core.Storage.Migrations.Sqlite
{
    public partial class ConnectionLife : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "DeactivatedAt",
                table: "Connections",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "DeactivatedBy",
                table: "Connections",
                type: "TEXT",
                maxLength: 256,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "NextSecretIsOurs",
                table: "Connections",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "NoticeNumber",
                table: "Connections",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "PartnerCheckedAt",
                table: "Connections",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "PartnerDeactivatedAt",
                table: "Connections",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "PartnerDeletedAt",
                table: "Connections",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "PartnerNoticeNumber",
                table: "Connections",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "PartnerProblem",
                table: "Connections",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "PreviousSecretUntil",
                table: "Connections",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ProtectedNextSecret",
                table: "Connections",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ProtectedPreviousSecret",
                table: "Connections",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "SecretRotatedAt",
                table: "Connections",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "ConnectionNotices",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ConnectionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Problem = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ConnectionNotices", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ConnectionNotices_Connections_ConnectionId",
                        column: x => x.ConnectionId,
                        principalTable: "Connections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Farewells",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    LinkId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ConnectionName = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    RemoteUrl = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    RemoteNodeUid = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ProtectedKey = table.Column<string>(type: "TEXT", nullable: false),
                    DeletedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Farewells", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "FormerPairs",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ConnectionName = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    PartnerName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    LocalEntityId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    LocalKey = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    LocalLink = table.Column<string>(type: "TEXT", nullable: true),
                    RemoteEntityId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    RemoteKey = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    RemoteLink = table.Column<string>(type: "TEXT", nullable: true),
                    KeptAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FormerPairs", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ConnectionNotices_ConnectionId_Number",
                table: "ConnectionNotices",
                columns: new[] { "ConnectionId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ConnectionNotices_NextAttemptAt",
                table: "ConnectionNotices",
                column: "NextAttemptAt");

            migrationBuilder.CreateIndex(
                name: "IX_Farewells_LinkId",
                table: "Farewells",
                column: "LinkId");

            migrationBuilder.CreateIndex(
                name: "IX_Farewells_NextAttemptAt",
                table: "Farewells",
                column: "NextAttemptAt");

            migrationBuilder.CreateIndex(
                name: "IX_FormerPairs_ConnectionName",
                table: "FormerPairs",
                column: "ConnectionName");
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ConnectionNotices");

            migrationBuilder.DropTable(
                name: "Farewells");

            migrationBuilder.DropTable(
                name: "FormerPairs");

            migrationBuilder.DropColumn(
                name: "DeactivatedAt",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "DeactivatedBy",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "NextSecretIsOurs",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "NoticeNumber",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "PartnerCheckedAt",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "PartnerDeactivatedAt",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "PartnerDeletedAt",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "PartnerNoticeNumber",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "PartnerProblem",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "PreviousSecretUntil",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "ProtectedNextSecret",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "ProtectedPreviousSecret",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "SecretRotatedAt",
                table: "Connections");
        }
    }
}
