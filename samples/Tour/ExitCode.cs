namespace Sluice.Tour;

internal static class ExitCode
{
    public const int Clean = 0;
    public const int Findings = 1;
    public const int CouldNotVet = 2;
    public const int SluiceFailed = 3;
}
