"""Values and folds. No IO, no clock, no async; the standard library and msgspec only."""
