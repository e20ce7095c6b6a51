"""Reads: whatever has a WHERE. Nothing here writes."""
