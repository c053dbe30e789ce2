using System;
using System.Collections.Generic;
using System.Globalization;

namespace Depot.Parcels;

public sealed class ParcelOptions
{
    public int MaximumAttempts { get; init; } = 5;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public string Prefix { get; init; } = "NL";

    public double MaximumWeight { get; init; } = 31.5;

    public Uri Endpoint { get; init; } = new("https://depot.example");

    public IReadOnlyList<string> Carriers { get; init; } = Array.Empty<string>();

    public bool Strict { get; init; }

    public static ParcelOptions From(IReadOnlyDictionary<string, string> settings)
    {
        var defaults = new ParcelOptions();
        return new ParcelOptions
        {
            MaximumAttempts = Int(settings, "attempts", defaults.MaximumAttempts),
            Timeout = TimeSpan.FromSeconds(Number(settings, "timeout", defaults.Timeout.TotalSeconds)),
            Prefix = settings.TryGetValue("prefix", out var prefix) ? prefix : defaults.Prefix,
            MaximumWeight = Number(settings, "weight", defaults.MaximumWeight),
            Endpoint = settings.TryGetValue("endpoint", out var endpoint) && Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) ? uri : defaults.Endpoint,
            Carriers = settings.TryGetValue("carriers", out var carriers) ? carriers.Split(',', StringSplitOptions.TrimEntries) : defaults.Carriers,
            Strict = settings.TryGetValue("strict", out var strict) && bool.Parse(strict),
        };
    }

    public IEnumerable<string> Problems()
    {
        if (MaximumAttempts is < 1 or > 100)
        {
            yield return $"{nameof(MaximumAttempts)} must be 1 to 100";
        }

        if (Timeout <= TimeSpan.Zero)
        {
            yield return $"{nameof(Timeout)} must be positive";
        }

        if (Prefix.Length != 2)
        {
            yield return $"{nameof(Prefix)} must be two letters";
        }

        if (Strict && Carriers.Count == 0)
        {
            yield return "at least one carrier is needed";
        }
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}: {MaximumAttempts} attempts of {Timeout.TotalSeconds:0.#} s, up to {MaximumWeight} kg at {Endpoint}");

    private static int Int(IReadOnlyDictionary<string, string> settings, string key, int otherwise) =>
        settings.TryGetValue(key, out var text) && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    private static double Number(IReadOnlyDictionary<string, string> settings, string key, double otherwise) =>
        settings.TryGetValue(key, out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : otherwise;
}

public sealed class ParcelOptionsBuilder
{
    private readonly Dictionary<string, string> _settings = new(StringComparer.OrdinalIgnoreCase);

    public ParcelOptionsBuilder Attempts(int attempts) => Set("attempts", attempts.ToString(CultureInfo.InvariantCulture));

    public ParcelOptionsBuilder Timeout(TimeSpan timeout) => Set("timeout", timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture));

    public ParcelOptionsBuilder Prefix(string prefix) => Set("prefix", prefix);

    public ParcelOptionsBuilder Carriers(params string[] carriers) => Set("carriers", string.Join(',', carriers));

    public ParcelOptionsBuilder Strict() => Set("strict", "true");

    public ParcelOptions Build()
    {
        var options = ParcelOptions.From(_settings);
        foreach (var problem in options.Problems())
        {
            throw new ArgumentException(problem);
        }

        return options;
    }

    private ParcelOptionsBuilder Set(string key, string value)
    {
        _settings[key] = value;
        return this;
    }
}
