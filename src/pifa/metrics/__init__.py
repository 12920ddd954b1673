"""What the market counts: facts, the lake they are kept in, metrics and their two sources.

Facts are made from the outbox by the rules that floors hand in (`sources`). Closed days lie in a
Parquet lake, today in tables kept by the same events; at the close of a day both are proven
equal. Every metric is defined once (`definitions`) and reckoned by DuckDB, for all companies
from the lake (`engine.measure`), for a few from the tables (`queries.figures`). What a figure
is good for is not known here: levels, tiers and medals are the floor `standing`.
"""
