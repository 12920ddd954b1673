"""What secured credit tells: sellers of their claims, buyers of their debts, staff of both."""
