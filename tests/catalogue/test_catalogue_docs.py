"""The generated references are up to date and complete."""

import re
from pathlib import Path

import pytest

from dashboard.catalogue.meanings import meaning
from dashboard.catalogue.pages import FORMS, Panel
from dashboard.reference_docs import documented_models, generate_docs, generated_docs
from dashboard.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "assets").rglob("*.md")]


@pytest.mark.parametrize("name", sorted(generated_docs()))
def test_generated_reference_is_up_to_date(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == generated_docs()[name], "run `make docs`"


def test_docs_are_written_below_the_given_root(tmp_path: Path) -> None:
    generate_docs(tmp_path)
    assert {path.name for path in (tmp_path / "docs").iterdir()} == {"catalog.md", "settings.md"}


def test_every_setting_is_listed_with_its_meaning() -> None:
    text = generated_docs()["settings.md"]
    for name, field in Settings.model_fields.items():
        assert f"`COMMAND_CENTER_{name.upper()}`" in text
        assert field.description, f"{name} has no description"


def test_every_field_of_the_catalogue_has_a_meaning() -> None:
    models = list(documented_models())
    unsaid = [
        f"{model.__name__}.{field}"
        for model in models
        for field in model.model_fields
        if not meaning(model, field)
    ]
    assert len(models) > 30
    assert unsaid == []


def test_every_form_of_panel_is_explained() -> None:
    kinds = Panel.model_fields["kind"].annotation
    assert set(FORMS) == set(getattr(kinds, "__args__", ()))


@pytest.mark.parametrize("path", sorted(DOCUMENTS), ids=lambda path: path.name)
def test_what_a_document_links_to_exists(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        place, _, part = target.partition("#")
        if "://" in target:
            continue
        linked = path.parent / place if place else path
        assert linked.exists(), f"{path.name} links to {target}"
        if part:
            assert part in _anchors(linked.read_text(encoding="utf-8")), target


def _anchors(text: str) -> set[str]:
    """The names by which a forge links to the headings of a text."""
    heads = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
