using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exalate.Core.Storage.Migrations.Sqlite
{
    public partial class Epochs : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "Serial",
                table: "SyncRequests",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Epoch",
                table: "Settings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "IX_SyncRequests_ConnectionId_Serial",
                table: "SyncRequests",
                columns: new[] { "ConnectionId", "Serial" });
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_SyncRequests_ConnectionId_Serial",
                table: "SyncRequests");

            migrationBuilder.DropColumn(
                name: "Serial",
                table: "SyncRequests");

            migrationBuilder.DropColumn(
                name: "Epoch",
                table: "Settings");
        }
    }
}
