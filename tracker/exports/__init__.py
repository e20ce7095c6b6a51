"""Rows in, bytes out: what leaves the register as files. Nothing here writes a row."""
