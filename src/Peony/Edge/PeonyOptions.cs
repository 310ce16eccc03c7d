namespace Peony.Edge;

/// <summary>Sandbox runs with demo keys, simulators and a clock that can be advanced; Production refuses all of these.</summary>
internal enum PeonyMode
{
    Sandbox,
    Production,
}

/// <summary>How this instance runs. Fixed at start.</summary>
internal sealed class PeonyOptions
{
    public PeonyMode Mode { get; init; } = PeonyMode.Sandbox;

    /// <summary>The folder for everything on disk: SQLite files, secrets, seal, data-protection keys.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>A PostgreSQL connection string, or null for SQLite under <see cref="DataDirectory"/>.</summary>
    public string? Database { get; init; }

    /// <summary>Where the bank takes ISO 20022 files, set at start in the sandbox when the simulators are up.</summary>
    public Uri? BankUrl { get; set; }

    /// <summary>The HTTP SMS gateway.</summary>
    public Uri? SmsUrl { get; set; }

    /// <summary>The mail server: <c>smtps://host:465</c>, or <c>smtp://host:587</c> which must offer TLS (STARTTLS); null sends no mail. A sandbox has its simulator.</summary>
    public Uri? SmtpUrl { get; set; }

    /// <summary>The name to sign in at the mail server with; empty for none.</summary>
    public string SmtpUser { get; init; } = "";

    public string SmtpPassword { get; init; } = "";

    /// <summary>The address mail comes from.</summary>
    public string MailFrom { get; init; } = "notices@peony.example";

    /// <summary>The identity bureau and four-elements service.</summary>
    public Uri? BureauUrl { get; set; }

    /// <summary>Shared secret for requests to and from the three services above.</summary>
    public string ProviderKey { get; set; } = "";

    /// <summary>The operator's name as its bank knows it.</summary>
    public string OperatorName { get; init; } = "Peony Sandbox";

    /// <summary>The operator's account that payouts are paid from.</summary>
    public string OperatorAccount { get; init; } = "9558800000000000";

    /// <summary>The bank of that account.</summary>
    public string OperatorBank { get; init; } = "ICBC";

    /// <summary>True to fill a fresh sandbox with demo customers.</summary>
    public bool IsDemo { get; init; } = true;

    public bool IsSandbox => Mode == PeonyMode.Sandbox;
}
