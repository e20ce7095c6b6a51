"""The form of a seed file as data: each noun, its fields, and what may be nested in it.

docs/seeds.md tells people the same, and a test keeps the two together. Must not live here: how a
value is read (seed_values.py) or stored (seeds.py).
"""

from __future__ import annotations

from tracker.domain import facts, transitions
from tracker.models.verification import PROOFS

from .seed_fields import (
    COMMON,
    DURATION,
    LINE,
    LINES,
    NEEDED_LINE,
    NEEDED_STATED,
    NEEDED_TEXT,
    NUMBER,
    RULE,
    STATED,
    TEXT,
    YES_NO,
    ZONE,
    Field,
    Kind,
    Noun,
    choice,
    ref,
    refs,
)

DOSSIER = Noun(
    "dossier",
    {
        "slug": NEEDED_LINE,
        "title": LINE,
        "summary": TEXT,
        "zone": ZONE,
        "is_public": YES_NO,
        "is_practice": YES_NO,
        "four_eyes": YES_NO,
    },
)

_PARTY = Noun(
    "party",
    {
        "name": NEEDED_LINE,
        "kind": choice("state", "armed_group", "organisation", "coalition", "other", required=True),
        "iso": LINE,
        "aliases": LINES,
        "note": TEXT,
        "merged_into": ref("party"),
    },
    nested={"members": "coalition_member"},
)
_MEMBER = Noun("coalition_member", {"since": STATED, "until": STATED, "note": TEXT})
_SOURCE = Noun(
    "source",
    {
        "title": NEEDED_LINE,
        "publisher": LINE,
        "url": Field(Kind.URL),
        "kind": choice(
            "news",
            "readout",
            "statement",
            "agreement_text",
            "report",
            "social",
            "other",
            required=True,
        ),
        "language": LINE,
        "published": STATED,
        "retrieved": STATED,
        "reliability": choice(*"ABCDEF", default="F"),
        "snapshot": TEXT,
        "earlier": ref("source"),
        **COMMON,
    },
)
_INSTRUMENT = Noun(
    "instrument",
    {
        "title": NEEDED_LINE,
        "kind": choice(
            "call",
            "statement",
            "agreement",
            "unilateral_declaration",
            "resolution",
            "other",
            required=True,
        ),
        "form": choice("oral", "written", required=True),
        "parties": refs("party"),
        "mediators": refs("party"),
        "guarantors": refs("party"),
        "monitors": refs("party"),
        "concluded": STATED,
        "signed": STATED,
        "published": STATED,
        "sources": refs("source"),
        **COMMON,
    },
)
_TRIGGER = Noun(
    "trigger",
    {
        "title": NEEDED_LINE,
        "kind": choice(
            "signature",
            "acceptance",
            "repositioning",
            "condition_met",
            "step_done",
            "other",
            required=True,
        ),
        "of_condition": ref("condition"),
        "of_deadline": ref("deadline"),
        **COMMON,
    },
    nested={"accounts": "account", "readings": "reading", "adopt": "adoption"},
)
_PLEDGE = Noun(
    "pledge",
    {
        "title": NEEDED_LINE,
        "instrument": ref("instrument", required=True),
        "pledgor": ref("party", required=True),
        "beneficiaries": refs("party"),
        "act": choice(*facts.Act, required=True),
        "subject": choice(*facts.Subject, required=True),
        "scope": TEXT,
        "area": TEXT,
        "prohibited": TEXT,
        "permitted": TEXT,
        "protected_objects": LINES,
        "specificity": choice("vague", "specific", "measurable", default="specific"),
        "mechanism_agreed": TEXT,
        "mechanism_operating": TEXT,
        "reciprocates": refs("pledge"),
        "analyst": Field(Kind.EMAIL),
        "cadence": DURATION,
        "leads": Field(Kind.DURATIONS),
        "tags": LINES,
        **COMMON,
    },
    nested={
        "accounts": "account",
        "readings": "reading",
        "adopt": "adoption",
        "extensions": "extension",
        "clock_stops": "clock_stop",
        "suspensions": "suspension",
        "conditions": "condition",
        "deadlines": "deadline",
        "moves": "move",
        "verifications": "verification",
        "counts": "count",
        "dependencies": "dependency",
    },
    ref=True,
)
_POSITION = Noun(
    "position",
    {
        "title": NEEDED_LINE,
        "kind": choice(
            "demand",
            "concern",
            "refusal",
            "proposal",
            "shared_aim",
            "discussed",
            required=True,
        ),
        "party": ref("party", required=True),
        "addressee": ref("party"),
        "instrument": ref("instrument"),
        "text": TEXT,
        "speaker": LINE,
        "became": ref("pledge"),
        **COMMON,
    },
    nested={"accounts": "account", "conditions": "condition"},
    ref=True,
)
_ACCOUNT = Noun(
    "account",
    {
        "source": ref("source", required=True),
        "speaker": LINE,
        "party": ref("party"),
        "quotation": TEXT,
        "is_paraphrase": YES_NO,
        "place": Field(Kind.PLACE),
        "credibility": Field(Kind.NUMBER, default=6),
        "said": STATED,
        "asserts": Field(Kind.STANCES),
        "denies": Field(Kind.STANCES),
        **COMMON,
    },
)
_READING = Noun(
    "reading",
    {
        "speaker": ref("party"),
        "start": Field(Kind.START),
        "start_fixed": YES_NO,
        "duration": DURATION,
        "rule": RULE,
        "end": Field(Kind.END),
        "open": Field(Kind.CHOICE, choices=tuple(facts.OpenEnd), column="open_end"),
        "zone": ZONE,
        "start_account": ref("account"),
        "duration_account": ref("account"),
        "end_account": ref("account"),
        "rule_account": ref("account"),
        "zone_account": ref("account"),
        "assumption": TEXT,
        "set_aside_at": STATED,
        "set_aside_reason": TEXT,
        **COMMON,
    },
)
_ADOPTION = Noun(
    "adoption",
    {
        "key": LINE,
        "reading": ref("reading", required=True),
        "rule": RULE,
        "reason": NEEDED_TEXT,
        **COMMON,
    },
    numbered=True,
)
_EXTENSION = Noun(
    "extension",
    {
        "order": NUMBER,
        "kind": choice(*facts.LinkKind, required=True),
        "start": STATED,
        "end": STATED,
        "duration": DURATION,
        "rule": RULE,
        "zone": ZONE,
        "retroactive": YES_NO,
        **COMMON,
    },
    nested={"accounts": "account", "conditions": "condition", "moves": "move"},
)
_CLOCK_STOP = Noun("clock_stop", {"start": NEEDED_STATED, "end": STATED, **COMMON})
_SUSPENSION = Noun(
    "suspension",
    {"start": NEEDED_STATED, "end": STATED, "areas": LINES, "found": YES_NO, **COMMON},
)
_CONDITION = Noun(
    "condition",
    {
        "kind": choice(*facts.ConditionKind, required=True),
        "text": NEEDED_TEXT,
        "asserted_by": ref("party"),
        "due": STATED,
        "depends_on_pledge": ref("pledge"),
        "depends_on_trigger": ref("trigger"),
        **COMMON,
    },
    nested={"accounts": "account", "moves": "move"},
)
_DEADLINE = Noun(
    "deadline",
    {
        "title": NEEDED_LINE,
        "kind": choice("milestone", "report", "review", default="milestone"),
        **COMMON,
    },
    nested={"accounts": "account", "readings": "reading", "adopt": "adoption", "moves": "move"},
)
_MOVE = Noun(
    "move",
    {
        "key": LINE,
        "machine": choice(*transitions.Machine),
        "to": NEEDED_LINE,
        "effective": STATED,
        "reason": NEEDED_TEXT,
        "by_party": ref("party"),
        **COMMON,
    },
    numbered=True,
)
_VERIFICATION = Noun(
    "verification",
    {
        "period_start": NEEDED_STATED,
        "period_end": NEEDED_STATED,
        "finding": choice(*sorted(transitions.FINDINGS), required=True),
        "standard": TEXT,
        "proof": choice(*PROOFS),
        "reasoning": NEEDED_TEXT,
        "reliability": choice(*"ABCDEF", default="F"),
        "credibility": Field(Kind.NUMBER, default=6),
        "is_final": YES_NO,
        "cites": ref("verification"),
        "incidents": refs("incident"),
        "sources": refs("source"),
        **COMMON,
    },
)
_INCIDENT = Noun(
    "incident",
    {
        "occurred": NEEDED_STATED,
        "occurred_until": STATED,
        "place": LINE,
        "place_precision": LINE,
        "actor": ref("party"),
        "target": LINE,
        "claimants": refs("party"),
        "pledges": refs("pledge"),
        "description": NEEDED_TEXT,
        "sources": refs("source"),
        "subject": choice(*facts.Subject, default=""),
        **COMMON,
    },
    nested={"moves": "move"},
)
_COUNT = Noun(
    "count",
    {
        "claimant": ref("party", required=True),
        "of": NEEDED_LINE,
        "number": Field(Kind.NUMBER, required=True),
        "qualifier": choice("exactly", "more_than", "about", "at_least", default="exactly"),
        "period_start": STATED,
        "period_end": STATED,
        "supersedes": ref("count"),
        "source": ref("source", required=True),
        **COMMON,
    },
)
_DEPENDENCY = Noun(
    "dependency",
    {
        "on_pledge": ref("pledge", required=True),
        "kind": choice("rests_on", "supersedes", "part_of", required=True),
        "reason": NEEDED_TEXT,
        **COMMON,
    },
)

NOUNS: dict[str, Noun] = {
    noun.name: noun
    for noun in (
        DOSSIER,
        _PARTY,
        _MEMBER,
        _SOURCE,
        _INSTRUMENT,
        _TRIGGER,
        _PLEDGE,
        _POSITION,
        _ACCOUNT,
        _READING,
        _ADOPTION,
        _EXTENSION,
        _CLOCK_STOP,
        _SUSPENSION,
        _CONDITION,
        _DEADLINE,
        _MOVE,
        _VERIFICATION,
        _INCIDENT,
        _COUNT,
        _DEPENDENCY,
    )
}
# The sections at the top of a file, besides `dossier`.
SECTIONS: dict[str, str] = {
    "parties": "party",
    "sources": "source",
    "instruments": "instrument",
    "triggers": "trigger",
    "pledges": "pledge",
    "positions": "position",
    "incidents": "incident",
    "counts": "count",
}
# Columns that the reader fills from a field of another name.
STANCE_COLUMNS = tuple(facts.ACCOUNT_FIELDS)
# Nouns that belong to no dossier.
GLOBAL_NOUNS = frozenset({"party", "coalition_member"})
