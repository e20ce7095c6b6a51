"""Pytest plugins that must come before Django's settings are read."""
