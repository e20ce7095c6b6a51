"""``suggest``: from a text to candidate statements, sentence by sentence, in reading order.

Total on any text, deterministic, linear: what a sentence costs is bounded, since its length is.
"""

import itertools
from collections.abc import Callable, Sequence
from datetime import date

from tracker.domain.facts import Act

from . import (
    agreements,
    announcements,
    attribution,
    conditions,
    days,
    deadlines,
    demands,
    effects,
    futures,
    headlines,
    lengths,
    lexicon,
    lists,
    proposals,
    refusals,
    times,
    violations,
)
from .clauses import MANY, Parsed, parse
from .context import Context
from .drafts import Draft, Scene
from .heads import ORGANS
from .lexicon import words
from .memory import remember, settled
from .parties import Book
from .scenes import Found
from .text import Sentence, sentences
from .values import Kind, KnownParty, Mark, Named, Suggestion
from .verbs import FORMS, MODALS, Group

Rule = Callable[[Scene, Group], Found]

# The first rule that has something to say about a verb group has it.
RULES: tuple[Rule, ...] = (
    conditions.freed,
    refusals.denied,
    refusals.refused,
    refusals.uncommitted,
    refusals.stays,
    violations.violated,
    proposals.worried,
    proposals.willing,
    deadlines.given_time,
    demands.demanded,
    proposals.proposed,
    conditions.named_as,
    announcements.commitment_to,
    agreements.agreed,
    announcements.announced,
    demands.must_do,
    futures.will_do,
    effects.takes_effect,
    proposals.shared,
    headlines.present,
)
_LEGAL = words("article articles annex hereby undersigned signatories protocol")
_TITLES = ORGANS
_OURS = words(
    "shall hereby troops army armed military rebels rebel militia militias militants prisoner"
    " detainee detainees hostage captives siege blockade drone drones weapons artillery war"
    " ceasefires truces withdrawal fighters forces peacekeepers insurgents guerrillas faction"
    " factions tribes junta humanitarian refugees missiles bombing checkpoint roadblocks border"
    " moratorium restraint mediators mediator de-escalation"
)
_FEW = 3  # sentences: an excerpt need not say what it is about
_NOBODY = MANY | words("two rival warring presidents leaders foes neighbours neighbors the")
_TOPICS = lexicon.TRUCE - words("agreement deal accord moratorium lull") | words(
    "hostilities hostages fighting prisoners airstrikes shelling"
)
_OPENING = frozenset('“"«„')


def suggest(
    text: str, *, parties: Sequence[KnownParty] = (), published: date | None = None
) -> list[Suggestion]:
    """The candidate statements of an English text, in reading order."""
    book = Book(parties)
    context = Context(book=book)
    found: list[Suggestion] = []
    legal_until = -1
    ours = False  # whether the text speaks of a conflict, of a state or of a body that we know
    for number, sentence in enumerate(sentences(text)):
        context.number = number
        context.topical = context.topical or bool(set(sentence.low) & _TOPICS)
        ours = ours or context.topical or bool(set(sentence.low) & _OURS)
        if _is_legal(sentence):
            legal_until = number + 12
        context.legal = number <= legal_until and sentence.tokens[-1].text != "?"
        marks = sum(mark in '"“”' for mark in sentence.low)
        if number > 3 and not _worth_reading(sentence):
            context.quoted ^= bool(marks % 2)
            continue
        parsed = parse(sentence, book)
        ours = ours or any(e.entry.iso or e.entry.slug or e.entry.known for e in parsed.entities)
        if sentence.low[-1] == "?":
            context.quoted ^= bool(marks % 2)
            continue
        if sentence.item and lists.stem_of(sentence, context).kind is Kind.COMMITMENT:
            context.legal = True
        past = days.is_past(sentence, published)
        drafts = _drafts(parsed, context)
        if sentence.item and any(draft.rule.startswith("item") for draft in drafts):
            legal_until = max(legal_until, number + 12)
        frames = attribution.frames(parsed, context)
        found.extend(
            _finished(text, parsed, draft, frames, context, published, past=past)
            for draft in _laid_out(parsed, drafts)
        )
        remember(parsed, context, frames, drafts)
        context.quoted ^= bool(marks % 2)
    if not ours and context.number >= _FEW:
        return []
    return [one for k, one in enumerate(found) if not _echoed(one, found[k + 1 : k + 1 + _NEAR])]


_NEAR = 8  # suggestions after a headline among which its body may be


def _echoed(one: Suggestion, after: list[Suggestion]) -> bool:
    """Whether a headline names nobody ("Leaders agree on a halt") and the text says it better."""
    return (
        Mark.HEADLINE in one.marks
        and bool(one.pledgors)
        and all(set(who.name.lower().split()) <= _NOBODY for who in one.pledgors)
        and any(
            (other.kind, other.act) == (one.kind, one.act) and Mark.HEADLINE not in other.marks
            for other in after
        )
    )


def _worth_reading(sentence: Sentence) -> bool:
    return any(
        word in FORMS or word in MODALS or word in lexicon.HALT_NOUNS or word in _TITLES
        for word in sentence.low
    )


def _is_legal(sentence: Sentence) -> bool:
    """Whether the wording is an agreement's: "shall", numbered articles, "hereby"."""
    low = set(sentence.low)
    return "shall" in low or bool(low & _LEGAL and sentence.item) or "hereby" in low


def _is_opinion(parsed: Parsed) -> bool:
    """Whether it is told by those who only watch: "Analysts say talks will begin when"."""
    low = parsed.low
    return not _WATCHING.isdisjoint(low) and any(
        low[group.start - 1] in _WATCHING
        and (group.start == 1 or not parsed.sentence.tokens[group.start - 1].is_capital)
        and group.does(lexicon.SAY)
        for group in parsed.groups
        if group.start
    )


_WATCHING = words("analysts analyst experts observers commentators pundits historians scholars")


def _drafts(parsed: Parsed, context: Context) -> list[Draft]:
    if _is_opinion(parsed):
        return []
    spans = conditions.spans(parsed)
    scene = Scene(parsed, context, [(i, j) for i, j, _ in spans])
    drafts: list[Draft] = lists.items(scene)
    governed = max((draft.j for draft in drafts), default=-1)
    for group in parsed.groups:
        inside = any(i <= group.start < j for i, j, _ in spans)
        if group.start < governed or inside or _hypothetical(parsed, group):
            continue
        for rule in RULES:
            made, until = rule(scene, group)
            if made or until > 0:
                drafts.extend(made)
                governed = max(governed, until)
                break
    if not any(draft.kind is Kind.REPORTED_VIOLATION for draft in drafts):
        drafts.extend(violations.counted(scene, drafts) or violations.despite(scene, drafts))
    drafts.extend(lists.gapped(scene, drafts))
    drafts.extend(headlines.nominal_headline(scene, drafts))
    drafts.extend(conditions.stated(scene, spans, drafts))
    return drafts


def _hypothetical(parsed: Parsed, group: Group) -> bool:
    """Inside "whether …", "hopes that …", "would have …"."""
    if group.modal == "would" and group.perfect:
        return True
    low = parsed.low
    for k in range(group.start - 1, max(-1, group.start - 12), -1):
        if low[k] in (",", ";", ".", ":"):
            return False
        if (
            low[k]
            in (
                "whether",
                "hopes",
                "hope",
                "hoped",
                "hoping",
                "expects",
                "expected",
                "believes",
                "wants",
            )
            and low[k] != low[group.start]
        ):
            if low[k] == "believes" and group.modal in ("must", "should"):
                return False
            return low[k] != "wants" or group.form != "finite"
    return False


def _laid_out(parsed: Parsed, drafts: list[Draft]) -> list[Draft]:
    """Passages apart: each ends where the next begins; a lone one takes what leads in."""
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda one: (one.verb, one.i)):
        if any(other.kind is draft.kind and other.verb == draft.verb for other in kept):
            continue
        if draft.kind is not Kind.CONDITION and any(
            other.i <= draft.verb < other.j and other.kind is draft.kind and not (draft.i > other.i)
            for other in kept
        ):
            continue
        kept.append(draft)
    if len(kept) == 1 and kept[0].i <= 30 and kept[0].kind is not Kind.CONDITION:
        kept[0].i = 0
    elif kept and kept[0].kind is not Kind.CONDITION and kept[0].i <= 12:
        kept[0].i = min(kept[0].i, 0)
    ordered = sorted(kept, key=lambda one: (one.i, one.j))
    for before, after in itertools.pairwise(ordered):
        if before.j > after.i > before.i and after.verb >= after.i:
            if before.verb < after.i:
                before.j = after.i
            else:
                after.i = min(after.verb, max(after.i, before.j))
    return ordered


def _finished(
    text: str,
    parsed: Parsed,
    draft: Draft,
    frames: list[attribution.Frame],
    context: Context,
    published: date | None,
    *,
    past: bool,
) -> Suggestion:
    tokens, low = parsed.sentence.tokens, parsed.low
    i, j = draft.i, max(draft.j, draft.i + 1)
    while j > i + 1 and low[j - 1] in (
        ",",
        ";",
        ":",
        "and",
        "but",
        "while",
        "or",
        "”",
        '"',
        "(",
        "—",
        "–",
        "if",
    ):
        j -= 1
    while i < j - 1 and (
        low[i] in (",", ";", "and", "but", "while", "although", "”", ")", "—") or low[i] == "'s"
    ):
        i += 1
    if draft.act is Act.HALT and draft.kind is Kind.COMMITMENT:
        j = effects.with_start(parsed, j)
    start, end = tokens[i].start, tokens[j - 1].end
    duration = begins = ends = None
    duration_text = ""
    marks = set(draft.marks)
    wide = min(
        len(low),
        j + 12 if j < len(low) and low[j] == "," and draft.kind is not Kind.CONDITION else j,
    )
    if draft.kind is not Kind.REPORTED_VIOLATION:
        spans = [
            term
            for term in lengths.terms(parsed.sentence, i, j)
            if term.i > draft.verb
            or term.within
            or term.j == term.i + 1
            or "period" in low[max(i, term.i - 6) : term.i]
        ]
        if (
            Mark.EXTENSION in marks
            and spans
            and low[spans[0].i - 1] in ("a", "the", "its", "their")
        ):
            spans = [term for term in spans if term.j > term.i + 1]  # "extended a 48-hour truce"
        if spans:
            duration = spans[0].duration
            first, last = tokens[spans[0].i], tokens[spans[0].j - 1]
            duration_text = text[first.start : last.end]
            if spans[0].within:
                marks.add(Mark.WITHIN)
    for point in times.points(parsed.sentence, i, j, published):
        if point.j < draft.verb and _in_aside(low, point.i, draft.verb):
            continue
        began = point.role == "on" and effects.begun(low, draft.verb, point.i)
        if (point.role == "begins" or began) and begins is None:
            begins = point.moment
        elif point.role == "ends" and ends is None:
            ends = point.moment
        elif (
            point.role == "on"
            and begins is None
            and (point.i > draft.verb or _leads(parsed, point.i, draft.verb))
            and draft.kind is Kind.COMMITMENT
            and draft.act not in (Act.HALT, None)
            and not point.moment.event
            and low[point.i - 1] not in ("after", "before", "of")
        ):
            begins = point.moment
    if set(low[i:wide]) & words("renewable extendable renewed-automatically"):
        marks.add(Mark.RENEWABLE)
    if past and draft.kind is not Kind.CONDITION:
        marks.add(Mark.PAST)
    if parsed.sentence.headline:
        marks.add(Mark.HEADLINE)
    if text[start] in _OPENING or (start and text[start - 1] in _OPENING):
        marks.add(Mark.QUOTED)
    speaker, behalf = _voice(draft, frames, context)
    return Suggestion(
        start=start,
        end=end,
        passage=text[start:end],
        kind=draft.kind,
        rule=draft.rule,
        position=draft.position if draft.kind not in (Kind.COMMITMENT, Kind.REFRAINING) else None,
        condition=draft.condition,
        pledgors=settled(parsed, draft.who, context),
        addressees=draft.to if draft.kind is not Kind.REPORTED_VIOLATION else (),
        act=draft.act,
        subject=draft.subject,
        duration=duration,
        duration_text=duration_text,
        begins=begins,
        ends=ends,
        speaker=speaker,
        on_behalf=behalf,
        count=draft.count,
        marks=tuple(sorted(marks)),
    )


def _in_aside(low: list[str], k: int, verb: int) -> bool:
    """Whether a time stands in ", which took effect on 19 January," before the verb."""
    near = range(k - 1, max(0, k - 10), -1)
    opened = next((m for m in near if low[m] in ("which", "who") and low[m - 1] == ","), None)
    return opened is not None and "," in low[k:verb] and "," not in low[opened:k]


def _leads(parsed: Parsed, k: int, verb: int) -> bool:
    """Whether a time before the verb is the verb's: "on 27 March the sides will exchange"."""
    low = parsed.low
    group = next((g for g in parsed.groups if g.start <= verb <= g.end), None)
    at = k - 1 if k and low[k - 1] in ("on", "at", "late", "early") else k
    if at and low[at - 1] not in ("that", ",", "and", "but", ":", '"', "“"):
        return False
    if group is None or group.modal not in ("will", "would", "shall", "beto"):
        return False
    return not any(k <= g.start < group.start and g.form != "part" for g in parsed.groups)


def _voice(
    draft: Draft, frames: list[attribution.Frame], context: Context
) -> tuple[Named | None, Named | None]:
    if draft.kind is Kind.REPORTED_VIOLATION and draft.to:
        return draft.to[0], draft.to[0]
    frame = attribution.covering(frames, draft.verb)
    if frame is not None:
        return frame.speaker, frame.on_behalf
    if draft.says_itself and draft.who:
        return draft.who[0], draft.who[0]
    return None, None
