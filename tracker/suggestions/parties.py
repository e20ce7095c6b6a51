"""Who is named: the register's parties, states and bodies, and whom the text itself introduces.

A ``Book`` belongs to one text. It learns as it reads: "Sudan's president X" makes later "X" stand
for Sudan, "the Northern Front (NF)" makes "NF" stand for the front.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from .heads import (
    HEADED,
    NOT_THE_STATE,
    OF_A_STATE,
    ORG_HEADS,
    ORGAN_ADJECTIVES,
    ORGANS,
    TITLES,
)
from .lexicon import words
from .names import Entity, Entry, Words, by_first, key_of, lexicon_of_names
from .text import Sentence, words_of
from .values import KnownParty, Named

_NOT_QUALIFIED = words("and or to will has have had said is are would")
_LEGAL = re.compile(
    r"(?:party|side) (?:[a-d]|one|two|i|ii)|(?:the )?(?:first|second) (?:party|side)"
)


class Book:
    """The names that one text may use, the register's and its own."""

    def __init__(self, parties: Sequence[KnownParty]) -> None:
        self._by_first: Words = dict(by_first())
        self._learnt: dict[tuple[str, ...], Entry] = {}
        entries = lexicon_of_names()
        known: dict[str, KnownParty] = {}
        for party in parties:
            for one in (party.name, *party.aliases):
                entry = entries.get(key_of(one))
                if entry is not None and entry.kind in ("state", "body"):
                    known.setdefault(entry.name, party)
        for key, entry in entries.items() if known else ():
            found = known.get(entry.name)
            if found is not None:
                self._add(key, replace(entry, name=found.name, slug=found.slug))
        for party in parties:
            for one in (party.name, *party.aliases):
                if key_of(one):
                    self._add(
                        key_of(one),
                        Entry(
                            party.name,
                            "body",
                            slug=party.slug,
                            capital=one[:1].isupper(),
                            upper=one.isupper(),
                        ),
                    )

    def _add(self, key: tuple[str, ...], entry: Entry) -> None:
        others = [one for one in self._by_first.get(key[0], ()) if one[0] != key]
        self._by_first[key[0]] = sorted([*others, (key, entry)], key=lambda one: -len(one[0]))

    def learn(self, name: Sequence[str], entry: Entry) -> None:
        """Let a name stand for a party from here on. Bounded: a text teaches at most 500."""
        key = tuple(one.lower() for one in name)
        if not key or len(self._learnt) >= 500 or key in self._learnt:
            return
        if any(key == one[0] for one in self._by_first.get(key[0], ())):
            return
        self._learnt[key] = entry
        self._add(key, entry)

    def entities(self, sentence: Sentence) -> list[Entity]:
        """The names of a sentence, left to right, none within another."""
        found: list[Entity] = []
        i = 0
        while i < len(sentence.tokens):
            entity = self._at(sentence, i)
            if entity is None:
                i += 1
                continue
            found.append(entity)
            i = max(entity.j, i + 1)
        return found

    def _at(self, sentence: Sentence, i: int) -> Entity | None:
        polity = self._polity(sentence, i)
        if polity is not None:
            return polity
        paired = self._paired(sentence, i)
        if paired is not None:
            return paired
        matched = self._match(sentence, i)
        if sentence.low[i] == "the" and i + 1 < len(sentence.low):
            if self._polity(sentence, i + 1) is not None:
                return None
            inner = self._match(sentence, i + 1)
            if inner is not None and (matched is None or inner[0] > matched[0]):
                return None  # the name begins behind the article
        if matched is None:
            return self._organisation(sentence, i)
        j, entry = matched
        if sentence.low[j - 1] in ("movement", "front") and sentence.low[j : j + 1] in (
            ["to"],
            ["toward"],
            ["towards"],
            ["of"],
        ):
            return None
        longer = self._organisation(sentence, i)
        if longer is not None and longer.j > j and entry.kind in ("state", "group"):
            rest = sentence.low[j : longer.j]
            if not set(rest) <= ORGANS | {"of", "the", "and", "'s"}:
                return longer
        if entry.kind in ("both", "one", "other", "group"):
            return Entity(i, j, entry)
        return self._extended(sentence, i, j, entry)

    def _paired(self, sentence: Sentence, i: int) -> Entity | None:
        """ "AFC/M23", "SPLM/A-IO": one body; by the name that is known of it, where one is."""
        tokens = sentence.tokens
        if sentence.low[i + 1 : i + 2] != ["/"] or i + 2 >= len(tokens):
            return None
        first, last = tokens[i], tokens[i + 2]
        if first.end + 1 != last.start or not (first.text.isupper() and last.text.isupper()):
            return None
        one, other = self._match(sentence, i), self._match(sentence, i + 2)
        known = other or one
        if known is not None and (known[1].kind != "body" or (one and other)):
            return None
        name = words_of(tokens[i : i + 3])
        return Entity(i, i + 3, known[1] if known else Entry(name, "body"))

    def _polity(self, sentence: Sentence, i: int) -> Entity | None:
        """ "Republic of Armenia", "Government of the Sudan": the state, whole."""
        low, k = sentence.low, i
        if low[i] == "ministry":  # "Ministry of Foreign Affairs of Qatar"
            for m in range(i + 2, min(i + 8, len(low) - 1)):
                if low[m] == "of" and self._match(sentence, m + 1) is not None:
                    k = m
                    break
                if not sentence.tokens[m].is_capital and low[m] not in ("and", "of"):
                    break
        while k < i + 3 and k < len(low) and (low[k] in OF_A_STATE or (k > i and low[k] in ORGANS)):
            k += 1
        if k == i or low[k : k + 1] != ["of"]:
            return None
        k += 1
        while k < len(low) and low[k] in ("the", "federal", "republic", "of", "democratic"):
            k += 1
        matched = self._match(sentence, k) if k < len(low) else None
        if matched is None and k < len(low) and low[k - 1] == "the" and low[i] != "republic":
            inner = self._organisation(sentence, k)
            matched = (inner.j, inner.entry) if inner is not None else None
        if matched is None or matched[1].kind not in ("state", "body") or matched[1].adjective:
            return None
        return Entity(i, matched[0], matched[1], person=low[i] in TITLES)

    def _match(self, sentence: Sentence, i: int) -> tuple[int, Entry] | None:
        low, tokens = sentence.low, sentence.tokens
        if low[i][:3] in ("al-", "el-") and low[i] not in self._by_first:
            bare = low[i][3:]
            one = next((e for key, e in self._by_first.get(bare, ()) if key == (bare,)), None)
            if one is not None and one.kind == "person":
                return i + 1, one
        for key, entry in self._by_first.get(low[i], ()):
            j = i + len(key)
            if tuple(low[i:j]) != key:
                continue
            first = tokens[i].text
            if entry.capital and not first[0].isupper():
                continue
            if entry.upper and not first.isupper():
                continue
            if (
                len(key) == 1
                and len(first) <= 3
                and key[0] in ("us", "un", "eu", "car", "au", "uk")
                and not first.isupper()
            ):
                continue
            return j, entry
        if low[i] not in ("the", "first", "second", "party", "side"):
            return None
        two = " ".join(low[i : i + 2])
        three = " ".join(low[i : i + 3])
        if i + 3 <= len(low) and _LEGAL.fullmatch(three):
            return i + 3, Entry(three.removeprefix("the ").title(), "body")
        if i + 2 <= len(low) and _LEGAL.fullmatch(two):
            return i + 2, Entry(two.title(), "body")
        return None

    def _extended(self, sentence: Sentence, i: int, j: int, entry: Entry) -> Entity:
        """With the organ and the person that it brings: "Russian President Vladimir Putin"."""
        low, tokens, n = sentence.low, sentence.tokens, len(sentence.tokens)
        if entry.kind == "person":
            return Entity(i, j, entry, person=True)
        possessive = j < n and low[j] in ("'s", "'", "’")
        k = j + 1 if possessive else j
        title = organ = False
        if entry.kind == "state" and entry.adjective and k < n and low[k] in NOT_THE_STATE:
            while k + 1 < n and low[k + 1] in (
                "forces",
                "fighters",
                "groups",
                "group",
                "factions",
                "leaders",
            ):
                k += 1
            name = words_of(tokens[i : k + 1])
            return Entity(i, k + 1, Entry(name, "body"))
        ahead = k
        while ahead < n and ahead < k + 2 and low[ahead] in ORGAN_ADJECTIVES:
            ahead += 1
        if ahead > k and ahead < n and low[ahead] in HEADED:
            k = ahead
        while k < n and low[k] in ORGANS and (tokens[k].text.islower() or tokens[k].is_capital):
            title = title or low[k] in TITLES
            organ = True
            k += 1
        if not organ:
            following = low[j] if j < n else ""
            modifier = possessive or (
                entry.adjective
                and not low[i].endswith("s")
                and following.isalpha()
                and tokens[j].text.islower()
                and following not in _NOT_QUALIFIED
            )
            return Entity(i, j, entry, modifier=modifier, possessive=possessive)
        person = k
        while (
            title
            and person < n
            and person - k < 5
            and (
                (tokens[person].is_capital and tokens[person].is_word)
                or (
                    person > k
                    and low[person].startswith(("al-", "el-", "bin", "ben", "van", "de"))
                    and len(low[person]) > 2
                    and person + 0 < n
                    and (
                        low[person].startswith(("al-", "el-"))
                        or (person + 1 < n and tokens[person + 1].is_capital)
                    )
                )
            )
        ):
            other = self._match(sentence, person)
            if other is not None and other[1].kind != "person":
                break
            person += 1
        if person > k:
            called = [token.text for token in tokens[k:person]]
            spoken = replace(entry, kind="person", adjective=False)
            self.learn(called, spoken)
            if len(called[-1]) > 2:
                self.learn(called[-1:], spoken)
        return Entity(i, person, entry, person=person > k or title)

    def _organisation(self, sentence: Sentence, i: int) -> Entity | None:
        """A capitalised name that ends in a word for a body: "the National Salvation Front"."""
        tokens, low, n = sentence.tokens, sentence.low, len(sentence.tokens)
        if not tokens[i].is_capital or low[i] in ("the", "a", "in", "on", "under", "both", "if"):
            return None
        j, last = i, -1
        while j < n and j - i < 9:
            if tokens[j].is_capital and tokens[j].is_word:
                if low[j] in ORG_HEADS:
                    last = j
            elif not (
                low[j] in ("of", "for", "the", "and", "-", "’", "'s")
                and (low[j] != "the" or low[j - 1] in ("of", "for", "and"))
                and j + 1 < n
                and tokens[j + 1].is_capital
            ) or (low[j] == "and" and last >= 0):
                break
            j += 1
        if last < 0 or (last == i and low[i] in ("forces", "guards", "group", "service", "office")):
            return None
        end = last + 1
        name = words_of(tokens[i:end])
        entry = Entry(name, "body")
        if tokens[end : end + 1] and tokens[end].text == "(" and end + 2 < n:
            short = self._match(sentence, end + 1)
            if short is not None and low[short[0]] == ")" and short[1].kind == "body":
                entry = short[1]  # "the National Liberation Army (ELN)"
        if end - i > 1:
            self.learn([token.low for token in tokens[i:end]], entry)
            if (
                end + 2 < n
                and tokens[end].text == "("
                and tokens[end + 2].text == ")"
                and tokens[end + 1].text.isupper()
            ):
                self.learn([low[end + 1]], entry)
        return Entity(i, end, entry)

    def introduce(self, sentence: Sentence, found: list[Entity]) -> None:
        """Learn whom an apposition introduces: "Amna Osei, a spokeswoman for the rebels,"."""
        tokens, low, n = sentence.tokens, sentence.low, len(sentence.tokens)
        for entity in found:
            k = entity.j + 1
            if low[entity.j : k] == [","] and set(low[entity.i : entity.j]) & TITLES:
                while k < n and k - entity.j < 6 and tokens[k].is_capital and tokens[k].is_word:
                    k += 1
                after = [token.text for token in tokens[entity.j + 1 : k]]
                if k < n and low[k] == "," and after and not self._match(sentence, entity.j + 1):
                    spoken = replace(entity.entry, kind="person", adjective=False)
                    self.learn(after, spoken)
                    self.learn(after[-1:], spoken)
            k = entity.i - 1
            while k >= 0 and (low[k] in ORGANS or low[k] in ("the", "a", "an", "of", "for")):
                k -= 1
            between = set(low[k + 1 : entity.i]) | set(low[entity.i : entity.j])
            if k < 1 or low[k] != "," or not between & TITLES:
                continue
            start = k
            while (
                start > 0
                and tokens[start - 1].is_capital
                and tokens[start - 1].is_word
                and k - start < 4
            ):
                start -= 1
            name = [token.text for token in tokens[start:k]]
            if name and not self._match(sentence, start):
                spoken = replace(entity.entry, kind="person", adjective=False)
                self.learn(name, spoken)
                self.learn(name[-1:], spoken)


def named(sentence: Sentence, entity: Entity) -> Named:
    """An entity as the suggestion carries it."""
    start, end = sentence.tokens[entity.i].start, sentence.tokens[entity.j - 1].end
    words_there = words_of(sentence.tokens[entity.i : entity.j])
    entry = entity.entry
    return Named(words_there, start, end, entry.name, slug=entry.slug, iso=entry.iso)
