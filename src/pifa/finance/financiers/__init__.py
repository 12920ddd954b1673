"""Financiers: they pay sellers on behalf of buyers, and collect from the buyers themselves."""
