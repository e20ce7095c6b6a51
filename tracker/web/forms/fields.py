"""The kinds of field that entry forms have: each cleans what was typed to the ledger's shape.

Stated times and durations become their canonical text, references the keys of rows, lists lists.
Whether a value may stand in the register is for the actions; here it only has to be readable.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker.domain import clock_questions, durations, tags, typed, zones
from tracker.domain.errors import Answer, DomainError, Unclear
from tracker.domain.facts import ACCOUNT_FIELDS, Rule, Stance
from tracker.words import LABELS, isolated, label, refusal, said

# Shown once on each form that asks for a time; the help of a field has one example.
TIME_WAYS = (
    ("18 Mar 2025, 18:00 Moscow", _("To the minute, by the clocks of a zone")),
    ("about 18h, 18 Mar 2025, Moscow", _("About that hour")),
    ("18.03.2025 Moscow", _("The day, its time not stated")),
    ("March 2025, Moscow", _("The month, its day not stated")),
    ("18 Mar 2025, 15:00 UTC", _("An instant in UTC; or UTC+3")),
    ("18 Mar 2025 ?Moscow", _("A question mark: the zone was not stated and is assumed")),
    ("2025-03-18 18:00 Europe/Moscow", _("As it is kept, which can always be typed too")),
)
STATED_HELP = _("Such as 18 Mar 2025, 18:00 Moscow.")
SPAN_HELP = _("30 days, 2 months, 30 hours; or P30D, P2M, PT30H.")
NONE = ("", "—")
SAYS = "says_"  # what an account says of a field, beside its stance


def refused(error: DomainError) -> forms.ValidationError:
    """A refusal by a rule as a form says it: what is wrong, and how to mend it."""
    return forms.ValidationError(refusal(error))


class Text(forms.CharField):
    """A line, or ``long``: several. Kept exactly as typed but for blanks around it."""

    def __init__(self, label: Any, *, long: bool = False, rows: int = 4, **options: Any) -> None:
        options.setdefault("required", False)
        # Of several lines the stylesheet says it: dir=auto takes a browser minutes for 5 MB.
        lines = forms.Textarea(attrs={"rows": rows})
        widget = lines if long else forms.TextInput(attrs={"dir": "auto"})
        super().__init__(label=label, widget=widget, strip=not long, **options)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n") if isinstance(self.widget, forms.Textarea) else text


class Answered(str):
    """What was typed, with the answer to what was asked of it."""

    answer: str = ""


class AnsweredInput(forms.TextInput):
    """A line of which something may be asked: the answer comes back beside it."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        text = super().value_from_datadict(data, files, name)
        if text is None:
            return None
        found = Answered(text)
        found.answer = str(data.get(f"{name}_answer") or "")
        return found


class TimeInput(AnsweredInput):
    """A line in which a time is typed. Below it stands how it is read, and stays so while typed."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        given = context["widget"]["attrs"]
        if given.get("id"):
            given |= {
                "hx-get": f"{reverse('time')}?{urlencode({'field': name})}",
                "hx-trigger": "input changed delay:400ms",
                "hx-target": f"#{given['id']}_read",
                "hx-swap": "innerHTML",
            }
        return context


class Asking(forms.CharField):
    """A line that is read leniently. ``asked``: what is to be answered before it can be taken;
    ``answered``: the answer, which goes with the text while something else has to be mended.

    ``kept`` is what stands in the register already: of that nothing is asked.
    """

    def __init__(self, label: Any, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("max_length", 200)
        super().__init__(label=label, **options)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "dir": "auto"}
        self.asked: Unclear | None = None
        self.answered = ""
        self.kept = ""
        self.zone_said = ""

    def settle(self, text: str, answer: str) -> Answer:
        """What is meant. Raises Unclear or Invalid."""
        raise NotImplementedError

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        self.asked, self.answered, self.zone_said = None, "", ""
        if not text or text == self.kept:
            return text or ""
        try:
            answer = getattr(value, "answer", "")
            found = self.settle(text, answer)
        except Unclear as error:
            self.asked = error
            raise forms.ValidationError(said(error.message), code="unclear") from error
        except DomainError as error:
            raise refused(error) from error
        self.answered = answer if answer == found.text else ""
        self.zone_said = found.zone
        return found.text


class StatedTime(Asking):
    """A time as it was stated, typed in any way that typed.py reads; blank: not given."""

    reads_times = True  # field.html shows below it how it is read

    def __init__(self, label: Any, **options: Any) -> None:
        options.setdefault("help_text", STATED_HELP)
        super().__init__(label, widget=TimeInput(), **options)

    def settle(self, text: str, answer: str) -> Answer:
        return clock_questions.settled(text, answer)


class Span(forms.CharField):
    """A duration as an agreement states it, in ISO 8601 or plain English; blank: not given."""

    def __init__(self, label: Any, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("help_text", SPAN_HELP)
        super().__init__(
            label=label,
            max_length=60,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            **options,
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return _span(text) if text else ""


def _span(text: str) -> str:
    try:
        return durations.typed(text)
    except DomainError as error:
        raise refused(error) from error


class Spans(Span):
    """Several durations, separated by commas; blank: not given."""

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value)
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return [_span(part) for part in parts] or None

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class Lines(Text):
    """A list of texts, one to a line."""

    def __init__(self, label: Any, **options: Any) -> None:
        options.setdefault("help_text", _("One to a line."))
        super().__init__(label, long=True, rows=3, **options)

    def clean(self, value: Any) -> Any:
        return [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class Tags(forms.CharField):
    """Short words, one to a line or between commas. ``offer`` says which there are already."""

    OFFERED = 40

    def __init__(self, label: Any, **options: Any) -> None:
        options.setdefault("help_text", _("Short words, one to a line or between commas."))
        attrs = {"rows": 2, "autocomplete": "off"}
        super().__init__(label=label, required=False, widget=forms.Textarea(attrs=attrs), **options)

    def offer(self, there: Iterable[str]) -> None:
        """Tell in the hint what other pledges have: the same is best called the same."""
        known = list(there)
        if known:
            names = ", ".join(isolated(escape(tag)) for tag in known[: self.OFFERED])
            self.help_text = gettext("%(hint)s There are already: %(names)s%(more)s.") % {
                "hint": self.help_text,
                "names": names,
                "more": "…" if len(known) > self.OFFERED else "",
            }

    def clean(self, value: Any) -> Any:
        try:
            return tags.kept(tags.split(str(super().clean(value))))
        except DomainError as error:
            raise refused(error) from error

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class Zone(Asking):
    """A zone by its IANA name or its city; blank: not stated."""

    def __init__(self, label: Any, **options: Any) -> None:
        options.setdefault("help_text", _("Kyiv, Europe/Kyiv, Asia/Beirut; blank: not stated."))
        super().__init__(label, widget=AnsweredInput(), **options)

    def settle(self, text: str, answer: str) -> Answer:
        named = typed.zones_named(text.lower()) or (text,)
        if len(named) == 1:
            return Answer(zones.zone(named[0]).key, "")
        if answer in named:
            return Answer(answer, "")
        said = gettext("“%(name)s” is the name of several zones.") % {"name": text}
        raise Unclear(said, answers=(Answer(name, "") for name in named))


class Choice(forms.ChoiceField):
    """One of a closed list, with the words that the register has for its values."""

    def __init__(self, label: Any, kind: str, values: Iterable[Any], **options: Any) -> None:
        self.words = kind
        listed = [(str(value), LABELS[kind].get(str(value), str(value))) for value in values]
        if not options.get("required", True):
            listed = [NONE, *listed]
        elif options.get("initial") is None:
            listed = [("", _("Choose one")), *listed]
        super().__init__(label=label, choices=listed, **options)


class Radios(forms.RadioSelect):
    """All of a few choices at once, of which one is taken."""

    template_name = "components/ticks.html"


class Ticks(forms.CheckboxSelectMultiple):
    """All of a few choices at once."""

    template_name = "components/ticks.html"


class DayCount(Choice):
    """How days are counted, or what an end date means, with an example of each in words."""

    def __init__(self, label: Any, **options: Any) -> None:
        options.setdefault("widget", Radios())
        super().__init__(label, "rule", Rule, required=False, **options)
        self.choices = [
            ("", _("not stated")),
            *((str(r), Means(LABELS["rule"][r], LABELS["rule_means"][r])) for r in Rule),
        ]


class Means:
    """A label with what it means, put together when it is shown."""

    def __init__(self, words: Any, means: Any) -> None:
        self.words, self.means = words, means

    def __str__(self) -> str:
        return f"{self.words}: {self.means}"


class Grade(forms.TypedChoiceField):
    """Credibility on the Admiralty scale, 1 to 6."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Credibility of what it says"),
            choices=[(n, f"{n} · {word}") for n, word in LABELS["credibility"].items()],
            coerce=int,
            initial="6",
        )


class Reliability(forms.ChoiceField):
    """Reliability on the Admiralty scale, A to F."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            choices=[(n, f"{n} · {word}") for n, word in LABELS["reliability"].items()],
            initial="F",
        )


class Tick(forms.BooleanField):
    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label=label, required=False, **options)


class Reference(forms.ChoiceField):
    """One row, by its key. ``of`` names the noun; the form fills in the rows that there are."""

    def __init__(self, label: Any, of: str, **options: Any) -> None:
        options.setdefault("required", False)
        self.of = of
        super().__init__(label=label, **options)

    def fill(self, rows: list[Any]) -> None:
        """Rows as key and words, or groups of such rows."""
        self.choices = [NONE if not self.required else ("", gettext("Choose one")), *rows]

    def clean(self, value: Any) -> Any:
        return super().clean(value) or None


class Many(forms.CheckboxSelectMultiple):
    """A long list to tick in: folded, telling what is chosen, and that stands first in it."""

    template_name = "components/many.html"
    FEW = 6  # so many need no folding
    NAMED = 4  # so many of the chosen are named while it is folded
    NONE_IS_ANY = False  # what nothing chosen means

    def __init__(self, label: Any) -> None:
        super().__init__()
        self.label = label

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        widget = context["widget"]
        groups = [(legend or "", options) for legend, options, _index in widget["optgroups"]]
        every = [option for _legend, options in groups for option in options]
        chosen = [option for option in every if option["selected"]]
        others = [option for option in every if not option["selected"]]
        if any(legend for legend, _options in groups):
            rest = [(legend, [o for o in found if o in others]) for legend, found in groups]
        else:
            rest = [(gettext("Others") if chosen else "", others)]
        listed = [(gettext("Chosen"), chosen), *rest]
        widget |= {
            "label": self.label,
            "none_is_any": self.NONE_IS_ANY,
            "total": len(every),
            "chosen": [option["label"] for option in chosen[: self.NAMED]],
            "chosen_count": len(chosen),
            "unnamed": max(len(chosen) - self.NAMED, 0),
            "groups": [(legend, options) for legend, options in listed if options],
            "is_open": len(every) <= self.FEW or "aria-invalid" in widget["attrs"],
        }
        return context


class References(forms.MultipleChoiceField):
    """Several rows, by their keys."""

    def __init__(self, label: Any, of: str, **options: Any) -> None:
        self.of = of
        options.setdefault("widget", Many(label))
        super().__init__(label=label, required=False, **options)

    def fill(self, rows: list[Any]) -> None:
        """Rows as key and words, or groups of such rows."""
        self.choices = rows


class About(forms.ChoiceField):
    """The one thing that a fact is about: ``noun:key``, in groups by noun."""

    def __init__(self, label: Any, *nouns: str) -> None:
        self.nouns = nouns
        super().__init__(label=label)

    def fill(self, groups: list[tuple[str, list[tuple[str, str]]]]) -> None:
        self.choices = [("", gettext("Choose one")), *[group for group in groups if group[1]]]


class Person(Reference):
    """A member of the dossier, by opaque id."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, "person", **options)


def stance_fields() -> dict[str, forms.Field]:
    """For each field that an account may speak to: what it does, and what it says."""
    found: dict[str, forms.Field] = {}
    stances = [(str(s), label("stance", s)) for s in Stance]
    for name in ACCOUNT_FIELDS:
        field = LABELS["field"][name]
        found[name] = forms.ChoiceField(label=field, choices=stances, initial=Stance.SILENT.value)
        words = gettext("%(field)s, in its words") % {"field": field}
        found[f"{SAYS}{name}"] = Text(words, max_length=500)
    return found
