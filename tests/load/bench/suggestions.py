"""How well suggestions match the corpus, and how long they take. No database is needed."""

import time

from tests.suggestions.scorer import Score, score, texts
from tracker.suggestions import suggest

from . import Asked, Line

PARTS = ("tuned", "held_out", "fresh", "wider", "unseen", "last", "events", "further", "unread")
LONG = 1_000_000  # code points


def run(_: Asked) -> list[Line]:
    """Precision and recall of each part of the corpus, per field, and the speed on a long text.

    ``passage and kind`` is the first figure to read; fields are those of the pairs it found.
    """
    lines: list[Line] = []
    for part in PARTS:
        scores = score(part)
        lines.append(_line(part, "passage and kind", scores.passages) | {"texts": scores.texts})
        lines.extend(
            _line(part, name.replace("_", " "), one)
            for name, one in (scores.kinds | scores.fields).items()
            if one.gold or one.proposed
        )
    passages = "\n\n".join(text.text for part in PARTS for text in texts(part))
    long = (passages + "\n\n") * (LONG // len(passages) + 1)
    began = time.perf_counter()
    found = len(suggest(long[:LONG]))
    seconds = time.perf_counter() - began
    lines.append(
        {"code_points": LONG, "found": found, "code_points_per_second": round(LONG / seconds)}
    )
    return lines


def _line(part: str, measure: str, one: Score) -> Line:
    return {
        "part": part,
        "measure": measure,
        "precision": round(one.precision, 3),
        "recall": round(one.recall, 3),
        "right": one.right,
        "proposed": one.proposed,
        "gold": one.gold,
    }
