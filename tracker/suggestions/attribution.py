"""Who says it, and for whom: "X said that", ", X said", "according to X"."""

from dataclasses import dataclass

from . import lexicon
from .clauses import Parsed, window
from .context import Context
from .heads import ORGANS, TITLES
from .lexicon import words
from .subjects import subject
from .text import words_of
from .values import Named
from .verbs import Group

_SAY = lexicon.SAY - words("hope expect believe think read")
_OUTLETS = words(
    "agency newspaper reuters tass afp channel television broadcaster media news daily"
    " sources source"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """Tokens ``i`` to ``j`` are said by ``speaker``, who speaks for ``on_behalf``."""

    i: int
    j: int
    speaker: Named
    on_behalf: Named | None


def frames(parsed: Parsed, context: Context) -> list[Frame]:
    """The stretches of a sentence that somebody is said to have said; inner ones last."""
    low, n = parsed.low, len(parsed.low)
    found: list[Frame] = []
    for group in parsed.groups:
        if not group.does(_SAY) or group.form not in ("finite", "part") or group.modal:
            continue
        if group.form == "part" and not group.past and not group.passive:
            continue
        named = _speaker(parsed, group, context)
        if named is None:
            continue
        speaker, behalf = named
        after = n - group.end - 1
        start, _, _ = window(parsed, group)
        comma = next(
            (k for k in range(group.start - 1, start - 1, -1) if low[k] in (",", "”", '"')), None
        )
        if (
            comma is not None
            and low[comma + 1 : comma + 2] != ["who"]
            and _has_clause(parsed, 0, comma)
        ):
            start = comma + 1
        before = start > 0 and low[start - 1] in (",", '"', "”") and _has_clause(parsed, 0, start)
        if before and not _has_clause(parsed, group.end + 1, n):
            found.append(Frame(0, group.start, speaker, behalf))
        elif before:
            found.append(Frame(0, n, speaker, behalf))
        elif after > 0:
            found.append(Frame(group.end + 1, n, speaker, behalf))
    for k in range(n - 2):
        if low[k] == "according" and low[k + 1] == "to":
            stop = next((m for m in range(k, min(k + 9, n)) if low[m] == ","), k + 7)
            entity = next((e for e in parsed.entities if k < e.i < stop), None)
            if entity is None:  # "according to A B, the envoy of C": told by the apposition
                near = next((e for e in parsed.entities if stop < e.i <= stop + 3), None)
                if near is not None and set(low[near.i : near.j]) & TITLES:
                    one = parsed.named(near)
                    found.append(Frame(0, n, _whole(parsed, k + 2, stop, one), one))
            if entity is not None:
                one = parsed.named(entity)
                found.append(Frame(0, n, _whole(parsed, k + 2, entity.j, one), one))
    return sorted(found, key=lambda frame: frame.j - frame.i, reverse=True)


def _has_clause(parsed: Parsed, i: int, j: int) -> bool:
    return any(i <= g.start < j and g.form != "part" for g in parsed.groups)


def _speaker(parsed: Parsed, group: Group, context: Context) -> tuple[Named, Named | None] | None:
    low = parsed.low
    who = subject(parsed, group, context)
    inverted = next((e for e in parsed.entities if e.i == group.end + 1), None)
    if inverted is not None and not who and low[group.start - 1] in (",", '"', "”"):
        one = parsed.named(inverted)
        return one, one
    pronoun = low[group.start - 1] if group.start else ""
    if pronoun in ("he", "she", "it", "they") and not _names_before(parsed, group):
        return (context.speaker, context.on_behalf) if context.speaker else None
    if (
        pronoun in ("it", "they", "he", "she")
        and group.start > 1
        and low[group.start - 2] in (",", "”", '"')
    ):
        return (context.speaker, context.on_behalf) if context.speaker else None
    if not who:
        start, end, _ = window(parsed, group)
        near = [
            e
            for e in parsed.entities
            if start <= e.i < end and low[e.i - 1] in ("for", "of", "from")
        ]
        if near and end - start <= 12 and set(low[start : near[0].i]) & (TITLES | _OUTLETS):
            one = parsed.named(near[0])
            return _whole(parsed, start, near[0].j, one), one
        return None
    one = who[0]
    if len(who) > 1 and who[-1].end - one.start < 80:
        tokens = [t for t in parsed.sentence.tokens if one.start <= t.start < who[-1].end]
        return Named(words_of(tokens), one.start, who[-1].end, one.name, one.slug, one.iso), one
    start, end, _ = window(parsed, group)
    entity = next(
        (e for e in parsed.entities if parsed.sentence.tokens[e.i].start == one.start), None
    )
    if entity is not None and start <= entity.i < end:
        return _whole(parsed, start, max(entity.j, _noun_end(parsed, entity.j, end)), one), one
    return one, one


def _names_before(parsed: Parsed, group: Group) -> bool:
    return any(e.j <= group.start for e in parsed.entities)


def _noun_end(parsed: Parsed, j: int, end: int) -> int:
    """Over the organ that follows a possessive: "Israel's chief negotiator"."""
    low, k = parsed.low, j
    while k < end and (
        low[k] in ORGANS or low[k] == "'s" or (parsed.sentence.tokens[k].is_capital and k > j)
    ):
        k += 1
    return k


def _whole(parsed: Parsed, i: int, j: int, one: Named) -> Named:
    """The speaker with the words that lead in: "a spokesman for" the rebels."""
    low = parsed.low
    i = next((k + 1 for k in range(j - 1, i - 1, -1) if low[k] in (",", '"', "”")), i)
    if i >= j or parsed.sentence.tokens[i].start > one.start:
        return one
    while i < j and (
        low[i]
        in (",", "and", "but", '"', "“", "”", "that", "however", "meanwhile", "the", "on", "in")
        or low[i] in lexicon.ADVERBS
    ):
        i += 1
    entity = parsed.at[i + 1] if i < j - 1 else None
    if entity is not None and low[i] in ("a", "an") and entity.j == j:
        i += not set(low[i + 1 : j]) & ORGANS
    if i >= j or j - i > 12:
        return one
    tokens = parsed.sentence.tokens[i:j]
    if any(token.text in ",;" for token in tokens):
        return one
    words_there = words_of(tokens)
    return Named(words_there, tokens[0].start, tokens[-1].end, one.name, one.slug, one.iso)


def covering(found: list[Frame], k: int) -> Frame | None:
    """The innermost frame over token ``k``."""
    over = [frame for frame in found if frame.i <= k < frame.j]
    return over[-1] if over else None
