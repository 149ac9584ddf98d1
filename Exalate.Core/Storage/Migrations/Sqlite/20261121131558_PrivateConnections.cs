using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exalate.Core.Storage.Migrations.Sqlite
{
    public partial class PrivateConnections : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ProtectedAnswerKey",
                table: "Invitations",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "MailAskedAt",
                table: "Connections",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Reach",
                table: "Connections",
                type: "TEXT",
                maxLength: 40,
                nullable: false,
                defaultValue: "Both");

            migrationBuilder.CreateTable(
                name: "PeerMail",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ConnectionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Body = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PeerMail", x => x.Id);
                    table.ForeignKey(
                        name: "FK_PeerMail_Connections_ConnectionId",
                        column: x => x.ConnectionId,
                        principalTable: "Connections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RegisteredInvitations",
                columns: table => new
                {
                    LinkId = table.Column<Guid>(type: "TEXT", nullable: false),
                    TokenHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    AnswerKeyHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    InviterUid = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    FromAddress = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    AskedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ConnectionId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RegisteredInvitations", x => x.LinkId);
                });

            migrationBuilder.CreateIndex(
                name: "IX_PeerMail_ConnectionId_Id",
                table: "PeerMail",
                columns: new[] { "ConnectionId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_PeerMail_ConnectionId_Kind_Key",
                table: "PeerMail",
                columns: new[] { "ConnectionId", "Kind", "Key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RegisteredInvitations_ExpiresAt",
                table: "RegisteredInvitations",
                column: "ExpiresAt");
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "PeerMail");

            migrationBuilder.DropTable(
                name: "RegisteredInvitations");

            migrationBuilder.DropColumn(
                name: "ProtectedAnswerKey",
                table: "Invitations");

            migrationBuilder.DropColumn(
                name: "MailAskedAt",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "Reach",
                table: "Connections");
        }
    }
}
