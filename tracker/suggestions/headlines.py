"""Rules for headlines, and for the present tense of headlines and declarations."""

from tracker.domain.facts import Act

from . import acts
from .drafts import Draft, Scene, extends
from .lexicon import words
from .scenes import NOTHING, Found, actions, agents, begin_of
from .subjects import listed, subject
from .values import Kind, Mark, Named, PositionKind
from .verbs import ACT_OF, FORMS, Group

_AGREED = words(
    "agreed announced declared extended reached signed brokered ordered approved proposed offered"
)


def present(scene: Scene, group: Group) -> Found:
    """Headlines and declarations: "Russia halts strikes", "Party A ceases", "X to release Y"."""
    parsed, low = scene.parsed, scene.parsed.low
    sentence = parsed.sentence
    plain = sentence.headline or scene.context.legal
    if group.negated or group.passive or group.adjective or group.perfect or not plain:
        return NOTHING
    end = scene.end(group.end + 1) if group.end + 1 < len(low) else group.end + 1
    if group.form == "infinitive" and sentence.headline and not scene.context.legal:
        first = parsed.groups[0] is group
        near = [e for e in parsed.entities if e.j in (group.start, group.start - 1)]
        if not first or not near or (near[-1].modifier and near[-1].j < group.start - 1):
            return NOTHING
        who = subject_of_headline(scene, group.start)
        return actions(scene, 0, group.end, end, who, negated=False, rule="headline to do"), end
    tag = FORMS.get(low[group.end], ("", ""))[1]
    if group.form not in ("finite", "bare") or group.modal or tag not in ("s", "base", "any"):
        return NOTHING
    act = acts.act_of(group.lemma, low, group.end + 1, end)
    who = subject(parsed, group, scene.context)
    if (
        not who
        or act in (Act.OTHER, Act.PROVIDE)
        or group.lemma not in ACT_OF
        or group.lemma in ("leave", "hold", "continue", "meet", "set", "form", "let")
    ):
        return NOTHING
    return actions(
        scene, begin_of(scene, group), group.end, end, who, negated=False, rule="declares"
    ), end


def subject_of_headline(scene: Scene, k: int) -> tuple[Named, ...]:
    before = [e for e in scene.parsed.entities if e.j <= k]
    return listed(scene.parsed, before[-1]) if before else ()


def nominal_headline(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """ "30-day halt to strikes on power plants agreed", "Truce extended by 60 days"."""
    sentence, low = scene.parsed.sentence, scene.parsed.low
    if not sentence.headline or drafts or low[-1] == ":":
        return []
    noun = acts.act_noun(low, 0, len(low))
    if noun is None or noun[1] == Act.NEGOTIATE:
        return []
    said = next((k for k in range(noun[0] + 1, len(low)) if low[k] in _AGREED), None)
    if said is None:
        return []
    by = agents(scene, said, len(low))
    first = next((e for e in scene.parsed.entities if e.i < noun[0]), None)
    who = by or (listed(scene.parsed, first) if first is not None else ())
    kind, position = (
        (Kind.PROPOSAL, PositionKind.PROPOSAL)
        if low[said] in ("proposed", "offered")
        else (Kind.COMMITMENT, None)
    )
    marks = {Mark.EXTENSION} if low[said] == "extended" or extends(low, 0, len(low)) else set()
    return [
        Draft(
            0,
            len(low),
            said,
            kind,
            "headline names",
            who,
            act=noun[1],
            subject=acts.subject_of(low, 0, len(low), noun[1]),
            position=position,
            marks=marks,
        )
    ]
