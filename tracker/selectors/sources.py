"""The rows that a source's page rests on, in the mapper's tables: its versions, and what names it.

As many queries for a dossier of a hundred thousand pledges as for one of three. Must not live here:
what the page makes of them (register.py, versions.py).
"""

from collections.abc import Collection, Mapping
from typing import Any

from tracker.models import FACTS, Comment, Dossier, Source

from . import rows
from .facts import Tables

# By which columns a row names the sources that it rests on.
_ONE, _SEVERAL = "source", "sources"


def tables(dossier: Dossier, key: str) -> Tables:
    """Its versions with their texts, what was taken from any of them, what cites it and what was
    said of it; nothing, where there is no such source.
    """
    line = _line(dossier, key)
    if not line:
        return {}
    versions = Source.objects.filter(dossier=dossier, key__in=line)
    found = {Source.NOUN: rows.states(Source, versions)}
    for noun, model in FACTS.items():
        names = {one.name for one in model._meta.get_fields()}
        named: Any = model._default_manager.filter(dossier=dossier)
        if model is Comment:
            found[noun] = rows.states(model, named.filter(source__key=key))
        elif _ONE in names:
            found[noun] = rows.states(model, named.filter(source__key__in=line))
        elif _SEVERAL in names:
            found[noun] = rows.states(model, named.filter(sources__key=key).distinct())
    return found


def _line(dossier: Dossier, key: str) -> Collection[str]:
    """The keys of all versions: those that it follows, those that follow it, and theirs."""
    sources = Source.objects.filter(dossier=dossier)
    newer = sources.filter(earlier__isnull=False).values_list("key", "earlier__key")
    before: Mapping[str, str] = {one: str(earlier) for one, earlier in newer}
    after: dict[str, set[str]] = {}
    for one, earlier in before.items():
        after.setdefault(earlier, set()).add(one)
    found: set[str] = set()
    todo = {key} if key in before or sources.filter(key=key).exists() else set()
    while todo:
        one = todo.pop()
        found.add(one)
        beside = after.get(one, set()) | ({before[one]} if one in before else set())
        todo |= beside - found
    return found
