"""What is kept of a sentence for those that follow, and whom short names mean by it."""

from . import attribution, lexicon
from .clauses import Parsed
from .context import Context
from .drafts import Draft
from .lexicon import words
from .subjects import head_before
from .values import Kind, Named

_DECLARING = words("inform announce declare state communicate reaffirm reiterate notify hereby")
_AUTHORED = words("statement communique communiqué declaration message announcement letter")
_NAMED = ("state", "body")
_SHORT = {"the group": "group", "the movement": "group", "the council": "body", "council": "body"}


def remember(
    parsed: Parsed, context: Context, frames: list[attribution.Frame], drafts: list[Draft]
) -> None:
    if frames:
        context.speaker, context.on_behalf = frames[0].speaker, frames[0].on_behalf
        context.spoken_at = context.number
    for draft in drafts:
        before = any(
            g.start <= draft.verb <= g.end and parsed.low[g.start] == "had" for g in parsed.groups
        )
        if before and context.pledged_at == context.number:
            continue  # "A declared a truce, after B had offered one": the truce is A's
        if draft.kind in (Kind.COMMITMENT, Kind.REFRAINING) and draft.who:
            context.pledgors, context.pledged_at = draft.who, context.number
    named = [e for e in parsed.entities if not e.modifier and e.entry.kind in _NAMED]
    if named or parsed.low[-1] != ":":
        context.named = tuple(parsed.named(entity) for entity in named)
    main = next((e for e in parsed.entities if not e.modifier), None)
    finite = next((g for g in parsed.groups if g.form in ("finite", "bare")), None)
    if finite is not None:
        context.head = head_before(parsed, finite)
    owner = next((d.who for d in drafts if d.who and d.kind is not Kind.REPORTED_VIOLATION), ())
    if owner and (main is None or main.i > 6):
        context.subject = owner
    elif main is not None and (main.i == 0 or parsed.low[main.i - 1] not in lexicon.PREPOSITIONS):
        together = any(one.name == main.entry.name for one in owner)
        context.subject = owner if together else (parsed.named(main),)
    if (
        main is not None
        and "Council" in main.entry.name
        and main.i <= 2
        and main.entry.name != "Council"
    ):
        context.body = parsed.named(main)
    if (
        main is not None
        and context.number <= 3
        and set(parsed.low[: main.i]) & _AUTHORED
        and context.author is None
    ):
        context.author = parsed.named(main)
    if main is not None and context.number <= 2 and context.opening is None and finite is not None:
        says = finite.does(_DECLARING) and not parsed.sentence.headline
        if says and main.entry.kind in ("body", "state", "person") and main.j <= finite.start:
            context.opening = parsed.named(main)
    armed = [e for e in parsed.entities if e.entry.kind == "body"]
    if armed:
        context.group = parsed.named(armed[-1])
        context.group_at = context.number


def settled(parsed: Parsed, names: tuple[Named, ...], context: Context) -> tuple[Named, ...]:
    """ "The movement", "the Council" as the body that was named just before, where one was."""
    made = []
    for one in names:
        short = _SHORT.get(one.name.lower())
        near = [
            e
            for e in parsed.entities
            if e.entry.kind == "body"
            and parsed.sentence.tokens[e.i].start < one.start
            and e.entry.name.lower() not in _SHORT
        ]
        full = context.body if short == "body" else None
        if short == "group":
            full = (
                parsed.named(near[-1])
                if near
                else context.group
                if context.number - context.group_at <= 2
                else None
            )
        made.append(
            Named(one.text, one.start, one.end, full.name, full.slug, full.iso) if full else one
        )
    return tuple(made)
