"""Comments as members read them: on a fact, or on a pledge and what belongs to it; who may.

They are for members, whatever else is public. Must not live here: who is owed an alert (actions).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.models import AlertSettings, Comment, LedgerEntry, Membership, Pledge, User
from tracker.models.comment import ABOUT

from .facts import State, Tables, earliest_of

UID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class Said:
    """One comment. ``noun`` and ``about``: what it is on; ``told``: names of whom it tells.

    ``people``: those names by opaque id, erased ones apart. ``changed_at``: when it was last
    amended; None: never.
    """

    key: str
    noun: str
    about: str
    text: str
    author: str
    author_uid: str
    written_at: datetime | None
    changed_at: datetime | None
    withdrawn: datetime | None
    withdrawn_reason: str
    told: tuple[str, ...]
    people: Mapping[str, str]


def on(
    chain: str,
    tables: Tables,
    about: Mapping[str, Collection[str]],
    *,
    at: datetime,
    known: datetime | None = None,
) -> list[Said]:
    """What was said of these rows, ``{noun: keys}``, by ``at``, the oldest first. Two queries.

    ``tables`` are the dossier's facts, as they are or as the ledger had them at ``known``.
    """
    found = {
        key: state
        for key, state in tables.get("comment", {}).items()
        if any(state.get(noun) in keys for noun, keys in about.items())
        and (public := earliest_of(state["public"])) is not None
        and public <= at
    }
    if not found:
        return []
    written, changed = _entries(chain, found, known)
    uids = {by for by, _ in written.values()} | {u for s in found.values() for u in s["mentions"]}
    users = User.objects.filter(uid__in=[uid for uid in uids if len(uid) == UID_LENGTH])
    people = {str(user.uid): user for user in users}
    made = [_said(key, state, written, changed, people, at) for key, state in found.items()]
    return sorted(made, key=lambda said: (str(said.written_at), said.key))


def _entries(
    chain: str, keys: Collection[str], known: datetime | None
) -> tuple[dict[str, tuple[str, datetime]], dict[str, datetime]]:
    """By key who wrote each and when, and when it was last amended."""
    entries = LedgerEntry.objects.filter(chain__name=chain, noun=Comment.NOUN, row_key__in=keys)
    if known is not None:
        entries = entries.filter(recorded_at__lte=known)
    written: dict[str, tuple[str, datetime]] = {}
    changed: dict[str, datetime] = {}
    told = entries.order_by("seq").values_list("row_key", "by", "action", "recorded_at")
    for key, by, action, recorded_at in told:
        if key not in written:
            written[key] = (by, recorded_at)
        elif action.endswith(".amend"):
            changed[key] = recorded_at
    return written, changed


def _said(
    key: str,
    state: State,
    written: Mapping[str, tuple[str, datetime]],
    changed: Mapping[str, datetime],
    people: Mapping[str, User],
    at: datetime,
) -> Said:
    noun = next(name for name in ABOUT if state.get(name))
    by, written_at = written.get(key, ("", None))
    withdrawn = earliest_of(state.get("withdrawn_at"))
    told = [people[uid] for uid in state["mentions"] if uid in people]
    return Said(
        key=key,
        noun=noun,
        about=str(state[noun]),
        text=str(state["text"]),
        author=str(people[by]) if by in people else "",
        author_uid=by,
        written_at=written_at,
        changed_at=changed.get(key),
        withdrawn=withdrawn if withdrawn is not None and withdrawn <= at else None,
        withdrawn_reason=str(state.get("withdrawn_reason") or ""),
        told=tuple(sorted((str(user) for user in told), key=str.casefold)),
        people={str(user.uid): user.name for user in told if user.name},
    )


def of_pledge(tables: Tables, ref: str) -> dict[str, set[str]]:
    """The pledge, its conditions and its incidents: where comments on its page may stand."""
    extensions = {k for k, s in tables.get("extension", {}).items() if s.get("pledge") == ref}
    return {
        "pledge": {ref},
        "condition": {
            key
            for key, state in tables.get("condition", {}).items()
            if state.get("pledge") == ref or state.get("extension") in extensions
        },
        "incident": {
            key
            for key, state in tables.get("incident", {}).items()
            if ref in (state.get("pledges") or ())
        },
    }


def authors_of(comments: Iterable[Comment]) -> dict[str, str]:
    """Who wrote each, by the slug of its dossier and its key. Two queries."""
    wanted = {(comment.dossier.slug, comment.key) for comment in comments}
    entries = LedgerEntry.objects.filter(
        chain__name__in={chain for chain, _ in wanted},
        noun=Comment.NOUN,
        row_key__in={key for _, key in wanted},
    ).order_by("-seq")
    by = {
        (chain, key): uid
        for chain, key, uid in entries.values_list("chain__name", "row_key", "by")
        if (chain, key) in wanted
    }
    users = User.objects.filter(uid__in=[uid for uid in by.values() if len(uid) == UID_LENGTH])
    names = {str(user.uid): str(user) for user in users}
    return {f"{chain} {key}": names.get(uid, "") for (chain, key), uid in by.items()}


def pledge_of(comment: Comment) -> Pledge | None:
    """The pledge on whose page it stands; None: of a source, a position, an event of no pledge."""
    if comment.pledge is not None:
        return comment.pledge
    if comment.condition is not None:
        on_link = comment.condition.extension
        return comment.condition.pledge or (on_link.pledge if on_link is not None else None)
    if comment.incident is not None:
        return comment.incident.pledges.order_by("ref").first()
    return None


def insiders(dossiers: Collection[int]) -> dict[int, frozenset[int]]:
    """Who reads the comments of each dossier: its active members. One query."""
    found: dict[int, set[int]] = {pk: set() for pk in dossiers}
    members = Membership.objects.filter(dossier__in=dossiers, user__is_active=True)
    for dossier, user in members.values_list("dossier_id", "user_id"):
        found[dossier].add(user)
    return {pk: frozenset(users) for pk, users in found.items()}


def want_mentions(users: Iterable[int]) -> set[int]:
    """Those of them who have not turned mentions off."""
    wanted = set(users)
    off = AlertSettings.objects.filter(user__in=wanted, by_mention=False)
    return wanted - set(off.values_list("user_id", flat=True))
