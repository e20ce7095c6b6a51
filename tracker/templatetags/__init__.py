"""Template tags: how times and words are written on the screen. No queries, no clock, no rules."""
