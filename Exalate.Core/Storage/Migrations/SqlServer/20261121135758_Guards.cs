using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exalate.Core.Storage.Migrations.SqlServer
{
    public partial class Guards : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "LocalGoneAt",
                table: "Twins",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "RemoteGoneAt",
                table: "Twins",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "GuardFrom",
                table: "Connections",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "HeldKind",
                table: "Connections",
                type: "nvarchar(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "HeldSentence",
                table: "Connections",
                type: "nvarchar(max)",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "HeldSince",
                table: "Connections",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Twins_ConnectionId_LocalGoneAt",
                table: "Twins",
                columns: new[] { "ConnectionId", "LocalGoneAt" },
                filter: "\"LocalGoneAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Twins_ConnectionId_RemoteGoneAt",
                table: "Twins",
                columns: new[] { "ConnectionId", "RemoteGoneAt" },
                filter: "\"RemoteGoneAt\" IS NOT NULL");
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Twins_ConnectionId_LocalGoneAt",
                table: "Twins");

            migrationBuilder.DropIndex(
                name: "IX_Twins_ConnectionId_RemoteGoneAt",
                table: "Twins");

            migrationBuilder.DropColumn(
                name: "LocalGoneAt",
                table: "Twins");

            migrationBuilder.DropColumn(
                name: "RemoteGoneAt",
                table: "Twins");

            migrationBuilder.DropColumn(
                name: "GuardFrom",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "HeldKind",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "HeldSentence",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "HeldSince",
                table: "Connections");
        }
    }
}
