namespace Sluice;

/// <summary>The families of rules, named by the first digit of the id. They are the categories of .editorconfig.</summary>
internal static class Family
{
    public const string Discipline = "Sluice.Discipline";
    public const string Context = "Sluice.Context";
    public const string Channels = "Sluice.Channels";
    public const string Sharing = "Sluice.Sharing";
    public const string Deadlocks = "Sluice.Deadlocks";
    public const string Tasks = "Sluice.Tasks";
    public const string Supply = "Sluice.Supply";
    public const string Plumbing = "Sluice.Plumbing";
    public const string Host = "Sluice.Host";
}
