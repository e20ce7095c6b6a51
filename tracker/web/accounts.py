"""The accounts of one pledge, field by field: who asserts, who denies, who is silent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from tracker.domain.facts import ACCOUNT_FIELDS, Stance
from tracker.selectors.entries import Entry, FactView
from tracker.selectors.facts import earliest_of


@dataclass(frozen=True, slots=True)
class Said:
    """One account of one field: by whom, and what (blank: only that it stands or falls)."""

    key: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field over all accounts. It is contested where one denies or two assert unlike things."""

    name: str
    asserts: list[Said]
    denies: list[Said]
    silent: list[Said]
    is_contested: bool


@dataclass(frozen=True, slots=True)
class Quotation:
    """One account with the source that it is taken from.

    ``reading``: what fills in the form of a reading made of it; blank where it asserts no date.
    """

    account: FactView
    who: str
    party: str
    source: Mapping[str, Any]
    source_withdrawn: bool
    reading: str = ""


def who(entry: Entry, account: FactView) -> str:
    """Who speaks in an account: the speaker, else the party, else the source's publisher."""
    state = account.state
    source = entry.tables.get("source", {}).get(state["source"], {})
    party = entry.parties.get(state.get("party") or "", "")
    speaker = str(state.get("speaker") or "")
    if speaker and party and party not in speaker:
        return f"{speaker} ({party})"
    return speaker or party or str(source.get("publisher") or state["source"])


def fields_of(entry: Entry) -> list[Field]:
    """The fields that at least one standing account speaks to, in their order."""
    standing = [a for a in entry.accounts if a.withdrawn is None]
    contested = {flag.subject for flag in entry.flags if flag.kind == "accounts_differ"}
    found = []
    for name in ACCOUNT_FIELDS:
        by_stance: dict[str, list[Said]] = {stance: [] for stance in Stance}
        for account in standing:
            values = account.state.get("values") or {}
            said = Said(account.key, who(entry, account), str(values.get(name) or ""))
            by_stance[account.state.get(name) or Stance.SILENT].append(said)
        if by_stance[Stance.ASSERTS] or by_stance[Stance.DENIES]:
            found.append(
                Field(
                    name,
                    by_stance[Stance.ASSERTS],
                    by_stance[Stance.DENIES],
                    by_stance[Stance.SILENT],
                    name in contested,
                )
            )
    return found


def is_withdrawn(state: Mapping[str, Any], at: datetime) -> bool:
    """Whether a row was withdrawn by ``at``; an empty state is of none."""
    since = earliest_of(state.get("withdrawn_at"))
    return since is not None and since <= at


def quotations(entry: Entry) -> list[Quotation]:
    """Every account with its quotation and its source, in the order in which they were made."""
    sources = entry.tables.get("source", {})
    return [
        Quotation(
            account,
            who(entry, account),
            entry.parties.get(account.state.get("party") or "", ""),
            sources.get(account.state["source"], {}),
            is_withdrawn(sources.get(account.state["source"], {}), entry.found.at),
            urlencode(as_reading(entry, account)),
        )
        for account in entry.accounts
    ]


def as_reading(entry: Entry, account: FactView) -> dict[str, str]:
    """The columns of a reading that an account asserts, in its words, each named as from it.

    Of a duration and an end the duration: a reading has one of them.
    """
    said = account.state.get("values") or {}
    dated = [n for n in ("start", "duration", "end") if account.state.get(n) == Stance.ASSERTS]
    if account.withdrawn is not None or not dated:
        return {}
    if "duration" in dated and "end" in dated:
        dated.remove("end")
    given = {
        "about": f"pledge:{entry.ref}",
        "public": account.state.get("public") or "",
        "speaker": account.state.get("party") or "",
        **{name: str(said.get(name) or "") for name in dated},
        **{f"{name}_account": account.key for name in dated},
    }
    return {name: text for name, text in given.items() if text}
