using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exalate.Core.Storage.Migrations.Sqlite
{
    public partial class ReversibleConflicts : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "UnseenWrites",
                table: "Twins",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "LocalDocument",
                table: "Conflicts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "RemoteDocument",
                table: "Conflicts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ReversedAt",
                table: "Conflicts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ReversedBy",
                table: "Conflicts",
                type: "TEXT",
                maxLength: 256,
                nullable: true);
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "UnseenWrites",
                table: "Twins");

            migrationBuilder.DropColumn(
                name: "LocalDocument",
                table: "Conflicts");

            migrationBuilder.DropColumn(
                name: "RemoteDocument",
                table: "Conflicts");

            migrationBuilder.DropColumn(
                name: "ReversedAt",
                table: "Conflicts");

            migrationBuilder.DropColumn(
                name: "ReversedBy",
                table: "Conflicts");
        }
    }
}
