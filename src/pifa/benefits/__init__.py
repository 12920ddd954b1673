"""The register of benefits: who may what, from when to when, by which source, for what reason.

Standing, programmes and operators write grants; whoever gives the benefit (trade, finance,
catalog) reads them here and never asks "is it 3A?". This floor knows neither medals nor levels.
"""
