"""When each entry of a seed file became public, where the file leaves that to be derived.

Lives here: the defaults of `public` that docs/seeds.md tells. Must not live here: other rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tracker.domain import stated

from .seed_rows import Row, State
from .seed_yaml import Mistakes

_PUBLIC_MEND = "Add public: with the time and zone at which it was said or happened"


class _NoPublicError(Exception):
    """Neither stated nor to be derived."""


class _Publics:
    """Derives the public time of each row once; what derives from what is in docs/seeds.md."""

    def __init__(self, rows: list[Row], known: Mapping[str, Mapping[str, State]]) -> None:
        self.by_key = {row.identity: row for row in rows}
        self.known = known
        self.accounts: dict[tuple[str, str], list[Row]] = {}
        self.found: dict[tuple[str, str], str] = {}
        self.busy: set[tuple[str, str]] = set()
        for row in rows:
            if row.noun == "account":
                for target in row.links.values():
                    self.accounts.setdefault(target, []).append(row)

    def of(self, noun: str, key: str) -> str:
        """The canonical text. Raises _NoPublicError."""
        row = self.by_key.get((noun, key))
        if row is None:
            text = str(self.known.get(noun, {}).get(key, {}).get("public") or "")
            if not text:
                raise _NoPublicError
            return text
        if row.identity in self.busy:
            raise _NoPublicError
        if row.identity not in self.found:
            self.busy.add(row.identity)
            try:
                self.found[row.identity] = row.text("public") or self._derived(row)
            finally:
                self.busy.discard(row.identity)
        return self.found[row.identity]

    def _derived(self, row: Row) -> str:
        match row.noun:
            case "source":
                return _usable(row.text("published"))
            case "instrument":
                return _usable(row.text("published") or row.text("signed") or row.text("concluded"))
            case "account":
                return _usable(row.text("said") or self._first_named(row, "source"))
            case "reading":
                columns = ("start", "duration", "end", "rule", "zone")
                named = [k for c in columns for k in self._keys(row, f"{c}_account")]
                if named:
                    return max((self.of("account", k) for k in named), key=_instant)
                return self._of_owner(row)
            case "adoption":
                return self._first_named(row, "reading")
            case "count":
                return self._first_named(row, "source")
            case "clock_stop" | "suspension":
                return _usable(row.text("start"))
            case "verification":
                return _usable(row.text("period_end"))
            case "incident":
                told = [self.of("source", k) for k in self._keys(row, "sources")]
                return min(told, key=_instant) if told else _usable(row.text("occurred"))
            case "move":
                owner = self._of_owner(row)
                effective = row.text("effective")
                if not effective:
                    return owner
                return max(owner, _usable(effective), key=_instant)
            case "pledge":
                return self._first_named(row, "instrument")
        told = [self.of("account", a.key) for a in self.accounts.get(row.identity, [])]
        if row.noun == "position" and self._keys(row, "instrument"):
            return self._first_named(row, "instrument")
        if told:
            return min(told, key=_instant)
        if row.noun in {"condition", "deadline", "dependency"}:
            return self._of_owner(row)
        raise _NoPublicError

    def _of_owner(self, row: Row) -> str:
        if row.owner is None:
            raise _NoPublicError
        return self.of(*row.owner.identity)

    def _keys(self, row: Row, column: str) -> list[str]:
        return row.targets.get(column, ("", []))[1]

    def _first_named(self, row: Row, column: str) -> str:
        noun, keys = row.targets.get(column, ("", []))
        if not keys:
            raise _NoPublicError
        return self.of(noun, keys[0])


def _instant(text: str) -> datetime:
    found = stated.first_instant(stated.parse(text))
    if found is None:
        raise _NoPublicError
    return found


def _usable(text: str) -> str:
    if not text:
        raise _NoPublicError
    _instant(text)
    return text


def publics(rows: list[Row], known: Mapping[str, Mapping[str, State]], mistakes: Mistakes) -> None:
    """Fills in `public` where it was left out; notes where it cannot be derived."""
    found = _Publics(rows, known)
    for row in rows:
        if "public" not in row.columns:
            continue
        try:
            text = found.of(*row.identity)
            _instant(text)
            row.columns["public"] = text
        except _NoPublicError:
            if row.broken or ("public" in row.given and not row.text("public")):
                continue
            line, place = row.where("public")
            if row.text("public"):
                mistakes.add(
                    line,
                    place,
                    f"'{row.text('public')}' gives no instant: its zone or date is not stated",
                    "Add the zone, or ?Europe/Kyiv (say) where one must be assumed",
                )
            elif not _rests_on_broken(row, found):
                mistakes.add(line, place, "it is missing and nothing gives it", _PUBLIC_MEND)


def _rests_on_broken(row: Row, found: _Publics) -> bool:
    """Whether what would have given the public time has a mistake of its own already."""
    for targets in row.needs.values():
        for target in targets:
            other = found.by_key.get(target)
            if other is not None and other is not row and not other.text("public"):
                return True
    return any(not keys and c in row.references for c, (_, keys) in row.targets.items())
