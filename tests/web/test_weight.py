"""What a page makes a browser load: how much, and nothing that it waits for before it paints."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
MOST = 60_000  # bytes, compressed as WhiteNoise does: scripts and styles in all
LEVEL = 9
NAMED = re.compile(r"""{% static ["']([^"']+\.(?:js|css))["'] %}""")
INCLUDED = re.compile(r"""{% (?:include|extends) ["']([^"']+)["']""")
ADDRESSES = ["/", "/pledges/OPEN-HALT/", "/dossiers/open/", "/search/", "/keys/", "/sign-in/"]


def weight(name: str) -> int:
    """Of a file of ours, or of an app's."""
    found = finders.find(name)
    assert found, name
    return len(gzip.compress(Path(found).read_bytes(), LEVEL))


def loaded(template: Path, seen: set[Path] | None = None) -> set[str]:
    """The scripts and styles that a template names, with what it extends and includes."""
    seen = set() if seen is None else seen
    if template in seen:
        return set()
    seen.add(template)
    text = template.read_text()
    found = set(NAMED.findall(text))
    for name in INCLUDED.findall(text):
        if (TEMPLATES / name).exists():
            found |= loaded(TEMPLATES / name, seen)
    return found


def test_all_scripts_and_styles_together_are_light() -> None:
    every = {str(p.relative_to(STATIC)) for p in STATIC.rglob("*") if p.suffix in (".js", ".css")}
    every |= {
        name for page in TEMPLATES.rglob("*.html") for name in NAMED.findall(page.read_text())
    }
    weights = {name: weight(name) for name in every}
    assert weights["vendor/htmx-2.0.10.min.js"] > 10_000, "what is vendored counts"
    assert sum(weights.values()) < MOST, weights


def test_each_page_loads_less_than_that_and_names_what_is_there() -> None:
    pages = [p for p in TEMPLATES.rglob("*.html") if '{% extends "base.html" %}' in p.read_text()]
    assert len(pages) > 50
    for page in pages:
        names = loaded(page)
        assert {"css/main.css", "js/requests.js", "vendor/htmx-2.0.10.min.js"} <= names, page
        assert sum(map(weight, names)) < MOST, page


@pytest.mark.usefixtures("open_house")
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_script_is_waited_for_and_none_stands_in_the_page(
    client: Client, member: Client, address: str
) -> None:
    for visitor in (client, member):
        shown = visitor.get(address, follow=True).content.decode()
        scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", shown, re.DOTALL)
        assert len(scripts) >= 3
        for attributes, text in scripts:
            assert " defer" in attributes, attributes
            assert 'src="/static/' in attributes
            assert text == ""
        assert "<style" not in shown
        assert " style=" not in shown
        assert shown.count('rel="stylesheet"') == 1


@pytest.mark.usefixtures("open_house")
@pytest.mark.parametrize("address", [*ADDRESSES, "/no/such/page/"])
def test_each_page_says_to_machines_what_it_is(client: Client, address: str) -> None:
    """What Lighthouse looks for besides axe's rules."""
    shown = client.get(address).content.decode()
    assert re.search(r'<html lang="[a-z-]+" dir="(?:ltr|rtl)">', shown)
    assert '<meta charset="utf-8">' in shown
    assert 'content="width=device-width, initial-scale=1"' in shown
    described = re.search(r'<meta name="description" content="([^"]+)">', shown)
    assert described is not None
    assert 50 < len(described[1]) < 160
    assert re.search(r"<title>\s*\S", shown)


def test_files_are_served_compressed_and_for_good_in_production() -> None:
    """WhiteNoise keeps what has a hash in its name for ten years, where names have one."""
    text = (ROOT / "tracker/config/settings.py").read_text()
    assert "whitenoise.storage.CompressedManifestStaticFilesStorage" in text
    middleware = settings.MIDDLEWARE
    assert "whitenoise.middleware.WhiteNoiseMiddleware" in middleware
    assert not any("gzip" in name.lower() for name in middleware), "pages hold tokens: BREACH"
