"""Every text that people read can be translated, and the page may run from right to left."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, Token, TokenType
from django.utils.functional import Promise

from tracker.words import LABELS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt")
)
MODULES = sorted(
    [
        *(ROOT / "tracker" / "web").rglob("*.py"),
        *(ROOT / "tracker" / "templatetags").rglob("*.py"),
        ROOT / "tracker" / "words.py",
    ]
)
# What the rules say: not what is only read on a command line, nor what the ledger keeps.
OF_COMMANDS = {"restores", "tables"}
RULES = sorted(
    path
    for layer in ("domain", "actions", "documents", "outside", "selectors")
    for path in (ROOT / "tracker" / layer).rglob("*.py")
    if path.stem not in OF_COMMANDS and not path.stem.startswith("seed")
)
REFUSALS = {"Invalid", "Conflict", "NotAllowed", "Unclear", "Step"}
LETTER = re.compile(r"[^\W\d_]")
# What is the same in every language.
ALLOWED = {"2025-04-16T20:59Z", "SHA-256"}
READ_ALOUD = {"alt", "aria-description", "aria-label", "placeholder", "summary", "title"}
PROSE = re.compile(r"[A-Z][a-z]+|[^\W\d_]+ [^\W\d_]+")
TRANSLATES = {"translate", "trans", "blocktranslate", "blocktrans", "plural", "comment"}
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
UNSEEN = {"NotFound"}  # its message is for the log: the page says nothing of what is not there


class Texts(HTMLParser):
    """What of some HTML is read by people: its text, and the attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in ("script", "style")
        self.found += [value or "" for name, value in attrs if name in READ_ALOUD]

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def literals(token: Token) -> Iterator[str]:
    """Words in quotes within a tag, as in ``default:"none"``; not those marked by ``_()``."""
    if token.contents.split()[:1] not in ([name] for name in TRANSLATES | {"load", "url"}):
        for found in re.finditer(r"""(?<!_\()(["'])(.*?)\1""", token.contents):
            if PROSE.search(found[2]):
                yield found[2]


def unmarked(text: str, *, is_html: bool = True) -> list[str]:
    """What of a template people would read in English in every language."""
    outside, within = "", ""
    found: list[str] = []
    for token in Lexer(text).tokenize():
        if token.token_type is TokenType.TEXT:
            outside += "" if within else token.contents
        elif token.token_type is TokenType.BLOCK:
            name = token.contents.split()[0]
            if not within and name in ("blocktranslate", "blocktrans", "comment"):
                within = f"end{name}"
            elif name == within:
                within = ""
            elif not within:
                found += literals(token)
        elif token.token_type is TokenType.VAR:
            outside += "0"
            found += literals(token)
    texts = [outside]
    if is_html:
        reader = Texts()
        reader.feed(outside)
        reader.close()
        texts = reader.found
    found += [said for text in texts if LETTER.search(said := text.strip()) and said not in ALLOWED]
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>{% translate 'Kept' %} · 12</p>", []),
        ("<p>{% blocktranslate count n=n %}one{% plural %}many{% endblocktranslate %}</p>", []),
        ("<p>{{ x|default:_('Nobody') }}{{ y|word:'stage' }}</p>", []),
        ("<p class='x {% if y %}is-z{% endif %}' data-say='no'>{# No words #}</p>", []),
        ("{% comment %}Needs: line{% endcomment %}<script src='a.js' defer></script>", []),
        ("<p>Kept</p>", ["Kept"]),
        ("<p>{{ n }} left</p>", ["0 left"]),
        ("<input placeholder='Name' aria-label='{% translate 'Name' %}'>", ["Name"]),
        ("<p>{{ x|default:'Nobody' }}</p>", ["Nobody"]),
        ("{% include 'a.html' with head='no one' %}", ["no one"]),
        ("<p>да</p>", ["да"]),
    ],
)
def test_the_search_finds_what_is_not_marked(text: str, found: list[str]) -> None:
    assert unmarked(text) == found


def test_every_text_of_a_template_is_marked() -> None:
    assert len(TEMPLATES) > 15
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in TEMPLATES
        for text in unmarked(path.read_text(), is_html=path.suffix == ".html")
    ]
    assert found == []


def prose(tree: ast.AST) -> Iterator[ast.Constant]:
    """Sentences and labels in code that are in no call which marks them, docstrings apart."""
    if isinstance(tree, ast.Call):
        name = getattr(tree.func, "id", getattr(tree.func, "attr", ""))
        if name in MARKS | UNSEEN:
            return
    if isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant):
        return
    if isinstance(tree, ast.Constant):
        is_said = isinstance(tree.value, str) and re.match(r"[“A-Z][^<\n]*[a-z] [a-z]", tree.value)
        if is_said:
            yield tree
    for child in ast.iter_child_nodes(tree):
        yield from prose(child)


def test_every_sentence_in_the_code_of_pages_is_marked() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{said.lineno}: {said.value!r}"
        for path in MODULES
        for said in prose(ast.parse(path.read_text()))
    ]
    assert found == []


def bare(tree: ast.AST) -> Iterator[ast.expr]:
    """What a refusal, or a step of “why this date?”, says in words that nothing marks."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in REFUSALS:
            said = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "mend")]
            for one in said:
                parts = [one.body, one.orelse] if isinstance(one, ast.IfExp) else [one]
                yield from (
                    part
                    for part in parts
                    if isinstance(part, ast.JoinedStr | ast.BinOp)
                    or (isinstance(part, ast.Constant) and part.value)
                )


def test_every_refusal_and_every_step_is_marked() -> None:
    assert len(RULES) > 100
    found = [
        f"{path.relative_to(ROOT)}:{said.lineno}: {ast.unparse(said)[:80]}"
        for path in RULES
        for said in bare(ast.parse(path.read_text()))
    ]
    assert found == []


def test_the_search_in_rules_finds_what_is_not_marked() -> None:
    tree = ast.parse('Invalid(_("No."), mend="Mend.")\nStep(f"{x} ends")\nConflict(error.message)')
    assert [ast.unparse(said) for said in bare(tree)] == ["'Mend.'", "f'{x} ends'"]


def test_the_search_in_code_finds_sentences() -> None:
    tree = ast.parse('f(_("Is it kept?"), "Is it kept?", label="The whole text")\n"Not a text."')
    assert [said.value for said in prose(tree)] == ["Is it kept?", "The whole text"]


def test_every_label_of_the_register_waits_for_its_language() -> None:
    fixed = [
        (kind, value)
        for kind, words in LABELS.items()
        for value, said in words.items()
        if not isinstance(said, Promise) and LETTER.search(str(said))
    ]
    assert fixed == []


PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-(?:margin|padding))-(?:left|right|top|bottom)"
    r"|left|right|top|bottom|width|height|(?:min|max)-(?:width|height))\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)


def test_the_stylesheet_knows_start_and_end_alone() -> None:
    sheet = (ROOT / "static" / "css" / "main.css").read_text()
    rules = re.sub(r"/\*.*?\*/|@media[^{]*", "", sheet, flags=re.DOTALL)
    assert PHYSICAL.findall(rules) == []
    assert PHYSICAL.search("a { padding-left: 1px }")
    assert not PHYSICAL.search("a { border-inline-start-width: 1px }")
