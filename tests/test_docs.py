"""The documentation: no page is lost, no link leads nowhere, every name of the API pages is there."""

import importlib
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))


def listed(nav: list | dict | str) -> Iterator[str]:
    """The pages that a navigation names."""
    if isinstance(nav, str):
        yield nav
        return
    for entry in nav.values() if isinstance(nav, dict) else nav:
        yield from listed(entry)


def test_every_page_is_in_the_navigation():
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert sorted(listed(nav)) == sorted(page.relative_to(DOCS).as_posix() for page in PAGES)


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "README.md", ROOT / "CHANGELOG.md"], ids=lambda page: page.name
)
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(<?([^)#>\s]+)(?:#[^)]*)?>?\)", page.read_text(encoding="utf-8"))
    places = [target for target in targets if "://" not in target]
    assert [place for place in places if not (page.parent / place).exists()] == []
    if page in PAGES:  # the site holds nothing else
        assert [place for place in places if not (page.parent / place).resolve().is_relative_to(DOCS)] == []


@pytest.mark.parametrize("page", sorted((DOCS / "api").glob("*.md")), ids=lambda page: page.stem)
def test_names_of_the_api_exist(page):
    names = re.findall(r"^::: (\S+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert names
    assert [name for name in names if not found(name)] == []


def found(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        module, _, member = name.rpartition(".")
        return hasattr(importlib.import_module(module), member)
    return True


@pytest.mark.slow
@pytest.mark.skipif(not importlib.util.find_spec("mkdocs"), reason="the site is built by `make docs`")
def test_the_site_builds_without_a_warning(tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path / "site"]
    subprocess.run(command, cwd=ROOT, check=True)
    page = (tmp_path / "site" / "api" / "pipelines" / "index.html").read_text(encoding="utf-8")
    assert "Imagine motions that look like what was seen" in page
