"""Files of others that we ship: what they are, whence, unaltered; and how htmx is set up."""

import json
import re
from hashlib import sha256
from pathlib import Path

from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())


def test_every_file_is_named_with_its_hash_and_is_that_file() -> None:
    held = {path.name for path in VENDOR.iterdir()} - {"manifest.json"}
    named = set(MANIFEST) | {about["licence_file"] for about in MANIFEST.values()}
    assert held == named
    for name, about in MANIFEST.items():
        assert sha256((VENDOR / name).read_bytes()).hexdigest() == about["sha256"], name


def test_name_version_and_source_agree() -> None:
    for name, about in MANIFEST.items():
        assert name == f"{about['name']}-{about['version']}.min.js"
        assert about["source"].startswith("https://")
        assert about["version"] in about["source"]
        assert (VENDOR / about["licence_file"]).read_text().strip()
        assert about["licence"]


def test_htmx_says_of_itself_the_version_that_the_manifest_names() -> None:
    (name,) = (name for name, about in MANIFEST.items() if about["name"] == "htmx")
    said = re.search(r'version:"([\d.]+)"', (VENDOR / name).read_text())
    assert said is not None
    assert said[1] == MANIFEST[name]["version"]


def test_pages_load_what_the_manifest_names_and_nothing_inline() -> None:
    shown = render_to_string("base.html")
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", shown, re.DOTALL)
    assert [body for _, body in scripts if body.strip()] == []
    loaded = [re.search(r'src="/static/([^"]+)"', tag) for tag, _ in scripts]
    names = [found[1] for found in loaded if found is not None]
    assert len(names) == len(scripts)
    assert {n.removeprefix("vendor/") for n in names if n.startswith("vendor/")} == set(MANIFEST)
    assert all("defer" in tag for tag, _ in scripts)


def test_htmx_is_kept_from_all_that_the_policy_forbids() -> None:
    found = re.search(
        r"<meta name=\"htmx-config\" content='([^']+)'>", render_to_string("base.html")
    )
    assert found is not None
    config = json.loads(found[1])
    for name in ("allowEval", "allowScriptTags", "includeIndicatorStyles"):
        assert config[name] is False, name
    assert config["selfRequestsOnly"] is True
    assert config["historyCacheSize"] == 0, "what members see is not kept by the browser"


def test_no_template_asks_for_what_the_policy_would_drop_in_silence() -> None:
    unsafe = re.compile(
        r"""hx-on|hx-vars|\bjs:|javascript:|hx-trigger=["'][^"']*\[|\son[a-z]+=|\sstyle=|<style""",
        re.IGNORECASE,
    )
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in (ROOT / "templates").rglob("*.*")
        if path.parent.name != "mail"  # letters: other programs show them
        for match in unsafe.finditer(path.read_text())
    ]
    assert found == []
