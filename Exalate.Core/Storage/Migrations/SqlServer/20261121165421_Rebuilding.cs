using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exalate.Core.Storage.Migrations.SqlServer
{
    public partial class Rebuilding : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "PartnerVoucher",
                table: "Twins",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ProtectedVoucherKey",
                table: "Settings",
                type: "nvarchar(max)",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "NextPulse",
                table: "Connections",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "PartnerEpoch",
                table: "Connections",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "PartnerPulse",
                table: "Connections",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Pulse",
                table: "Connections",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "PulseAt",
                table: "Connections",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "RebuildJson",
                table: "Connections",
                type: "nvarchar(max)",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Twins_ConnectionId_CreatedAt",
                table: "Twins",
                columns: new[] { "ConnectionId", "CreatedAt" });
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Twins_ConnectionId_CreatedAt",
                table: "Twins");

            migrationBuilder.DropColumn(
                name: "PartnerVoucher",
                table: "Twins");

            migrationBuilder.DropColumn(
                name: "ProtectedVoucherKey",
                table: "Settings");

            migrationBuilder.DropColumn(
                name: "NextPulse",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "PartnerEpoch",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "PartnerPulse",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "Pulse",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "PulseAt",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "RebuildJson",
                table: "Connections");
        }
    }
}
