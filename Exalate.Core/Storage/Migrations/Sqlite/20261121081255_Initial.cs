using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exalate.Core.Storage.Migrations.Sqlite
{
    public partial class Initial : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AdminUsers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    NormalizedEmail = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    PasswordHash = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    SecurityStamp = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    ConcurrencyStamp = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    AccessFailedCount = table.Column<int>(type: "INTEGER", nullable: false),
                    LockoutEnd = table.Column<long>(type: "INTEGER", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastSignInAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AdminUsers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AuditEntries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", maxLength: 254, nullable: true),
                    Action = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    RemoteAddress = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditEntries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Connections",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    LinkId = table.Column<Guid>(type: "TEXT", nullable: false),
                    RequestId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    NameIsGenerated = table.Column<bool>(type: "INTEGER", nullable: false),
                    Description = table.Column<string>(type: "TEXT", nullable: true),
                    Type = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Mode = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Status = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    IsInviter = table.Column<bool>(type: "INTEGER", nullable: false),
                    LocalShortName = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    RemoteShortName = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    ProjectId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    ProjectKey = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    ProjectName = table.Column<string>(type: "TEXT", maxLength: 300, nullable: true),
                    ProtectedSecret = table.Column<string>(type: "TEXT", nullable: true),
                    RemoteUrl = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    RemoteNodeUid = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    RemoteNodeName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    RemoteTracker = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    RemoteTrackerUrl = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    RemoteVersion = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    ActivatedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Problem = table.Column<string>(type: "TEXT", nullable: true),
                    ProblemSince = table.Column<long>(type: "INTEGER", nullable: true),
                    PausedUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    FailedCalls = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Connections", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "PeerNonces",
                columns: table => new
                {
                    LinkId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Nonce = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PeerNonces", x => new { x.LinkId, x.Nonce });
                });

            migrationBuilder.CreateTable(
                name: "ReceivedOffers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    HandleHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ProtectedCode = table.Column<string>(type: "TEXT", nullable: false),
                    WasHandedOver = table.Column<bool>(type: "INTEGER", nullable: false),
                    FromAddress = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ConfirmBefore = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReceivedOffers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Settings",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    NodeUid = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    NodeName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    ShortName = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    ExalateUrl = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    TrackerKind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    TrackerUrl = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    TrackerAccountName = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    ProtectedTrackerToken = table.Column<string>(type: "TEXT", nullable: true),
                    TrackerTokenSetAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DefaultProjectId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    DefaultProjectKey = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    DefaultProjectName = table.Column<string>(type: "TEXT", maxLength: 300, nullable: true),
                    DefaultEntityType = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    AllowedNetworks = table.Column<string>(type: "TEXT", nullable: true),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Settings", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "TrackerWatches",
                columns: table => new
                {
                    RegistrationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TrackerUrl = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    ProtectedSecret = table.Column<string>(type: "TEXT", nullable: false),
                    ProtectedHandshakeSecrets = table.Column<string>(type: "TEXT", nullable: true),
                    CallbackUrl = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    StateJson = table.Column<string>(type: "TEXT", nullable: true),
                    Projects = table.Column<string>(type: "TEXT", nullable: true),
                    RefusedBecause = table.Column<string>(type: "TEXT", nullable: true),
                    RenewBefore = table.Column<long>(type: "INTEGER", nullable: true),
                    PollCursor = table.Column<string>(type: "TEXT", nullable: true),
                    PollSince = table.Column<long>(type: "INTEGER", nullable: false),
                    PolledAt = table.Column<long>(type: "INTEGER", nullable: true),
                    HandshakeUntil = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TrackerWatches", x => x.RegistrationId);
                });

            migrationBuilder.CreateTable(
                name: "Acceptances",
                columns: table => new
                {
                    ConnectionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    AcceptId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TokenHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ProtectedToken = table.Column<string>(type: "TEXT", nullable: false),
                    InviterUrl = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    InviterUid = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Acceptances", x => x.ConnectionId);
                    table.ForeignKey(
                        name: "FK_Acceptances_Connections_ConnectionId",
                        column: x => x.ConnectionId,
                        principalTable: "Connections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Invitations",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ConnectionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    TokenHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ProtectedCode = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    InvitedNodeUid = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    AcceptId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    UsedByNodeUid = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    UsedFromAddress = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RevokedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Invitations", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Invitations_Connections_ConnectionId",
                        column: x => x.ConnectionId,
                        principalTable: "Connections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Twins",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ConnectionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PairId = table.Column<Guid>(type: "TEXT", nullable: false),
                    LocalEntityId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    LocalKey = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    LocalLink = table.Column<string>(type: "TEXT", nullable: true),
                    LocalProjectId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    RemoteEntityId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    RemoteKey = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    RemoteLink = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    StartedHere = table.Column<bool>(type: "INTEGER", nullable: false),
                    LocalBase = table.Column<string>(type: "TEXT", nullable: true),
                    RemoteBase = table.Column<string>(type: "TEXT", nullable: true),
                    FieldVersions = table.Column<string>(type: "TEXT", nullable: true),
                    DivergedFields = table.Column<string>(type: "TEXT", nullable: true),
                    SentVersion = table.Column<long>(type: "INTEGER", nullable: false),
                    AcknowledgedVersion = table.Column<long>(type: "INTEGER", nullable: false),
                    ReceivedVersion = table.Column<long>(type: "INTEGER", nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastSyncAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LeaseOwner = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Signal = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Twins", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Twins_Connections_ConnectionId",
                        column: x => x.ConnectionId,
                        principalTable: "Connections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Conflicts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ConnectionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    TwinId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Field = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    LocalValue = table.Column<string>(type: "TEXT", nullable: false),
                    RemoteValue = table.Column<string>(type: "TEXT", nullable: false),
                    LocalWon = table.Column<bool>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Conflicts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Conflicts_Twins_TwinId",
                        column: x => x.TwinId,
                        principalTable: "Twins",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Intents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    TwinId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    OriginalId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    EventId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OriginMark = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    ContentHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    StoredAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Intents", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Intents_Twins_TwinId",
                        column: x => x.TwinId,
                        principalTable: "Twins",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SyncEvents",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    EventId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ConnectionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    TwinId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Stage = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Version = table.Column<long>(type: "INTEGER", nullable: false),
                    MessageJson = table.Column<string>(type: "TEXT", nullable: true),
                    ChangedFields = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    ResultJson = table.Column<string>(type: "TEXT", nullable: true),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Problem = table.Column<string>(type: "TEXT", nullable: true),
                    NeedsAttention = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    FinishedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SyncEvents", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SyncEvents_Twins_TwinId",
                        column: x => x.TwinId,
                        principalTable: "Twins",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SyncRequests",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ConnectionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    EventId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TwinId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Stage = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    MessageJson = table.Column<string>(type: "TEXT", nullable: false),
                    PlanJson = table.Column<string>(type: "TEXT", nullable: true),
                    ResultJson = table.Column<string>(type: "TEXT", nullable: true),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Problem = table.Column<string>(type: "TEXT", nullable: true),
                    NeedsAttention = table.Column<bool>(type: "INTEGER", nullable: false),
                    ToldProblem = table.Column<string>(type: "TEXT", nullable: true),
                    ReceivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    FinishedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SyncRequests", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SyncRequests_Twins_TwinId",
                        column: x => x.TwinId,
                        principalTable: "Twins",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Traces",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    TwinId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    IsCopyHere = table.Column<bool>(type: "INTEGER", nullable: false),
                    LocalId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    RemoteId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    SourceHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    CopyHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    CopyEdited = table.Column<bool>(type: "INTEGER", nullable: false),
                    CopyRemoved = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Traces", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Traces_Twins_TwinId",
                        column: x => x.TwinId,
                        principalTable: "Twins",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Acceptances_NextAttemptAt",
                table: "Acceptances",
                column: "NextAttemptAt");

            migrationBuilder.CreateIndex(
                name: "UX_AdminUsers_NormalizedEmail",
                table: "AdminUsers",
                column: "NormalizedEmail",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_At",
                table: "AuditEntries",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_Conflicts_ConnectionId_At",
                table: "Conflicts",
                columns: new[] { "ConnectionId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Conflicts_TwinId",
                table: "Conflicts",
                column: "TwinId");

            migrationBuilder.CreateIndex(
                name: "IX_Connections_LinkId_IsInviter",
                table: "Connections",
                columns: new[] { "LinkId", "IsInviter" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Connections_Name",
                table: "Connections",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Connections_RequestId",
                table: "Connections",
                column: "RequestId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Intents_TwinId_Kind_OriginalId",
                table: "Intents",
                columns: new[] { "TwinId", "Kind", "OriginalId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Invitations_ConnectionId_Number",
                table: "Invitations",
                columns: new[] { "ConnectionId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Invitations_TokenHash",
                table: "Invitations",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PeerNonces_ExpiresAt",
                table: "PeerNonces",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_ReceivedOffers_ExpiresAt",
                table: "ReceivedOffers",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_ReceivedOffers_HandleHash",
                table: "ReceivedOffers",
                column: "HandleHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SyncEvents_ConnectionId_EventId",
                table: "SyncEvents",
                columns: new[] { "ConnectionId", "EventId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SyncEvents_FinishedAt",
                table: "SyncEvents",
                column: "FinishedAt");

            migrationBuilder.CreateIndex(
                name: "IX_SyncEvents_TwinId_Stage",
                table: "SyncEvents",
                columns: new[] { "TwinId", "Stage" });

            migrationBuilder.CreateIndex(
                name: "IX_SyncRequests_ConnectionId_EventId",
                table: "SyncRequests",
                columns: new[] { "ConnectionId", "EventId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SyncRequests_FinishedAt",
                table: "SyncRequests",
                column: "FinishedAt");

            migrationBuilder.CreateIndex(
                name: "IX_SyncRequests_TwinId_Stage",
                table: "SyncRequests",
                columns: new[] { "TwinId", "Stage" });

            migrationBuilder.CreateIndex(
                name: "IX_Traces_TwinId_Kind_LocalId",
                table: "Traces",
                columns: new[] { "TwinId", "Kind", "LocalId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Traces_TwinId_Kind_RemoteId",
                table: "Traces",
                columns: new[] { "TwinId", "Kind", "RemoteId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_TrackerWatches_TrackerUrl",
                table: "TrackerWatches",
                column: "TrackerUrl",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Twins_ConnectionId_LocalEntityId",
                table: "Twins",
                columns: new[] { "ConnectionId", "LocalEntityId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Twins_ConnectionId_PairId",
                table: "Twins",
                columns: new[] { "ConnectionId", "PairId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Twins_ConnectionId_RemoteEntityId",
                table: "Twins",
                columns: new[] { "ConnectionId", "RemoteEntityId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Twins_DueAt",
                table: "Twins",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_Twins_LeaseOwner",
                table: "Twins",
                column: "LeaseOwner");

            migrationBuilder.CreateIndex(
                name: "IX_Twins_LocalEntityId",
                table: "Twins",
                column: "LocalEntityId");
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Acceptances");

            migrationBuilder.DropTable(
                name: "AdminUsers");

            migrationBuilder.DropTable(
                name: "AuditEntries");

            migrationBuilder.DropTable(
                name: "Conflicts");

            migrationBuilder.DropTable(
                name: "Intents");

            migrationBuilder.DropTable(
                name: "Invitations");

            migrationBuilder.DropTable(
                name: "PeerNonces");

            migrationBuilder.DropTable(
                name: "ReceivedOffers");

            migrationBuilder.DropTable(
                name: "Settings");

            migrationBuilder.DropTable(
                name: "SyncEvents");

            migrationBuilder.DropTable(
                name: "SyncRequests");

            migrationBuilder.DropTable(
                name: "Traces");

            migrationBuilder.DropTable(
                name: "TrackerWatches");

            migrationBuilder.DropTable(
                name: "Twins");

            migrationBuilder.DropTable(
                name: "Connections");
        }
    }
}
