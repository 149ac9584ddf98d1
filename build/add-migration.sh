#!/usr/bin/env bash
# Adds a migration for both providers from the present model. Usage: build/add-migration.sh NameOfTheChange
set -euo pipefail
cd "$(dirname "$0")/.."
name="${1:?Give the migration a name, e.g. build/add-migration.sh Triggers}"
dotnet tool restore >/dev/null
dotnet build Exalate.Console -v q --nologo
for provider in Sqlite SqlServer; do
    dotnet ef migrations add "$name" --no-build --project Exalate.Core --startup-project Exalate.Console \
        --context "${provider}ExalateDbContext" --output-dir "Storage/Migrations/$provider" 2> >(grep -v -e applicationName -e "accessing the Microsoft.Extensions.Hosting" -e "neither a command" >&2)
done
