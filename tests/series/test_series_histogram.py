"""Histograms: every quantile within one percent, whatever the unit."""

import math

import pytest
from histograms import counts_of
from hypothesis import given
from hypothesis import strategies as st

from dashboard import histogram
from dashboard.baseline import quantile as exact_quantile

POSITIVE = st.floats(1e-6, 1e12)


@given(st.lists(POSITIVE, min_size=1, max_size=200), st.floats(0, 1))
def test_quantiles_are_within_one_percent(values: list[float], q: float) -> None:
    found = histogram.quantile(counts_of(values), q)
    assert found == pytest.approx(exact_quantile(sorted(values), q), rel=0.01)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=100), st.floats(0, 1))
def test_values_below_zero_err_by_one_percent_of_the_larger_neighbour(
    values: list[float], q: float
) -> None:
    found = histogram.quantile(counts_of(values), q)
    ordered = sorted(values)
    rank = math.floor(q * (len(ordered) - 1))
    largest = max(abs(value) for value in ordered[rank : rank + 2])
    assert abs(found - exact_quantile(ordered, q)) <= 0.01 * largest + 1e-9


@given(POSITIVE, POSITIVE)
def test_bins_sort_like_their_values(one: float, other: float) -> None:
    low, high = sorted((one, other))
    bins = [histogram.bin_of(v) for v in (-high, -low, 0.0, low, high)]
    assert bins == sorted(bins)
    assert bins[1] < bins[2] == 0 < bins[3]


@given(st.floats(1e-8, 1e12))
def test_the_middle_of_a_bin_is_within_half_a_percent(value: float) -> None:
    for signed in (value, -value):
        middle = sum(histogram.bounds_of_bin(histogram.bin_of(signed))) / 2
        assert middle == pytest.approx(signed, rel=0.00501)


def test_zero_has_a_bin_of_its_own_and_stays_zero() -> None:
    assert histogram.quantile(counts_of([0.0, 0.0, 0.0]), 0.5) == 0.0
    assert histogram.bounds_of_bin(histogram.bin_of(0.0)) == (0.0, 0.0)


def test_merging_days_is_the_same_as_counting_all() -> None:
    days = [[1.0, 5.0], [5.0, 700.0], []]
    merged = histogram.merge(counts_of(day) for day in days)
    assert merged == counts_of(value for day in days for value in day)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_has_no_bin(value: float) -> None:
    with pytest.raises(ValueError, match="expected a finite number"):
        histogram.bin_of(value)


def test_an_empty_histogram_or_a_wrong_q_says_so() -> None:
    with pytest.raises(ValueError, match="empty histogram"):
        histogram.quantile({}, 0.5)
    with pytest.raises(ValueError, match="expected 0 ≤ q ≤ 1"):
        histogram.quantile({1: 1}, 90)
