"""The words of the register as people read them: one translated label per stored value.

A value without a label is shown with its underscores as spaces; a test proves that every value of
the domain has one. No rules, no queries.
"""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tracker.domain.facts import ACCOUNT_FIELDS, Stance

register = template.Library()

LABELS: Mapping[str, Mapping[str, Any]] = {
    "stage": {
        "announced": _("Announced"),
        "awaiting_conditions": _("Awaiting conditions"),
        "awaiting_trigger": _("Awaiting trigger"),
        "scheduled": _("Scheduled"),
        "in_force": _("In force"),
        "expired": _("Expired"),
        "superseded": _("Superseded"),
        "terminated": _("Terminated by mutual agreement"),
        "withdrawn": _("Withdrawn"),
        "released": _("Released on the other’s breach"),
        "condition_failed": _("Ended: a condition failed"),
        "hostilities_resumed": _("Ended: hostilities resumed"),
        "completed": _("Completed"),
        "never_entered": _("Never entered into force"),
        "rejected": _("Rejected by its addressee"),
    },
    "compliance": {
        "not_assessed": _("Not assessed"),
        "held": _("Held"),
        "held_in_part": _("Held in part"),
        "contested": _("Contested"),
        "breached": _("Breached"),
        "fulfilled": _("Fulfilled"),
        "fulfilled_late": _("Fulfilled late"),
        "cannot_be_determined": _("Cannot be determined"),
        "not_initiated": _("Not initiated"),
        "minimum": _("Minimum"),
        "intermediate": _("Intermediate"),
        "complete": _("Complete"),
    },
    "band": {
        "expired": _("Expired or overdue"),
        "24h": _("Within 24 hours"),
        "72h": _("Within 72 hours"),
        "7d": _("Within 7 days"),
        "later": _("Later"),
        "none": _("No end, or clock stopped"),
        "ended": _("Ended by a person"),
    },
    "act": {
        "halt": _("halts"),
        "refrain": _("refrains"),
        "allow": _("allows"),
        "withdraw": _("withdraws"),
        "release": _("releases"),
        "provide": _("provides"),
        "establish": _("establishes"),
        "negotiate": _("negotiates"),
        "other": _("undertakes"),
    },
    "subject": {
        "energy_infrastructure": _("energy infrastructure"),
        "civilians": _("civilians"),
        "prisoners": _("prisoners"),
        "humanitarian_access": _("humanitarian access"),
        "maritime": _("maritime"),
        "heavy_weapons": _("heavy weapons"),
        "arms_transfers": _("arms transfers"),
        "territory": _("territory"),
        "media": _("media"),
        "other": _("other"),
    },
    "specificity": {
        "vague": _("vague"),
        "specific": _("specific"),
        "measurable": _("measurable"),
    },
    "overlay": {"suspended": _("Suspended"), "clock_stopped": _("Clock stopped")},
    "flag": {
        "starts_soon": _("Starts soon"),
        "due_soon": _("Runs out soon"),
        "expired": _("Expired"),
        "reading_ended": _("Another reading’s end has passed"),
        "expired_unassessed": _("Expired, not finally assessed"),
        "term_passed_unstarted": _("The term passed before it began"),
        "deadline_due": _("A deadline is due"),
        "deadline_missed": _("A deadline has passed undone"),
        "condition_overdue": _("A condition is overdue"),
        "verification_due": _("Verification is due"),
        "unverified": _("Not verified for too long"),
        "violation_reported": _("A violation is reported"),
        "accounts_differ": _("Accounts differ"),
        "dependency_failed": _("What it rests on has failed"),
    },
    "field": {
        "existence": _("That it was promised"),
        "scope": _("Scope"),
        "area": _("Area"),
        "start": _("Start"),
        "duration": _("Duration"),
        "end": _("End"),
        "conditions": _("Conditions"),
        "acceptance": _("Acceptance"),
        "compliance": _("Compliance"),
        "rule": _("Day count"),
        "zone": _("Zone"),
    },
    "field_inline": {
        "existence": _("that it was said"),
        "scope": _("the scope"),
        "area": _("the area"),
        "start": _("the start"),
        "duration": _("the duration"),
        "end": _("the end"),
        "conditions": _("the conditions"),
        "acceptance": _("acceptance"),
        "compliance": _("compliance"),
    },
    "stance": {"asserts": _("asserts"), "denies": _("denies"), "silent": _("silent")},
    "rule": {
        "inclusive": _("day of the start counted"),
        "exclusive": _("day of the start not counted"),
        "elapsed": _("elapsed time"),
        "through": _("through that day"),
        "until": _("until that day begins"),
    },
    "open_end": {
        "not_stated": _("no end stated"),
        "until_event": _("until an event"),
        "indefinite": _("without end"),
    },
    "condition_kind": {
        "entry_precondition": _("Before it enters into force"),
        "reciprocity": _("Reciprocity"),
        "continuing": _("Continuing"),
        "concurrent": _("Concurrent"),
        "extension_condition": _("For an extension"),
        "release_on_breach": _("Release on the other’s breach"),
    },
    "condition": {
        "pending": _("Pending"),
        "met": _("Met"),
        "partly_met": _("Partly met"),
        "unmet": _("Unmet"),
        "waived": _("Waived"),
        "lapsed": _("Lapsed"),
        "cannot_be_verified": _("Cannot be verified"),
        "not_triggered": _("Not triggered"),
        "claimed": _("Claimed"),
        "invoked": _("Invoked"),
    },
    "acknowledgement": {
        "unacknowledged": _("unacknowledged"),
        "accepted": _("accepted"),
        "disputed": _("disputed"),
    },
    "binding": {"not_binding": _("not binding"), "binding": _("binding")},
    "deadline_kind": {
        "milestone": _("Milestone"),
        "report": _("Report"),
        "review": _("Review"),
    },
    "deadline": {"open": _("Open"), "done": _("Done"), "waived": _("Waived")},
    "extension_kind": {
        "extended": _("Extended"),
        "renewed": _("Renewed"),
        "revived": _("Revived"),
        "shortened": _("Shortened"),
        "tacit": _("Continued tacitly"),
    },
    "extension": {
        "proposed": _("proposed"),
        "accepted": _("accepted"),
        "rejected": _("rejected"),
    },
    "incident": {
        "alleged": _("Alleged"),
        "under_inquiry": _("Under inquiry"),
        "not_an_incident": _("Not an incident"),
        "incident_without_violation": _("Incident without violation"),
        "minor_violation": _("Minor violation"),
        "grave_violation": _("Grave violation"),
        "unsubstantiated": _("Unsubstantiated"),
        "access_denied": _("Access denied"),
    },
    "attribution": {
        "none": _("not attributed"),
        "claimed": _("attribution claimed"),
        "assessed": _("attribution assessed"),
        "established": _("attribution established"),
    },
    "qualifier": {
        "exactly": "",
        "more_than": _("more than"),
        "about": _("about"),
        "at_least": _("at least"),
    },
    "position_kind": {
        "demand": _("Demand"),
        "concern": _("Concern"),
        "refusal": _("Refusal"),
        "proposal": _("Proposal"),
        "shared_aim": _("Shared aim"),
        "discussed": _("Discussed without commitment"),
    },
    "party_kind": {
        "state": _("State"),
        "armed_group": _("Armed group"),
        "organisation": _("Organisation"),
        "coalition": _("Coalition"),
        "other": _("Other"),
    },
    "source_kind": {
        "news": _("News report"),
        "readout": _("Readout"),
        "statement": _("Statement"),
        "agreement_text": _("Text of an agreement"),
        "report": _("Report"),
        "social": _("Social media post"),
        "other": _("Other"),
    },
    "instrument_kind": {
        "call": _("Call"),
        "statement": _("Statement"),
        "agreement": _("Agreement"),
        "unilateral_declaration": _("Unilateral declaration"),
        "resolution": _("Resolution"),
        "other": _("Other"),
    },
    "form": {"oral": _("oral"), "written": _("written")},
    "dependency": {
        "rests_on": _("Rests on"),
        "supersedes": _("Supersedes"),
        "part_of": _("Part of"),
    },
    "reliability": {
        "A": _("completely reliable"),
        "B": _("usually reliable"),
        "C": _("fairly reliable"),
        "D": _("not usually reliable"),
        "E": _("unreliable"),
        "F": _("reliability cannot be judged"),
    },
    "credibility": {
        "1": _("confirmed by other sources"),
        "2": _("probably true"),
        "3": _("possibly true"),
        "4": _("doubtful"),
        "5": _("improbable"),
        "6": _("truth cannot be judged"),
    },
    "noun": {
        "account": _("Account"),
        "adoption": _("Adoption"),
        "clock_stop": _("Clock stop"),
        "condition": _("Condition"),
        "count": _("Count"),
        "deadline": _("Deadline"),
        "dependency": _("Dependency"),
        "extension": _("Extension"),
        "incident": _("Incident"),
        "move": _("Judgement"),
        "pledge": _("Pledge"),
        "position": _("Position"),
        "reading": _("Reading"),
        "suspension": _("Suspension"),
        "trigger": _("Trigger"),
        "verification": _("Verification"),
    },
    "role": {
        "reader": _("reader"),
        "analyst": _("analyst"),
        "reviewer": _("reviewer"),
        "owner": _("owner"),
    },
}

SHAPES = {
    "expired": "square",
    "24h": "triangle",
    "72h": "diamond",
    "7d": "disc",
    "later": "ring",
    "none": "dash",
    "ended": "tick",
}


@register.filter
def word(value: Any, kind: str) -> str:
    """The label of a stored value: ``{{ entry.stage|word:"stage" }}``."""
    text = str(value if value is not None else "")
    label = LABELS[kind].get(text)
    return str(label) if label is not None else plain(text)


@register.filter
def plain(value: Any) -> str:
    """A key made readable: underscores and hyphens as spaces."""
    return str(value or "").replace("_", " ").replace("-", " ")


@register.filter
def short(key: Any) -> str:
    """The last part of a nested key: ``UA-ENERGY-RU.russia-count`` is ``russia-count``."""
    return str(key or "").rsplit(".", 1)[-1]


@register.filter
def spoken(account: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What an account speaks to: (stance, field, what is said of it), without the silent fields."""
    values = account.get("values") or {}
    return [
        (str(account[name]), name, str(values.get(name) or ""))
        for name in ACCOUNT_FIELDS
        if account.get(name) in (Stance.ASSERTS, Stance.DENIES)
    ]


@register.filter
def overlay(value: str) -> str:
    """``suspended:north`` as ``Suspended: north``."""
    name, _colon, area = str(value).partition(":")
    return f"{word(name, 'overlay')}: {area}" if area else word(name, "overlay")


@register.simple_tag
def mark(band: Any) -> SafeString:
    """The shape of a band; its word stands beside it, so that it is hidden from screen readers."""
    name = str(band)
    return format_html(
        '<svg class="mark mark-{}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        name,
        _PATHS[SHAPES.get(name, "dash")],
    )


_PATHS = {
    "square": "M2 2h12v12H2z",
    "triangle": "M8 1l7 13.5H1z",
    "diamond": "M8 .5L15.5 8 8 15.5.5 8z",
    "disc": "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z",
    "ring": "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z"
    "m0 2.4a4.1 4.1 0 1 0 0 8.2 4.1 4.1 0 0 0 0-8.2z",
    "dash": "M1 6.6h14v2.8H1z",
    "tick": "M6.2 13.6L.9 8.3l2-2 3.3 3.3 6.9-6.9 2 2z",
}
