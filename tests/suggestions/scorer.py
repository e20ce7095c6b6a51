"""Precision and recall of suggestions against a corpus with gold beside each text.

The rule: a suggestion finds a gold statement when their kinds are equal and the words that their
passages share are at least half of the words of the shorter one. One finds one: pairs are taken by
most shared words first. Fields are compared on the pairs so found.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tracker.suggestions import Kind, KnownParty, Named, Suggestion, suggest

CORPUS = Path(__file__).parent / "corpus"
ALWAYS = ("pledgor", "duration", "start", "end")
PLEDGES = ("act", "subject")
WHERE_GIVEN = ("speaker", "count", "condition", "position")
FIELDS = (*ALWAYS, *PLEDGES, *WHERE_GIVEN)


@dataclass(frozen=True)
class Text:
    name: str
    text: str
    published: date | None
    parties: tuple[KnownParty, ...]
    gold: tuple[Mapping[str, Any], ...]


@dataclass
class Score:
    """Counts of one measure: right, proposed, in the gold."""

    right: int = 0
    proposed: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 1.0


@dataclass
class Scores:
    """``passages``: passage and kind together; ``fields``: each field on the pairs found."""

    texts: int = 0
    passages: Score = field(default_factory=Score)
    kinds: dict[str, Score] = field(default_factory=dict)
    fields: dict[str, Score] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def texts(part: str) -> Iterator[Text]:
    """The texts of ``tuned`` or ``held_out``."""
    for path in sorted((CORPUS / part).glob("*.yaml")):
        for one in yaml.safe_load(path.read_text(encoding="utf-8")):
            parties = tuple(
                KnownParty(slug, names[0], tuple(names[1:]))
                for slug, names in one.get("parties", {}).items()
            )
            yield Text(
                f"{path.stem}: {one['name']}",
                one["text"],
                one.get("published"),
                parties,
                tuple(one["gold"]),
            )


def score(part: str) -> Scores:
    scores = Scores()
    for text in texts(part):
        scores.texts += 1
        _score_text(text, scores)
    return scores


def _score_text(text: Text, scores: Scores) -> None:
    found = suggest(text.text, parties=text.parties, published=text.published)
    places = [_place(text, gold["passage"]) for gold in text.gold]
    pairs = []
    for g, (start, end) in enumerate(places):
        for s, one in enumerate(found):
            shared = _words(text.text[max(start, one.start) : min(end, one.end)])
            shorter = min(_words(text.text[start:end]), _words(one.passage))
            if text.gold[g]["kind"] == one.kind and 2 * shared >= shorter > 0:
                pairs.append((-shared, g, s))
    taken: dict[int, int] = {}
    for _, g, s in sorted(pairs):
        if g not in taken and s not in taken.values():
            taken[g] = s
    scores.passages.right += len(taken)
    scores.passages.proposed += len(found)
    scores.passages.gold += len(places)
    for kind in Kind:
        one_kind = scores.kinds.setdefault(kind, Score())
        one_kind.gold += sum(gold["kind"] == kind for gold in text.gold)
        one_kind.proposed += sum(one.kind == kind for one in found)
        one_kind.right += sum(text.gold[g]["kind"] == kind for g in taken)
    for g, gold in enumerate(text.gold):
        if g not in taken:
            scores.wrong.append(f"missed [{text.name}] {gold['kind']}: {gold['passage']}")
    for s, one in enumerate(found):
        if s not in taken.values():
            scores.wrong.append(f"too many [{text.name}] {one.kind} ({one.rule}): {one.passage}")
    for g, s in taken.items():
        _score_fields(text, text.gold[g], found[s], scores)


def _score_fields(text: Text, gold: Mapping[str, Any], one: Suggestion, scores: Scores) -> None:
    is_pledge = one.kind in (Kind.COMMITMENT, Kind.REFRAINING)
    said = values(one)
    for name in FIELDS:
        wanted = _wanted(gold.get(name))
        if (name in PLEDGES and not is_pledge) or (name in WHERE_GIVEN and not wanted):
            continue
        if name in PLEDGES and not wanted:
            continue
        counts = scores.fields.setdefault(name, Score())
        counts.gold += bool(wanted)
        counts.proposed += bool(said[name])
        right = bool(wanted) and wanted == said[name]
        counts.right += right
        if wanted != said[name]:
            scores.wrong.append(
                f"{name} [{text.name}] {said[name] or '-'} for {wanted or '-'}: {one.passage}"
            )


def values(one: Suggestion) -> dict[str, str]:
    """A suggestion's fields as gold writes them."""
    return {
        "pledgor": _wanted([_bare(party) for party in one.pledgors]),
        "act": str(one.act or ""),
        "subject": str(one.subject or ""),
        "duration": str(one.duration or "").lower(),
        "start": _moment(one.begins),
        "end": _moment(one.ends),
        "speaker": _wanted(one.speaker.text if one.speaker else ""),
        "count": str(one.count or ""),
        "condition": str(one.condition or ""),
        "position": str(one.position or ""),
    }


def _moment(moment: Any) -> str:
    if moment is None:
        return ""
    return "event" if moment.event else str(moment.stated or moment.text).lower()


def _bare(party: Named) -> str:
    return party.name


def _wanted(value: Any) -> str:
    if isinstance(value, list):
        return " + ".join(sorted(str(one).lower() for one in value))
    return str(value or "").lower().replace(" 's", "'s")


def _place(text: Text, passage: str) -> tuple[int, int]:
    """Where gold stands in the text, a line's end being as good as a space."""
    found = re.search(r"\s+".join(re.escape(word) for word in passage.split()), text.text)
    assert found, f"{text.name}: “{passage}” is not in the text"
    return found.span()


def _words(text: str) -> int:
    return len(text.split())


def mix(part: str) -> Counter[str]:
    """How many texts of the part have how many kinds of gold; ``nothing`` where none."""
    kinds: Counter[str] = Counter()
    for text in texts(part):
        kinds.update({gold["kind"] for gold in text.gold} or {"nothing"})
    return kinds
