using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Exalate.Core.Storage;

/// <summary>A moment as UTC ticks (100 ns since the year 1), so that both databases order and compare it alike.</summary>
public sealed class UtcTicksConverter() : ValueConverter<DateTimeOffset, long>(
    moment => moment.UtcTicks,
    ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
