using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exalate.Core.Storage.Migrations.SqlServer
{
    public partial class StorageProbes : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "StorageProbes",
                columns: table => new
                {
                    Id = table.Column<int>(type: "int", nullable: false),
                    Filler = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StorageProbes", x => x.Id);
                });
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "StorageProbes");
        }
    }
}
