namespace Pipeline;

public sealed record Order(int Number, string Customer, decimal Amount);

public sealed record Receipt(Order Order, int Worker, int Attempts);
