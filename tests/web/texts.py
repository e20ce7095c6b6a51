"""Sources with a text to quote from, and what is quoted from them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from tracker.actions import accounts, sources
from tracker.models import Account, Dossier, Pledge, Source

from . import house

# A no-break space, a word broken at a line's end, twice the same words, Arabic with its marks,
# what takes no room, markup, and what is beyond 0xFFFF.
TEXT = (
    "The Minister said 🕊: “We halt fire for ten\u00a0days.” Beta called for a wider\n"
    "zone and an agree-\nment. Beta will answer. Alpha will answer.\n\n"
    "قال: نُوقِفُ إطلاقَ النار. <script>alert('x')</script> A z\u200bero."
)
PUBLIC = "2026-03-01 Europe/Zurich"


def source(key: str = "speech", text: str = TEXT, slug: str = "open") -> Source:
    return sources.add(
        dossier=Dossier.objects.get(slug=slug),
        key=key,
        title="A speech",
        kind="statement",
        public=PUBLIC,
        snapshot=text,
        by=None,
        at=house.AT,
    )


def account(quotation: str, key: str = "", slug: str = "open", **columns: Any) -> Account:
    """Of the halt, as the speech has it."""
    return accounts.record(
        of=Pledge.objects.get(ref=f"{slug.upper()}-HALT"),
        key=key,
        source=columns.pop("source", "speech"),
        public=PUBLIC,
        quotation=quotation,
        by=None,
        at=house.AT,
        **columns,
    )


def beside(noun: str, words: str, text: str = TEXT, slug: str = "open") -> str:
    """The address of the form beside that passage."""
    start = text.index(words)
    asked = f"source=speech&start={start}&end={start + len(words)}"
    return f"{reverse('fact_new', args=(slug, noun))}?{asked}"


def typed(noun: str, **more: Any) -> dict[str, Any]:
    """What an analyst types beside a passage, without what is filled in already."""
    own = {
        "account": {"about": "pledge:OPEN-HALT", "credibility": "2"},
        "condition": {"about": "pledge:OPEN-HALT", "kind": "reciprocity", "text": "If they do."},
        "position": {"title": "Wider", "key": "OPEN-WIDER", "kind": "demand", "party": "beta"},
        "pledge": {
            "title": "Alpha halts fire",
            "key": "OPEN-NEW",
            "pledgor": "alpha",
            "act": "halt",
            "subject": "media",
            "instrument": "call",
            "specificity": "specific",
        },
    }[noun]
    found = {**own, "public": PUBLIC}
    if noun != "account":
        found |= {"account_credibility": "2", "account_speaker": "Minister"}
    return {**found, **more}


def shown(client: Client, path: str, **asked: str) -> str:
    return client.get(path, asked).content.decode()
