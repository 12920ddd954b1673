"""The key-account programme (通天计划): seasons, rehearsal, enrolment, checkpoints, tags, tracks.

Sellers of real scale bring their trade online; the market gives traffic for it. What a season asks
and gives is its file (`pifa.seasons`), read and checked here, and kept as it was published. Sales
are the metrics' (`pifa.metrics`), medals are standing's; what members hold becomes grants in
`pifa.benefits`, where the other floors ask. It moves no money and ranks nothing itself.
"""
