"""The forms of the verbs of the lexicon, and the verb groups of a sentence.

A group is auxiliaries, adverbs and the verb that they carry: "has not yet agreed", "to halt". This
is not a parser: it knows the verbs that matter here, and takes what follows "will" for one.
"""

from dataclasses import dataclass

from . import lexicon
from .lexicon import words
from .text import Sentence

# Base, past, participle.
_IRREGULAR = {
    base: (past, part)
    for base, past, part in (
        forms.split()
        for line in (
            "swear swore sworn, withdraw withdrew withdrawn, undertake undertook undertaken",
            "uphold upheld upheld, hold held held, let let let, set set set, leave left left",
            "give gave given, send sent sent, pay paid paid, say said said, tell told told",
            "write wrote written, think thought thought, seek sought sought",
            "break broke broken, strike struck struck, shoot shot shot, hit hit hit",
            "take took taken, make made made, begin began begun, meet met met, fly flew flown",
            "freeze froze frozen, build built built, forgo forwent forgone",
            "forswear forswore forsworn, put put put, keep kept kept, bring brought brought",
            "read read read, rebuild rebuilt rebuilt, refreeze refroze refrozen",
            "overcome overcame overcome, come came come, stand stood stood, lay laid laid",
            "turn turned turned, fall fell fallen, go went gone, become became become",
            "quote quoted quoted, forbid forbade forbidden, blow blew blown, see saw seen",
        )
        for forms in line.split(", ")
    )
}
_DOUBLED = words("commit stop permit admit ban submit swap resubmit")
_EXTRA = words(
    "enter expire come last reach strike fail fall make express voice raise give share issue"
    " document register record count log trade stand run go become serve receive bring agree"
    " extend welcome take kill wound rule consider weigh hope plan intend aim expect exist"
    " mean endorse envisage stipulate foresee oblige mandate mirror compel obligate name cover"
    " include apply rely depend remain reserve retain consider regard convey reiterate repeat"
    " cede renew restate outline forbid lay approach result culminate warn caution collapse"
    " close revoke annul match abandon scrap reverse retaliate"
)
MODALS = {
    form: modal
    for modal, forms in {
        "will": "will 'll won't",
        "shall": "shall",
        "would": "would 'd wouldn't",
        "must": "must mustn't",
        "should": "should shouldn't ought",
        "may": "may might can could cannot can't couldn't",
    }.items()
    for form in forms.split()
}
_BE = words("is are was were be been being am isn't aren't wasn't weren't 're 'm")
_HAVE = words("has have had hasn't haven't hadn't 've having")
_DO = words("do does did don't doesn't didn't")


def _inflect(lemma: str) -> dict[str, str]:
    """Each form with its tag: base, s, past, part (participle), ing."""
    past, part = _IRREGULAR.get(lemma, ("", ""))
    stem = lemma + lemma[-1] if lemma in _DOUBLED else lemma
    if not past:
        past = part = (
            lemma + "d"
            if lemma.endswith("e")
            else lemma[:-1] + "ied"
            if lemma.endswith("y") and lemma[-2] not in "aeiou"
            else stem + "ed"
        )
    ing = (lemma[:-1] if lemma.endswith("e") and not lemma.endswith("ee") else stem) + "ing"
    s = (
        lemma[:-1] + "ies"
        if lemma.endswith("y") and lemma[-2] not in "aeiou"
        else lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "o")) else "s")
    )
    forms = {ing: "ing", s: "s", part: "part"}
    forms[past] = "past" if past != part else "ed"
    forms[lemma] = "base" if lemma not in (past, part) else "any"
    return forms


ACT_OF = {
    lemma: act for act in reversed(lexicon.ACTION_VERBS) for lemma in lexicon.ACTION_VERBS[act]
}
_ALL = (
    lexicon.COMMIT | lexicon.ANNOUNCE | lexicon.SAY | lexicon.DEMAND | lexicon.PROPOSE
    | lexicon.REFUSE | lexicon.DENY | lexicon.CONCERN | lexicon.VIOLATE | lexicon.ACCUSE
    | lexicon.HOSTILE_VERBS | lexicon.ASPECT | frozenset(ACT_OF) | _EXTRA
)  # fmt: skip
FORMS: dict[str, tuple[str, str]] = {}
for _lemma in sorted(_ALL):
    for _form, _tag in _inflect(_lemma).items():
        FORMS.setdefault(_form, (_lemma, _tag))
FORMS["left"] = ("leave", "ed")

# Forms that are nouns as often as verbs: taken for verbs only where a subject stands before them.
NOUNISH = words(
    "halt halts release releases exchange exchanges strike strikes attack attacks pledge"
    " pledges demand demands call calls offer offers pause pauses end ends stop stops swap"
    " swaps supply supplies access return returns report reports claim claims promise promises"
    " request requests order orders vow vows support limit limits control fire use shell"
    " shells fund funds talk talks work works help concern fear fears worry blame count counts"
    " record records register document documents name move moves target targets doubt doubts"
    " freeze press appeal appeals breach breaches break breaks advance question plan plans aim"
    " aims hope hopes ban bans trade set free open post posts note notes transfer transfers"
    " influence view answer issue issues voice share shares place places act table tables"
    " ships ship deal fall last means mean mandate harm study respect run register states"
    " decree decrees approach charge retreat sign signs clear start starts launch launches"
    " float surrender merge hand hands let force forces state read block blocks station"
    " stations show cover"
)


_VOWING = words("agree undertake commit recommit accept declare")
_OBJECTS = words("for on upon that to the a an all both")


@dataclass(slots=True, eq=False)
class Group:
    """``start`` to ``end`` are token positions, the verb last. ``modal``: will, would, shall, must,
    should, may; ``to`` an infinitive, ``beto`` "is to". ``form``: finite, infinitive, ing, part.
    """

    start: int
    end: int
    lemma: str
    form: str = "finite"
    modal: str = ""
    negated: bool = False
    passive: bool = False
    perfect: bool = False
    past: bool = False
    adjective: str = ""
    order: int = 0  # which group of its sentence

    def does(self, lemmas: frozenset[str]) -> bool:
        return self.lemma in lemmas and not self.adjective


def is_base(low: str) -> bool:
    tag = FORMS.get(low, ("", ""))[1]
    return tag in ("base", "any")


_NOT_VERBAL = (
    *("tion", "tions", "ment", "ments", "ness", "ing", "ly", "ed", "ous", "ful", "al", "ians"),
    "ers",
    "ic",
    "able",
)
_WHEN = words(
    "week month year night summer spring autumn winter monday tuesday wednesday thursday friday"
    " saturday sunday"
)
_COMPOUND = words(
    "air drone missile rocket artillery mortar ground energy fresh new more ceasefire truce"
    " prisoner overnight heavy deadly several recent further such other renewed border ballistic"
)


def may_be_verb(sentence: Sentence, k: int) -> bool:
    """Whether the token can be the verb after "to", "will" or "and"."""
    if k >= len(sentence.tokens):
        return False
    low = sentence.low[k]
    if low in ("be", "have", "do"):
        return True
    if is_base(low):
        return not (low in NOUNISH and k + 1 < len(sentence.low) and sentence.low[k + 1] == "of")
    return (
        low.isalpha()
        and sentence.tokens[k].text.islower()
        and low not in lexicon.NOT_VERBS
        and low not in lexicon.DETERMINERS
        and low not in lexicon.PREPOSITIONS
        and low not in lexicon.NUMBERS
        and low not in lexicon.ADVERBS
        and low not in NOUNISH
        and low not in FORMS
        and not low.endswith(_NOT_VERBAL)
    )


def groups(sentence: Sentence, starts_name: frozenset[int] = frozenset()) -> list[Group]:
    """The verb groups, left to right. ``starts_name``: tokens within names, which are no verbs."""
    found: list[Group] = []
    i = 0
    while i < len(sentence.tokens):
        group = None if i in starts_name else _group(sentence, i, starts_name)
        if group is None:
            i += 1
        else:
            group.order = len(found)
            found.append(group)
            i = group.end + 1
    return found


def _skip(low: list[str], k: int) -> tuple[int, bool]:
    """Past adverbs and negations: where, and whether one of them was a negation."""
    negated = False
    while k < len(low) and (
        low[k : k + 2] == ["no", "longer"]
        or low[k] in lexicon.ADVERBS
        or (low[k].endswith("ly") and low[k] not in FORMS and len(low[k]) > 4 and low[k] != "early")
        or low[k] in ("not", "never")
    ):
        negated = negated or low[k] in ("not", "never", "no")
        k += 2 if low[k] == "no" else 1
    return k, negated


def _group(sentence: Sentence, i: int, names: frozenset[int]) -> Group | None:
    low = sentence.low
    word = low[i]
    if word in MODALS:
        return _after_modal(sentence, i)
    if word in _HAVE:
        made = _after_have(sentence, i, "finite", modal="", negated="n't" in word)
        if made is None and low[i + 1 : i + 3] == ["the", "right"] and word != "having":
            made = Group(i, i, "have", past=word == "had")
        return made
    if word in _BE:
        made = _after_be(sentence, i, i, "finite", negated="n't" in word)
        if made is None and word not in ("be", "been", "being"):
            made = Group(i, i, "be", negated="n't" in word, past=word in ("was", "were"))
        return made
    if word in _DO:
        k, negated = _skip(low, i + 1)
        if (negated or "n't" in word or word == "did") and may_be_verb(sentence, k):
            lemma = FORMS.get(low[k], (low[k], ""))[0]
            return Group(i, k, lemma, negated=negated or "n't" in word, past=word[:3] == "did")
        return None
    if word == "to":
        k, negated = _skip(low, i + 1)
        if low[k - 1] in ("all", "both", "each"):
            return None  # "an end to all hostilities"
        negated = negated or (i > 0 and low[i - 1] in ("not", "never"))
        if k < len(low) and low[k] == "be":
            group = _after_be(sentence, i, k, "infinitive", negated=negated)
            return group or Group(i, k, "be", form="infinitive", modal="to", negated=negated)
        if k < len(low) and low[k] == "have":
            return _after_have(sentence, k, "infinitive", modal="to", negated=negated, at=i)
        if may_be_verb(sentence, k):
            lemma = FORMS.get(low[k], (low[k], ""))[0]
            return Group(i, k, lemma, form="infinitive", modal="to", negated=negated)
        return None
    if word in ("set", "due", "scheduled") and low[i + 1 : i + 2] == ["to"] and (i - 1) in names:
        return Group(i, i, word, adjective="scheduled")
    if word in FORMS:
        return _plain(sentence, i, names)
    return None


def _after_modal(sentence: Sentence, i: int) -> Group | None:
    low = sentence.low
    modal = MODALS[low[i]]
    negated = "n't" in low[i] or low[i] == "cannot"
    k, more = _skip(low, i + 1)
    if i and low[i - 1] in ("nor", "neither") and k < len(low) and low[k] in lexicon.PRONOUNS:
        k, more = k + 1, True  # "nor will we attack"
    if k < len(low) and low[k] == "to" and low[i] == "ought":
        k += 1
    # "will, for its part, halt": one aside between commas.
    if k < len(low) and low[k] == ",":
        close = next((j for j in range(k + 1, min(k + 12, len(low))) if low[j] == ","), None)
        if close is not None:
            k, _ = _skip(low, close + 1)
    negated = negated or more
    if k < len(low) and low[k] == "be":
        group = _after_be(sentence, i, k, "finite", negated=negated)
        made = group or Group(i, k, "be", negated=negated)
        made.modal = modal
        return made
    if k < len(low) and low[k] == "have":
        made = _after_have(sentence, k, "finite", modal=modal, negated=negated, at=i) or Group(
            i, k, "have", negated=negated
        )
        made.modal = modal
        return made
    if may_be_verb(sentence, k) or (k < len(low) and is_base(low[k])):
        lemma = FORMS.get(low[k], (low[k], ""))[0]
        return Group(i, k, lemma, modal=modal, negated=negated)
    return None


def _after_have(
    sentence: Sentence, i: int, form: str, *, modal: str, negated: bool, at: int | None = None
) -> Group | None:
    low = sentence.low
    start = i if at is None else at
    k, more = _skip(low, i + 1)
    negated = negated or more
    if k < len(low) and low[k] == "been":
        made = _after_be(sentence, start, k, form, negated=negated)
        if made is not None:
            made.perfect, made.modal = True, modal
        return made
    if k < len(low) and low[k] == "to" and may_be_verb(sentence, k + 1):
        lemma = FORMS.get(low[k + 1], (low[k + 1], ""))[0]
        return Group(start, k + 1, lemma, modal="must", negated=negated)
    if k < len(low) and FORMS.get(low[k], ("", ""))[1] in ("ed", "part", "any"):
        return Group(
            start, k, FORMS[low[k]][0], form=form, modal=modal, negated=negated, perfect=True
        )
    return None


def _after_be(sentence: Sentence, start: int, i: int, form: str, *, negated: bool) -> Group | None:
    low = sentence.low
    k, more = _skip(low, i + 1)
    negated = negated or more
    past = low[i] in ("was", "were", "wasn't", "weren't")
    if k < len(low) and low[k] == "being":
        k += 1
    if k >= len(low):
        return None
    word = low[k]
    if start and low[start - 1] == "there" and word != "to":
        return Group(start, i, "be", form=form, negated=negated, past=past)
    if word == "to" and low[i] not in ("be", "been") and may_be_verb(sentence, k + 1):
        if low[k + 1] == "be" and FORMS.get(low[min(k + 2, len(low) - 1)], ("", ""))[1] in (
            "ed",
            "part",
            "any",
        ):
            lemma = FORMS[low[k + 2]][0]
            return Group(start, k + 2, lemma, modal="beto", negated=negated, passive=True)
        lemma = FORMS.get(low[k + 1], (low[k + 1], ""))[0]
        return Group(start, k + 1, lemma, modal="beto", negated=negated, past=past)
    if word == "going" and low[k + 1 : k + 2] == ["to"] and may_be_verb(sentence, k + 2):
        lemma = FORMS.get(low[k + 2], (low[k + 2], ""))[0]
        return Group(start, k + 2, lemma, modal="will", negated=negated, past=past)
    if word in lexicon.ADJECTIVES and not (word == "set" and low[k + 1 : k + 2] == ["up"]):
        lemma = FORMS.get(word, (word, ""))[0]
        kind = lexicon.ADJECTIVES[word]
        return Group(start, k, lemma, form=form, negated=negated, past=past, adjective=kind or "-")
    if word in FORMS:
        lemma, tag = FORMS[word]
        if tag in ("ed", "part", "any"):
            return Group(start, k, lemma, form=form, negated=negated, past=past, passive=True)
        if tag == "ing":
            return Group(start, k, lemma, form="progressive", negated=negated, past=past)
    elif low[i] == "be" and word.endswith("ed") and len(word) > 5 and word not in lexicon.NOT_VERBS:
        return Group(start, k, word[:-2], form=form, negated=negated, passive=True)
    return None


def _plain(sentence: Sentence, i: int, names: frozenset[int]) -> Group | None:
    """A verb without auxiliaries: "agreed", "rejects", "halting"; None where it is a noun."""
    low = sentence.low
    lemma, tag = FORMS[low[i]]
    before = low[i - 1] if i else ""
    if low[i] == "last" and low[i + 1 : i + 2] and low[i + 1] in _WHEN:
        return None
    if low[i] in NOUNISH and before in _COMPOUND:
        return None  # "air strikes on"
    if low[i] in NOUNISH and (before in ("said", "says", "added") or (not i and low[i] == "talks")):
        return None  # "said talks on a truce would begin"
    if tag == "s" and before in ("the", "its", "their", "his", "of", "such"):
        return None  # "the remains of"
    if tag == "ing":
        return Group(i, i, lemma, form="ing", negated=before in ("not", "without"))
    if low[i] in NOUNISH or tag in ("base", "any"):
        if before in lexicon.DETERMINERS or before in lexicon.PREPOSITIONS or before in ("'s", "'"):
            return None
        subject_before = (
            (i - 1) in names
            or before in lexicon.PRONOUNS
            or before.endswith(("s", "ly"))
            or before in ("and", "or", ",", "who", "which", "that", "not", "party", "side")
            or i == 0
            or (before in lexicon.ADVERBS)
            or (low[i] in _VOWING and sentence.tokens[i - 1].is_capital)
            or (tag == "s" and before.isalpha() and low[i + 1 : i + 2] and low[i + 1] in _OBJECTS)
        )
        if not subject_before or (i + 1 < len(low) and low[i + 1] == "of" and low[i] in NOUNISH):
            return None
        form = "finite" if tag in ("s", "past", "ed") or (i - 1) in names else "bare"
        return Group(i, i, lemma, form=form)
    if tag == "ed" and (
        before in lexicon.DETERMINERS - {"this", "that", "both", "each", "all", "some", "many"}
        or before in lexicon.PREPOSITIONS
        or before in lexicon.NUMBERS
        or before in ("'s", "-", "newly", "other")
        or before[:1].isdigit()
    ):
        return Group(i, i, lemma, form="part")
    adjective = before in ("been", "be", "is", "are", "was", "were")
    return Group(
        i,
        i,
        lemma,
        form="part" if tag == "part" or adjective else "finite",
        past=tag in ("ed", "past"),
        negated=before == "never",
    )
