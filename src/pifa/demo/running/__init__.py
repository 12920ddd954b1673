"""The season of the key-account programme that runs while the demo market opens: its rules, who takes
part in it, what they sell for it, and what came of it so far."""
