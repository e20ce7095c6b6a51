"""The search page over many pledges and long texts: rare words, common ones and short ones."""

import random
import re
import time
from collections.abc import Callable, Iterator

from django.test import Client

from tests.load import rows
from tracker.actions import passages
from tracker.clock import now
from tracker.models import Dossier, Passage, Source

from . import Asked, Line

SOURCES, LENGTH = 2_000, 20_000  # texts, and code points of each
TIMES = 5
# In so many texts each; all else is made of syllables that these are not.
PLANTED = {"ceasefire": 400, "припинення": 40, "هدنة": 4, "停火三十": 1, "G7": 20, "휴전은": 10}
# Rare, common, short; found by what a party is called.
LOOKED_FOR = (
    *("停火三十", "هدنة", "припинення вогню", "ceasefire", "ceasefire припинення", "nothingness"),
    *("district 77", "halt 99999", "halt", "halt district", "вогню"),
    *("停火", "火", "휴전", "g7", "77", "of"),
    *("party", "party district 77"),
)
BOARDS = ("district 77", "77", "halt", "停火", "party 77")


def run(asked: Asked) -> Iterator[Line]:
    """``ms``: the whole page; ``found``: how many it says that there are."""
    people = rows.people(6)
    people[0].is_site_admin = True
    people[0].save()
    reader = Client(SERVER_NAME="localhost")
    reader.force_login(people[0])
    held = 0
    for size in asked.sizes:
        rows.board(size - held, at=now(), analysts=people)
        if not held:
            _sources(Dossier.objects.order_by("pk")[0])
        held = size
        filled = _seconds(passages.rebuild)
        rows.settle(Passage)
        yield {
            "pledges": size,
            "texts": SOURCES,
            "passages": Passage.objects.count(),
            "filled anew in s": round(filled, 1),
        }
        for words in LOOKED_FOR:
            took, page = _asked(reader, "/search/", {"q": words})
            yield _line(size, "words", words, took, page) | {"found": _told(page)}
        for words in BOARDS:
            took, page = _asked(reader, "/", {"text": words})
            yield _line(size, "board by text", words, took, page)


def _line(of: int, asked: str, words: str, took: float, page: str) -> Line:
    return {
        asked: words,
        "of": of,
        "ms": round(took * 1000),
        "kB": len(page.encode()) // 1000,
    }


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


def _asked(reader: Client, address: str, given: dict[str, str]) -> tuple[float, str]:
    """The middle of some answers in seconds, and the page."""
    took, page = [], ""
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = reader.get(address, given)
        took.append(time.perf_counter() - began)
        page = answer.content.decode()
    return sorted(took)[TIMES // 2], page


def _told(page: str) -> int:
    """How many it says that there are, or more than so many."""
    told = re.search(r"(One|\d+) match", page)
    return 0 if told is None else 1 if told[1] == "One" else int(told[1])


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
