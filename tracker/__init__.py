"""Ceasefire commitment tracker. Nothing else lives here: what one needs is imported from its layer.

Zone rules come from the locked tzdata package alone: two hosts must count the same days.
"""

from zoneinfo import reset_tzpath

reset_tzpath(())
