"""How a value is kept: exactly in whole numbers and millionths, or as a float; and how two merge."""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from dashboard.measures import Additive, How
from dashboard.ports import Number

MILLION = 1_000_000
_LARGEST = 2**63 - 1
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)

Kept = tuple[int | None, int | None, float | None]
"""`whole`, `part`, `real` of a row: the first two for exact values, the last for others."""


def keep(value: Number, exact: bool) -> Kept:
    """A value as it is written. Raises ValueError for what is no finite number or too large."""
    if not exact:
        real = float(value)
        if not math.isfinite(real):
            raise ValueError(f"found {value!r} in a bucket, expected a finite number")
        return None, None, real
    if isinstance(value, int):
        millionths = value * MILLION
    else:
        number = value if isinstance(value, Decimal) else Decimal(repr(value))
        if not number.is_finite():
            raise ValueError(f"found {value!r} in a bucket, expected a finite number")
        millionths = int(number.scaleb(6, _EXACT).to_integral_value(context=_EXACT))
    whole, part = divmod(millionths, MILLION)
    if abs(whole) > _LARGEST:
        raise ValueError(f"found {value!r} in a bucket, expected a number below {_LARGEST}")
    return whole, part, None


@dataclass(frozen=True)
class Scale:
    """How the values of one series are merged and read."""

    how: How
    decimals: int | None

    @property
    def exact(self) -> bool:
        """Whether values are whole numbers or exact decimals."""
        return self.decimals is not None

    @property
    def extreme(self) -> bool:
        """Whether values merge by the larger or smaller one instead of adding up."""
        return self.how in ("min", "max")

    def merge(self, one: Kept, other: Kept) -> Kept:
        """Two buckets' values as one."""
        if self.extreme:
            return max(one, other, key=_order) if self.how == "max" else min(one, other, key=_order)
        if one[2] is not None and other[2] is not None:
            return None, None, one[2] + other[2]
        carry, part = divmod((one[1] or 0) + (other[1] or 0), MILLION)
        return (one[0] or 0) + (other[0] or 0) + carry, part, None

    def read(self, whole: int | None, part: int | None, real: float | None) -> Number | None:
        """What was kept, as an int for counts, a Decimal for exact decimals, else a float."""
        if self.decimals is None:
            return real
        if whole is None:
            return None
        if self.decimals == 0 and not part:
            return int(whole)
        millionths = Decimal(int(whole) * MILLION + int(part or 0))
        exact = millionths.scaleb(-6, _EXACT)
        return exact.quantize(Decimal(1).scaleb(-self.decimals), context=_EXACT)

    def nothing(self) -> Number | None:
        """The value of no rows at all: 0 of what adds up, unknown for an extreme."""
        if self.extreme:
            return None
        return 0.0 if self.decimals is None else self.read(0, 0, None)


def scale_of(additive: Additive) -> Scale:
    """The scale of an additive."""
    return Scale(additive.how, additive.decimals)


def _order(kept: Kept) -> tuple[float, float]:
    whole, part, real = kept
    return (real, 0) if real is not None else (whole or 0, part or 0)
