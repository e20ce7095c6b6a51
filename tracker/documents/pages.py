"""The readable text of a web page, and what the page says of itself. Only the child loads this.

Never a guess: a day of publication is taken only from where pages state it.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import trafilatura
from trafilatura.metadata import extract_metadata

from tracker.domain.sentences import _

from .values import Document, Kind

NO_TEXT = _(
    "No readable text was found on the page: it may be made by "
    "scripts, or behind a question or a wall. Open it in your browser, "
    "and paste the text."
)
STATED = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@property='og:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//meta[translate(@name,'DCTERMSIUPBLHANOEWF','dctermsiupblhanoewf')='dcterms.issued']/@content",
    "//meta[translate(@name,'DCTERMSDA','dctermsda')='dcterms.date']/@content",
    "//meta[@name='dc.date' or @name='DC.date' or @name='DC.Date']/@content",
    "//meta[@name='date' or @name='pubdate' or @name='publishdate']/@content",
)
PUBLISHERS = ("//meta[@property='og:site_name']/@content", "//meta[@name='publisher']/@content")
ARTICLES = re.compile(r"Article|Posting|Report|WebPage|Statement|CreativeWork")
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|[-_])", re.IGNORECASE)
_ITEM = re.compile(r"^(?:- |\|)| \| ")
LONGEST = 300


def read(markup: str, address: str = "") -> Document:
    """The article in a page, without its menus."""
    tree = trafilatura.load_html(markup)
    if tree is None:
        return Document(Kind.HTML, notes=(NO_TEXT,))
    told = extract_metadata(tree, default_url=address or None, extensive=False)
    linked = list(_linked(tree))
    text = trafilatura.extract(
        trafilatura.load_html(markup), url=address or None, include_comments=False
    )
    publisher = _first(tree, PUBLISHERS) or _publisher(linked) or told.sitename or ""
    if address and publisher.lower() in address.lower():  # the library's last resort is the host
        publisher = ""
    return Document(
        Kind.HTML,
        text=_spaced(text or ""),
        title=_line(told.title),
        publisher=_line(publisher),
        published=_published(tree, linked),
        language=_language(tree),
        notes=() if text else (NO_TEXT,),
    )


def _spaced(text: str) -> str:
    """A blank line between paragraphs, and none within lists and tables."""
    said: list[str] = []
    for line in (one.rstrip() for one in text.splitlines()):
        if said and line and not (_ITEM.search(line) and _ITEM.search(said[-1])):
            said.append("")
        if line:
            said.append(line)
    return "\n".join(said)


def _published(tree: Any, linked: list[dict[str, Any]]) -> str:
    said = [str(one.get("datePublished") or "") for one in linked]
    said += [str(value) for path in STATED for value in tree.xpath(path)]
    for text in said:
        found = _ISO.fullmatch(text.strip())
        if found:
            day, time, offset = found.groups()
            return f"{day}T{time}{_offset(offset)}" if time else day
    return ""


def _offset(text: str | None) -> str:
    if not text or text.upper() == "Z":
        return (text or "").upper()
    return text if ":" in text else f"{text[:3]}:{text[3:]}"


def _language(tree: Any) -> str:
    said = [*tree.xpath("/html/@lang"), *tree.xpath("//meta[@property='og:locale']/@content")]
    found = _LANGUAGE.match(str(said[0]).strip()) if said else None
    return found[0].lower() if found else ""


def _linked(tree: Any) -> Iterator[dict[str, Any]]:
    """What the page says of its article for machines (JSON-LD)."""
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            told = json.loads(script)
        except (ValueError, RecursionError):
            continue
        items = told if isinstance(told, list) else [told]
        items += [one for item in items if isinstance(item, dict) for one in _graph(item)]
        for item in items:
            if isinstance(item, dict) and ARTICLES.search(str(item.get("@type", ""))):
                yield item


def _graph(item: dict[str, Any]) -> list[Any]:
    found = item.get("@graph")
    return found if isinstance(found, list) else []


def _publisher(linked: list[dict[str, Any]]) -> str:
    for item in linked:
        found = item.get("publisher")
        if isinstance(found, dict) and isinstance(found.get("name"), str):
            return str(found["name"])
    return ""


def _first(tree: Any, paths: tuple[str, ...]) -> str:
    said = (str(value) for path in paths for value in tree.xpath(path))
    return next((text for text in said if text.strip()), "")


def _line(text: str | None) -> str:
    return " ".join((text or "").split())[:LONGEST]
