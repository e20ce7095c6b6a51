"""Act and subject of what is undertaken, from the verb, its object and the nouns there."""

from tracker.domain.facts import Act, Subject

from . import lexicon
from .lexicon import words
from .verbs import ACT_OF, FORMS

_BLOCKADE = words(
    "blockade siege embargo restrictions curfew closure roadblocks checkpoints barriers"
    " obstacles hurdles obstructions sanctions"
)
_HELD = lexicon.SUBJECT_WORDS[Subject.PRISONERS] | words(
    "soldiers fighters captives civilians-held"
)
_PERSONS = _HELD | words(
    "people persons citizens nationals crew sailors fishermen workers journalists pilots"
    " activists held detained"
)
_TALKS = words(
    "talks negotiations consultations dialogue discussions meeting meetings round contacts"
    " consultation"
)
_NO_PLACES = words(
    "agreement treaty deal accord pact process mediation claims complaints lawsuits objections"
    " charges accusation accusations"
)
_LAND = words(
    "district districts region regions territory territories village villages area areas"
    " province enclave control town towns"
)
_PAPERS = words(
    "maps lists list information data coordinates names documents archives records weapons arms"
)
_MONEY = words(
    "pesos dollars euros funds money million billion payments salaries wages assets cash loan"
)
_MOVED = words(
    "forces troops weapons weaponry artillery units tanks fighters soldiers army personnel"
    " vehicles equipment back out north south away east west"
)
_FIGHT = words(
    "hostilities fighting attacks strikes shelling fire bombing operations airstrikes"
    " offensive offensives raids bombardment hostility assaults combat activities actions"
    " firing bombardments advance war violence campaign"
)
_NOUN_ACT = {noun: act for act, nouns in lexicon.ACTION_NOUNS.items() for noun in nouns}
_PHRASES: dict[str, list[tuple[str, Subject]]] = {}
for _one in sorted(lexicon.SUBJECT_PHRASES, key=lambda one: -len(one[0])):
    _PHRASES.setdefault(_one[0].split()[0], []).append(_one)
_SOFT = (Subject.TERRITORY,)
_PASSAGES = words("corridor corridors crossing crossings checkpoint checkpoints")


def act_noun(low: list[str], i: int, j: int) -> tuple[int, Act] | None:
    """The first noun of an act among tokens ``i`` to ``j``, and where it stands."""
    for k in range(i, j):
        act = _NOUN_ACT.get(low[k])
        if act is None:
            compound = low[k].rsplit("-", 1)[-1]
            act = _NOUN_ACT.get(compound) if compound in lexicon.HALT_NOUNS else None
        if act is None:
            continue
        if (
            low[k]
            in (
                "return",
                "release",
                "access",
                "exchange",
                "ban",
                "halt",
                "freeze",
                "pause",
                "opening",
                "swap",
            )
            and k > i
            and low[k - 1] in ("in", "to", "will", "would", "shall")
        ):
            continue
        if low[k] == "return" and set(low[k : k + 8]) & words(
            "refugees displaced residents families idps civilians"
        ):
            return k, Act.ALLOW
        if (
            low[k] == "exchange"
            and k + 2 < len(low)
            and low[k + 1] == "of"
            and low[k + 2] in ("fire", "views", "opinions", "information")
        ):
            continue
        if low[k] == "access" and "market" in low[k : k + 5]:
            continue
        return k, act
    return None


def act_of(lemma: str, low: list[str], i: int, j: int) -> Act:
    """What somebody undertakes who is to do ``lemma`` to what stands in tokens ``i`` to ``j``."""
    rest = low[i:j]
    near = set(rest[:9])
    if "use of force" in " ".join(rest[:10]) and lemma in (
        "eliminate",
        "prevent",
        "renounce",
        "end",
        "avoid",
    ):
        return Act.REFRAIN
    if lemma in ("lift", "end", "remove", "ease", "dismantle") and near & _BLOCKADE:
        return Act.ALLOW
    if lemma in (
        "transfer",
        "hand",
        "deliver",
        "return",
        "give",
        "send",
        "surrender",
        "bring",
        "evacuate",
    ):
        if near & _HELD:
            return Act.RELEASE
        if lemma == "hand" or near & _PAPERS:
            return Act.PROVIDE
        if lemma in ("transfer", "give", "send", "deliver"):
            return Act.PROVIDE
        if lemma == "return" and near & words("barracks positions bases lines camps"):
            return Act.WITHDRAW
        if lemma == "return" and set(rest[:5]) & (lexicon.TRUCE | _TALKS) and "to" in rest[:2]:
            return Act.HALT if set(rest[:5]) & lexicon.HALT_NOUNS else Act.OTHER
        if lemma == "evacuate":
            return Act.WITHDRAW if near & _MOVED else Act.OTHER
    if (
        lemma in ("return", "hand", "cede", "transfer", "surrender")
        and near & _LAND
        and not near & _HELD
    ):
        return Act.WITHDRAW
    if (
        lemma in lexicon.ACTION_VERBS[Act.WITHDRAW]
        and near & (_TALKS | _NO_PLACES)
        and not near & _MOVED - {"from"}
    ):
        return Act.OTHER
    if lemma in ("move", "pull", "relocate", "remove", "leave", "pulled"):
        return Act.WITHDRAW if near & _MOVED or lemma != "move" else Act.OTHER
    if (
        lemma
        in (
            "hold",
            "begin",
            "start",
            "resume",
            "continue",
            "launch",
            "conduct",
            "open",
            "enter",
            "convene",
            "proceed",
            "initiate",
            "restart",
            "relaunch",
            "organise",
            "organize",
            "arrange",
        )
        and near & _TALKS
    ):
        return Act.NEGOTIATE
    if lemma == "hold":
        noun = act_noun(low, i, min(i + 8, j))
        return Act.HALT if "fire" in near or (noun and noun[1] is Act.HALT) else Act.OTHER
    if lemma in (
        "continue",
        "begin",
        "start",
        "proceed",
        "complete",
        "undertake",
        "help",
        "assist",
        "commence",
        "finish",
    ):
        for k in range(i, min(i + 5, j)):
            inner, tag = FORMS.get(low[k], ("", ""))
            if (
                (tag == "ing" or (k > i and low[k - 1] == "to") or (k == i and lemma == "help"))
                and inner in ACT_OF
                and inner not in ("work", "remain")
            ):
                return act_of(inner, low, k + 1, j)
    if lemma == "keep" and near & words("open passable unblocked"):
        return Act.ALLOW
    if lemma in ("put", "bring") and near & words("end halt stop"):
        return Act.HALT
    if lemma == "lay" or (lemma == "put" and "arms" in near):
        return Act.OTHER
    noun = act_noun(low, i, min(i + 9, j))
    if (
        lemma == "provide"
        and noun
        and noun[0] <= i + 3
        and noun[1] in (Act.RELEASE, Act.ALLOW, Act.HALT, Act.WITHDRAW, Act.OTHER)
    ):
        return noun[1]
    if lemma in (
        "halt",
        "stop",
        "cease",
        "suspend",
        "pause",
        "end",
        "discontinue",
        "freeze",
        "terminate",
    ):
        return Act.HALT
    if lemma == "resume" and noun is None:
        return (
            Act.ALLOW
            if near & words("exports flights deliveries aid shipments access")
            else Act.OTHER
        )
    if (
        lemma
        in lexicon.ASPECT
        | {
            "agree",
            "support",
            "back",
            "guarantee",
            "ensure",
            "restore",
            "extend",
            "facilitate",
            "organise",
            "organize",
            "arrange",
            "achieve",
            "work",
            "reach",
            "seek",
            "monitor",
        }
        and noun
    ):
        if lemma in ("monitor", "seek", "work", "achieve", "reach"):
            return ACT_OF.get(lemma, Act.OTHER)
        if lemma == "establish" and noun[1] in (Act.WITHDRAW, Act.NEGOTIATE):
            return Act.ESTABLISH
        return noun[1]
    if lemma in ("ensure", "guarantee") and not near & words(
        "passage access navigation delivery movement freedom flow transit safety"
    ):
        return Act.OTHER
    if lemma in ("open", "restore", "facilitate", "enable", "let", "admit", "grant"):
        return Act.ALLOW
    if lemma in ("observe", "respect", "uphold", "honour", "honor", "extend", "renew", "prolong"):
        wide = set(rest[:24])
        return Act.HALT if wide & lexicon.TRUCE or wide & _FIGHT else Act.OTHER
    if lemma == "maintain" or (lemma == "set" and not near & words("up")):
        return Act.OTHER
    if lemma in {"free", "release", "exchange"}:
        if lemma == "release" and near & _MONEY and not near & _HELD:
            return Act.PROVIDE
        if lemma == "exchange" and near & _PAPERS and not near & _HELD:
            return Act.PROVIDE
        return Act.RELEASE
    if lemma in {"report", "inform"}:
        return Act.PROVIDE
    if lemma == "continue":
        return (
            Act.NEGOTIATE
            if near & (_TALKS | words("efforts work cooperation engagement facilitating working"))
            else Act.OTHER
        )
    if lemma == "talk":
        return Act.NEGOTIATE
    return ACT_OF.get(lemma, Act.OTHER)


def subject_of(low: list[str], i: int, j: int, act: Act | None) -> Subject:
    """What it is about: the first telling word among tokens ``i`` to ``j``; places weigh least."""
    soft: Subject | None = None
    if act is Act.HALT:  # "a halt to all operations, the deployment of": another act follows
        j = next((k for k in range(i + 4, j - 2) if low[k] == "," and low[k + 2] in _NOUN_ACT), j)
    text = " ".join(low[i:j])
    if act is Act.RELEASE and set(low[i : i + 12]) & _PERSONS:
        return Subject.PRISONERS
    for phrase in lexicon.NOT_SUBJECT:
        if phrase in text:
            text = text.replace(phrase, " ".join("_" for _ in phrase.split()))
    tokens = text.split(" ")
    for k, word in enumerate(tokens):
        for phrase, subject in _PHRASES.get(word, ()):
            if " ".join(tokens[k : k + 4]).startswith(phrase):
                return subject
        for part in word.split("-"):
            for subject, vocabulary in lexicon.SUBJECT_WORDS.items():
                if part not in vocabulary and word not in vocabulary:
                    continue
                if subject in _SOFT:
                    soft = soft or subject
                elif (
                    (subject is Subject.PRISONERS and act in (Act.ESTABLISH, Act.WITHDRAW))
                    or (word in _SEAS and _everywhere(tokens, k))
                    or (act is Act.WITHDRAW and part in _PEOPLED)
                    or (
                        subject is Subject.CIVILIANS
                        and k + 1 < len(tokens)
                        and _overrides(tokens, k)
                    )
                    or (part in _PASSAGES and act in (Act.ESTABLISH, Act.WITHDRAW, Act.PROVIDE))
                    or (
                        subject is Subject.ARMS_TRANSFERS
                        and word == "arms"
                        and not _transfers(tokens)
                    )
                ):
                    continue
                else:
                    return subject
    if act is Act.REFRAIN and set(tokens) & words(
        "positions territory territories zone buffer line villages"
    ):
        return Subject.TERRITORY
    if act is Act.OTHER and set(tokens[:6]) & words("border borders frontier territory positions"):
        return Subject.TERRITORY
    if act == Act.WITHDRAW or (soft and act in (Act.ESTABLISH, Act.PROVIDE)):
        return Subject.TERRITORY
    if act is Act.RELEASE:
        return Subject.PRISONERS
    return Subject.OTHER


_PEOPLED = words("populated residential towns cities population inhabitants displaced civilian")
_SEAS = words("sea maritime naval waters")


def _everywhere(tokens: list[str], k: int) -> bool:
    """ "By land, air or sea", "air, ground and maritime operations": not about the sea."""
    return bool(set(tokens[max(0, k - 8) : k + 8]) & words("land air ground aerial"))


def _overrides(tokens: list[str], k: int) -> bool:
    """ "Civilian vessels", "civilian prisoners": the noun says more than its adjective."""
    return tokens[k] == "civilian" and any(
        tokens[k + 1] in lexicon.SUBJECT_WORDS[one]
        for one in (Subject.PRISONERS, Subject.MARITIME, Subject.ENERGY_INFRASTRUCTURE)
    )


def _transfers(tokens: list[str]) -> bool:
    return bool(
        set(tokens)
        & words(
            "shipments shipment deliveries delivery supply supplies transfers transfer"
            " smuggling flow embargo imports sales export exports supplying sending sell"
            " trafficking"
        )
    )


def names_captives(low: list[str], i: int, j: int) -> bool:
    return bool(set(low[i:j]) & _PERSONS) or any(w[:1].isdigit() for w in low[i:j])


def is_fight(low: list[str], i: int, j: int) -> bool:
    return bool(set(low[i:j]) & _FIGHT)
