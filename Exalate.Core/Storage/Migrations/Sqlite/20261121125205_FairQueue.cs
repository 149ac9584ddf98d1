using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exalate.Core.Storage.Migrations.Sqlite
{
    public partial class FairQueue : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Twins_DueAt",
                table: "Twins");

            migrationBuilder.DropIndex(
                name: "IX_Twins_LeaseOwner",
                table: "Twins");

            migrationBuilder.AddColumn<bool>(
                name: "AwaitsPartner",
                table: "Twins",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "ClaimedAt",
                table: "Twins",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Twins_ConnectionId_AwaitsPartner_DueAt",
                table: "Twins",
                columns: new[] { "ConnectionId", "AwaitsPartner", "DueAt" },
                filter: "DueAt IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Twins_ConnectionId_ClaimedAt",
                table: "Twins",
                columns: new[] { "ConnectionId", "ClaimedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Twins_ConnectionId_LeaseUntil",
                table: "Twins",
                columns: new[] { "ConnectionId", "LeaseUntil" },
                filter: "LeaseUntil IS NOT NULL");
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Twins_ConnectionId_AwaitsPartner_DueAt",
                table: "Twins");

            migrationBuilder.DropIndex(
                name: "IX_Twins_ConnectionId_ClaimedAt",
                table: "Twins");

            migrationBuilder.DropIndex(
                name: "IX_Twins_ConnectionId_LeaseUntil",
                table: "Twins");

            migrationBuilder.DropColumn(
                name: "AwaitsPartner",
                table: "Twins");

            migrationBuilder.DropColumn(
                name: "ClaimedAt",
                table: "Twins");

            migrationBuilder.CreateIndex(
                name: "IX_Twins_DueAt",
                table: "Twins",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_Twins_LeaseOwner",
                table: "Twins",
                column: "LeaseOwner");
        }
    }
}
