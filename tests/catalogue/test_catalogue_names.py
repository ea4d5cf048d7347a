"""What a code of a row is called."""

import pytest
from servers import ROOT

from dashboard.catalogue import Catalogue
from dashboard.catalogue.check import AnyValue
from dashboard.catalogue.load import load
from dashboard.clerk import dimension_text


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    """The shipped catalogue with a URL for each department."""
    return load(ROOT / "catalog", AnyValue())


@pytest.mark.parametrize(
    ("written", "called"),
    [("Open", "在办"), ("OPEN ", "在办"), ("closed", "已结束"), ("void", "void")],
)
def test_a_code_that_is_folded_has_its_name_however_it_is_written(
    shipped: Catalogue, written: str, called: str
) -> None:
    status = shipped.departments["incidents"].datasets["incidents"].dimensions["status"]
    assert dimension_text(shipped, status, written).zh == called


def test_a_code_that_is_not_folded_is_told_apart_exactly(shipped: Catalogue) -> None:
    kind = shipped.departments["incidents"].datasets["incidents"].dimensions["kind"]
    assert dimension_text(shipped, kind, "gas").zh == "燃气"
    assert dimension_text(shipped, kind, "GAS").zh == "GAS"
