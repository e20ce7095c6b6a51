"""What several rules ask of a sentence: where a passage begins, whose it is, what is to be done."""

from tracker.domain.facts import Act

from . import acts, lexicon
from .clauses import clause_end, window
from .drafts import Draft, Scene, chain, undertaken
from .lexicon import words
from .subjects import listed, subject
from .values import Named
from .verbs import FORMS, Group

Found = tuple[list[Draft], int]  # what was found, and up to which token this rule has the say


NOTHING: Found = ([], -1)


_IRREGULAR_OBJECTS = words("talk comment speak say attend visit travel")


def begin_of(scene: Scene, group: Group) -> int:
    """Where a passage that turns on this group begins: with its subject."""
    start, end, joined = window(scene.parsed, group)
    low = scene.parsed.low
    if (joined and start > 0) or (group.form == "ing" and start > 0):
        return group.start
    for i, j in scene.conditions:
        if i <= start < j <= group.start:
            start = j
    for k in range(group.start - 1, max(0, group.start - 4), -1):
        if low[k] in ("who", "which") and low[k - 1] == ",":
            return k
        if low[k] in ("saying", "adding", "warning") and k >= start:
            return k + 1
    while start < end and (
        low[start] in (",", "and", "but", "that", "”", '"')
        or low[start] in lexicon.ADVERBS - {"both", "each"}
    ):
        start += 1
    return min(start, group.start)


def clause_verb(scene: Scene, k: int, end: int) -> Group | None:
    for group in scene.parsed.groups:
        if (
            k < group.start < end
            and group.form == "finite"
            and group.modal in ("will", "shall", "would", "must", "should")
        ):
            return group
    return None


_IDLE = (["do", "everything"], ["do", "all"], ["do", "more"], ["do", "whatever"], ["do", "its"])
_RENEWING = words("resume continue restart relaunch intensify expand escalate renew")
_WARRING = words("fighting striking bombing attacking pounding resisting shelling")


def actions(
    scene: Scene, begin: int, k: int, end: int, who: tuple[Named, ...], *, negated: bool, rule: str
) -> list[Draft]:
    found: list[Draft] = []
    low = scene.parsed.low
    if low[k] in _IRREGULAR_OBJECTS and low[k] != "talk":
        return []
    for n, (verb, stop, is_not) in enumerate(chain(scene.parsed, k, end, negated=negated)):
        i = begin if n == 0 else verb - 1 if low[verb - 1] in ("not", "never") else verb
        lemma = FORMS.get(low[verb], (low[verb], ""))[0]
        if lemma == "be" or low[verb : verb + 2] in _IDLE:
            continue
        draft = undertaken(scene, i, verb, stop, who=who, rule=rule, negated=is_not)
        if draft is None:
            continue
        if not is_not and draft.act is Act.OTHER and lemma in lexicon.NO_UNDERTAKING:
            continue
        if not is_not and lemma in _RENEWING and acts.is_fight(low, verb + 1, min(verb + 3, stop)):
            continue  # "vowed to resume attacks"
        if not is_not and lemma in ("keep", "continue") and set(low[verb : verb + 3]) & _WARRING:
            continue
        if (
            not is_not
            and lemma in lexicon.SOFT_VERBS
            and draft.act not in (Act.HALT, Act.RELEASE, Act.WITHDRAW)
        ) or (lemma == "continue" and draft.act is Act.OTHER):
            draft.act = Act.NEGOTIATE
        if (
            rule == "agreed to do"
            and draft.act is Act.OTHER
            and lemma in ("remain", "include", "proceed", "act")
        ):
            continue
        if not is_not and lemma in (
            "develop",
            "draft",
            "prepare",
            "elaborate",
            "draw",
            "work",
            "discuss",
        ):
            draft.act = Act.NEGOTIATE
        found.append(draft)
    return found


def agents(scene: Scene, k: int, end: int) -> tuple[Named, ...]:
    """Whom "by" names after a passive, or "both sides" where the sentence names them."""
    low = scene.parsed.low
    for entity in scene.parsed.entities:
        if k < entity.i < end + 3 and (
            low[entity.i - 1] == "by"
            or (entity.i > 1 and low[entity.i - 2] == "by" and low[entity.i - 1] == "the")
        ):
            if any(k < g.start < entity.i for g in scene.parsed.groups if g.end >= entity.i - 2):
                return ()  # "will meet in talks to be hosted by Malaysia"
            return listed(scene.parsed, entity)
    return ()


def possessors(scene: Scene, i: int, j: int) -> tuple[Named, ...]:
    low = scene.parsed.low
    for entity in scene.parsed.entities:
        if i <= entity.i < j and entity.i > 0 and low[entity.i - 1] in ("between", "by"):
            whole = next(
                (e for e in scene.parsed.entities if entity.modifier and 0 <= e.i - entity.j <= 1),
                entity,
            )
            return listed(scene.parsed, whole)
    return ()


_BROKERED = words("brokered mediated hosted proposed facilitated sponsored backed monitored led")


def parties_here(scene: Scene, i: int, j: int) -> tuple[Named, ...]:
    """Whose truce it is: "between A and B", "A's withdrawal"; else of those who last agreed."""
    low = scene.parsed.low
    for entity in scene.parsed.entities:
        if i <= entity.i < j and (
            (
                entity.i
                and low[entity.i - 1] in ("between", "by")
                and low[entity.i - 2] not in _BROKERED
            )
            or entity.possessive
            or (
                entity.i > 1
                and low[entity.i - 1] in ("of", "the")
                and set(low[max(0, entity.i - 3) : entity.i])
                & words("force contingent troops forces units withdrawal")
            )
            or (
                entity.entry.adjective
                and set(low[entity.j : entity.j + 3])
                & words("forces troops army withdrawal military withdrawals")
            )
        ):
            return listed(scene.parsed, entity)
    if scene.context.legal and scene.parsed.sentence.item:
        return ()  # an article binds whom it names
    lately = lately_bound(scene)
    if lately and lately[0].name.lower().startswith("neither"):
        return ()
    return lately


def lately_bound(scene: Scene) -> tuple[Named, ...]:
    context = scene.context
    return context.pledgors if context.number - context.pledged_at <= 3 else ()


def long_end(scene: Scene, group: Group) -> int:
    """A "that" clause belongs to what governs it, up to its own end."""
    low = scene.parsed.low
    k = group.end + 1
    while k < len(low) and k < group.end + 8:
        other = scene.parsed.verb_at.get(k)
        if other is not None and other.form == "finite" and low[k - 1] in ("and", "but", ","):
            break
        if low[k] in ("that", "whether"):
            if low[k + 1 : k + 2] == [","]:
                k = next((m for m in range(k + 2, min(k + 20, len(low))) if low[m] == ","), k)
            if k + 1 >= len(low):
                return len(low)
            return clause_end(scene.parsed, k + 1, conditions=scene.conditions, verb=False)
        k += 1
    return scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1


def addressees(scene: Scene, group: Group, to: Group | None) -> tuple[Named, ...]:
    limit = to.start if to else group.end + 8
    for entity in scene.parsed.entities:
        if group.end < entity.i and entity.j <= limit and not entity.modifier:
            return listed(scene.parsed, entity)
    return ()


def speaker_of(scene: Scene, k: int) -> tuple[Named, ...]:
    """The party that says what stands at token ``k``, where the sentence names it."""
    says = [
        g
        for g in scene.parsed.groups
        if g.end < k and g.does(lexicon.SAY) and g.form == "finite" and not g.modal
    ]
    for group in reversed(says):
        who = subject(scene.parsed, group, scene.context)
        if who:
            return who
    later = [
        g
        for g in scene.parsed.groups
        if g.start > k and g.does(words("say tell add write")) and g.form == "finite"
    ]
    for group in later:
        if scene.parsed.low[group.start - 1] in ("he", "she") and scene.context.on_behalf:
            return (scene.context.on_behalf,)
        who = subject(scene.parsed, group, scene.context)
        if who:
            return who
    return ()
