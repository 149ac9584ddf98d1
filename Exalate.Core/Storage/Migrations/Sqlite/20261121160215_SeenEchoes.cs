using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exalate.Core.Storage.Migrations.Sqlite
{
    public partial class SeenEchoes : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "SeenUntil",
                table: "Twins",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "OwnUntil",
                table: "SyncEvents",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Twins_LocalProjectId",
                table: "Twins",
                column: "LocalProjectId");
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Twins_LocalProjectId",
                table: "Twins");

            migrationBuilder.DropColumn(
                name: "SeenUntil",
                table: "Twins");

            migrationBuilder.DropColumn(
                name: "OwnUntil",
                table: "SyncEvents");
        }
    }
}
