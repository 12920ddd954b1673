"""The tests mirror `src/pifa`; `tests/plugins` holds what they stand on."""
