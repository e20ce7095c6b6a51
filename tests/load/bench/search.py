"""The search page over many pledges and long texts: rare words, common ones and short ones."""

import random
import re
import time
from collections.abc import Callable

from django.test import Client

from tests.load import rows
from tracker.actions import passages
from tracker.clock import now
from tracker.models import Dossier, Passage, Source

from . import Asked, Line

SOURCES, LENGTH = 2_000, 20_000  # texts, and code points of each
PLEDGES = 100_000
TIMES = 5
# In so many texts each; all else is made of syllables that these are not.
PLANTED = {"ceasefire": 400, "припинення": 40, "هدنة": 4, "停火三十": 1}
LOOKED_FOR = (
    *("停火三十", "هدنة", "припинення вогню", "ceasefire"),
    *("ceasefire припинення", "nothingness", "停火", "halt", "halt 99999"),
)


def run(asked: Asked) -> list[Line]:
    """``ms``: the whole page; ``found``: how many it says that there are."""
    people = rows.people(1)
    people[0].is_site_admin = True
    people[0].save()
    number = min(PLEDGES, max(asked.sizes))
    rows.pledges(where := rows.dossier("many", people), number, analysts=people, due=0, at=now())
    _sources(where)
    filled = _seconds(passages.rebuild)
    lines: list[Line] = [
        {
            "pledges": number,
            "texts": SOURCES,
            "passages": Passage.objects.count(),
            "filled anew in s": round(filled, 1),
        }
    ]
    reader = Client(SERVER_NAME="localhost")
    reader.force_login(people[0])
    for words in LOOKED_FOR:
        took, page = _asked(reader, words)
        lines.append(
            {
                "words": words,
                "found": _told(page),
                "ms": round(took * 1000),
                "kB": len(page.encode()) // 1000,
            }
        )
    return lines


def _sources(where: Dossier) -> None:
    """The same at each run."""
    chance = random.Random(1)  # noqa: S311
    syllables = [a + b for a in "bdgklmnprstv" for b in "aeiou"]
    vocabulary = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(20_000)]
    made = []
    for n in range(SOURCES):
        words = chance.choices(vocabulary, k=LENGTH // 6)
        for word, among in PLANTED.items():
            if n % (SOURCES // among) == 0:
                words.insert(chance.randrange(len(words)), f"{word} вогню")
        made.append(
            Source(
                dossier=where,
                key=f"text-{n}",
                title=f"Text {n}",
                kind="report",
                public=rows.PUBLIC,
                public_instant=rows.SINCE,
                recorded_at=rows.SINCE,
                snapshot=" ".join(words)[:LENGTH],
            )
        )
    Source.objects.bulk_create(made, batch_size=100)


def _asked(reader: Client, words: str) -> tuple[float, str]:
    """The middle of some answers in seconds, and the page."""
    took, page = [], ""
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = reader.get("/search/", {"q": words})
        took.append(time.perf_counter() - began)
        page = answer.content.decode()
    return sorted(took)[TIMES // 2], page


def _told(page: str) -> int:
    """How many it says that there are."""
    told = re.search(r"(One|\d+) match", page)
    return 0 if told is None else 1 if told[1] == "One" else int(told[1])


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
