"""Contracts that hold over the whole of the app."""
