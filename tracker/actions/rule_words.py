"""How refusals by rules name stored values: by the words that forms have for them.

Must not live here: rules.
"""

from tracker.domain import transitions
from tracker.domain.errors import NotAllowed
from tracker.domain.facts import Rule
from tracker.domain.sentences import _
from tracker.domain.transitions import Machine
from tracker.words import label

COUNTS = (Rule.INCLUSIVE, Rule.EXCLUSIVE, Rule.ELAPSED)
END_DATES = (Rule.THROUGH, Rule.UNTIL)
ENDS = {
    "end": "an end as stated",
    "end_trigger": "a trigger until which it runs",
    "duration": "a duration",
    "open_end": "no end",
}


def named(kind: str, *values: str) -> str:
    """The values of that kind: “day of the start counted”, “elapsed time”."""
    return ", ".join(f"“{label(kind, value)}”" for value in values)


def check_move(machine: Machine, *, current: str, to: str) -> None:
    """``transitions.check``, its refusal in those words."""
    try:
        transitions.check(machine, current=current, to=to)
    except NotAllowed as error:
        words = "condition" if machine is Machine.RELEASE else machine
        allowed = transitions.find(machine, to)
        sources = [s for s in transitions.states(machine) if s in allowed.sources]
        raise NotAllowed(
            _(
                "{label} is {words} then: it cannot become {other}.",
                label=label("machine", machine),
                words=named(words, current),
                other=named(words, to),
            ),
            field="to",
            mend=_("That is reached from: {words}.", words=named(words, *sources)),
        ) from error
