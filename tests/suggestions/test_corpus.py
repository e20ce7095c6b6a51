"""What the engine finds in the corpus may not fall below these figures.

The floors are a little under what was measured; `make bench` prints the figures themselves.
"""

from collections import Counter

import pytest
import yaml

from tracker.domain import durations, stated
from tracker.domain.facts import Act, ConditionKind, Subject
from tracker.suggestions import Kind
from tracker.suggestions.values import PositionKind

from .scorer import CORPUS, FIELDS, Scores, mix, score, texts

PARTS = ("tuned", "held_out", "fresh", "wider", "unseen", "last", "events", "further", "unread")
FLOORS = {
    "tuned": {"precision": 0.97, "recall": 0.97, "field": 0.95},
    "held_out": {"precision": 0.95, "recall": 0.92, "field": 0.65},
    "fresh": {"precision": 0.9, "recall": 0.8, "field": 0.8},
    "wider": {"precision": 0.92, "recall": 0.92, "field": 0.8},
    "unseen": {"precision": 0.95, "recall": 0.92, "field": 0.8},
    "last": {"precision": 0.95, "recall": 0.85, "field": 0.85},
    "events": {"precision": 0.95, "recall": 0.95, "field": 0.85},
    "further": {"precision": 0.9, "recall": 0.75, "field": 0.7},
    "unread": {"precision": 0.95, "recall": 0.75, "field": 0.5},
}


@pytest.fixture(scope="module", params=PARTS)
def scored(request: pytest.FixtureRequest) -> tuple[str, Scores]:
    return request.param, score(request.param)


def test_passages_and_kinds(scored: tuple[str, Scores]) -> None:
    part, scores = scored
    told = "\n".join(scores.wrong)
    assert scores.passages.precision >= FLOORS[part]["precision"], told
    assert scores.passages.recall >= FLOORS[part]["recall"], told


@pytest.mark.parametrize("field", ["pledgor", "act", "subject", "duration", "start", "end"])
def test_fields(scored: tuple[str, Scores], field: str) -> None:
    part, scores = scored
    assert scores.fields[field].precision >= FLOORS[part]["field"], "\n".join(scores.wrong)
    assert scores.fields[field].recall >= FLOORS[part]["field"], "\n".join(scores.wrong)


def test_enough_texts_of_every_kind() -> None:
    kinds = sum((mix(part) for part in PARTS), Counter[str]())
    assert sum(1 for part in PARTS for _ in texts(part)) >= 60
    assert kinds["nothing"] >= 15
    assert all(kinds[kind] >= 3 for kind in Kind)


def test_texts_with_nothing_get_nothing_but_a_little() -> None:
    """Near misses are what an analyst would have to dismiss: at most one in eight texts has one."""
    from tracker.suggestions import suggest

    empty = [text for part in PARTS for text in texts(part) if not text.gold]
    noisy = [
        text.name
        for text in empty
        if suggest(text.text, parties=text.parties, published=text.published)
    ]
    assert len(noisy) <= len(empty) // 8, noisy


def test_gold_is_written_in_the_registers_words() -> None:
    allowed: dict[str, set[str]] = {
        "kind": set(Kind),
        "act": set(Act),
        "subject": set(Subject),
        "condition": set(ConditionKind),
        "position": set(PositionKind),
    }
    for path in sorted(CORPUS.rglob("*.yaml")):
        for text in yaml.safe_load(path.read_text(encoding="utf-8")):
            for gold in text["gold"]:
                assert set(gold) <= {"passage", "kind", *FIELDS}, text["name"]
                for field, values in allowed.items():
                    assert gold.get(field) is None or gold[field] in values, (text["name"], field)
                if "duration" in gold:
                    assert str(durations.parse(gold["duration"])) == gold["duration"]
                for field in ("start", "end"):
                    if gold.get(field, "event") != "event":
                        stated.parse(gold[field])
