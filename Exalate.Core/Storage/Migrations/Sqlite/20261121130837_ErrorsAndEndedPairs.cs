using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exalate.Core.Storage.Migrations.Sqlite
{
    public partial class ErrorsAndEndedPairs : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "PassedOver",
                table: "Twins",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "FailedLooks",
                table: "TrackerWatches",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Problem",
                table: "TrackerWatches",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ProblemSince",
                table: "TrackerWatches",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ProblemCategory",
                table: "SyncRequests",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ProblemSince",
                table: "SyncRequests",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ProblemCategory",
                table: "SyncEvents",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ProblemSince",
                table: "SyncEvents",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_SyncRequests_ProblemSince",
                table: "SyncRequests",
                column: "ProblemSince",
                filter: "\"ProblemSince\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_SyncEvents_ProblemSince",
                table: "SyncEvents",
                column: "ProblemSince",
                filter: "\"ProblemSince\" IS NOT NULL");
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_SyncRequests_ProblemSince",
                table: "SyncRequests");

            migrationBuilder.DropIndex(
                name: "IX_SyncEvents_ProblemSince",
                table: "SyncEvents");

            migrationBuilder.DropColumn(
                name: "PassedOver",
                table: "Twins");

            migrationBuilder.DropColumn(
                name: "FailedLooks",
                table: "TrackerWatches");

            migrationBuilder.DropColumn(
                name: "Problem",
                table: "TrackerWatches");

            migrationBuilder.DropColumn(
                name: "ProblemSince",
                table: "TrackerWatches");

            migrationBuilder.DropColumn(
                name: "ProblemCategory",
                table: "SyncRequests");

            migrationBuilder.DropColumn(
                name: "ProblemSince",
                table: "SyncRequests");

            migrationBuilder.DropColumn(
                name: "ProblemCategory",
                table: "SyncEvents");

            migrationBuilder.DropColumn(
                name: "ProblemSince",
                table: "SyncEvents");
        }
    }
}
