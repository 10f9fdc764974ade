"""Numbers as strings: three significant digits and a prefix that fits."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

UNKNOWN = "\N{EN DASH}"


@dataclass(frozen=True)
class Unit:
    """A prefixed unit: what one of it is in the plain unit, and its symbol."""

    size: float
    symbol: str


SECONDS = (Unit(1e-9, "ns"), Unit(1e-6, "µs"), Unit(1e-3, "ms"), Unit(1.0, "s"))
BYTES = (Unit(1.0, "B"), Unit(2.0**10, "KiB"), Unit(2.0**20, "MiB"), Unit(2.0**30, "GiB"))
COUNTS = (Unit(1.0, ""), Unit(1e3, "k"), Unit(1e6, "M"), Unit(1e9, "G"), Unit(1e12, "T"))


def digits(value: float, significant: int = 3) -> str:
    """Round to significant digits, without an exponent.

    Args:
        value: any number.
        significant: how many digits to keep; digits before the point always stay.

    Returns:
        The number, or a dash where it is not finite.

    Example:
        >>> digits(0.123456), digits(1234.5), digits(99.96)
        ('0.123', '1234', '100')
    """
    if not math.isfinite(value):
        return UNKNOWN
    if value == 0:
        return "0"
    # The exponent after rounding: 99.96 has one digit more before the point then.
    exponent = int(f"{value:.{significant - 1}e}".partition("e")[2])
    decimals = significant - 1 - exponent
    return f"{value:.{max(decimals, 0)}f}"


def counted(number: int, noun: str) -> str:
    """Write how many there are of something, with the noun in the singular or the plural.

    Args:
        number: how many.
        noun: in the singular; its plural ends in s.

    Example:
        >>> counted(1, "case"), counted(3, "case"), counted(10_000, "record")
        ('1 case', '3 cases', '10,000 records')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def fitting(value: float, units: tuple[Unit, ...]) -> Unit:
    """Choose the largest unit that leaves at least one before the decimal point.

    Args:
        value: a number in the plain unit.
        units: SECONDS, BYTES or COUNTS.

    Returns:
        The unit; the smallest for zero, the plain one if the value is not finite.
    """
    if not math.isfinite(value):
        return next(unit for unit in units if unit.size == 1)
    # As rounded for showing: 999.9 us reads better as 1.00 ms.
    reached = [unit for unit in units if abs(value) >= 0.9995 * unit.size]
    return max(reached, key=lambda unit: unit.size, default=units[0])


def quantity(value: float, units: tuple[Unit, ...]) -> str:
    """Write a number with the unit that fits it.

    Args:
        value: a number in the plain unit.
        units: SECONDS, BYTES or COUNTS.

    Returns:
        Three significant digits and the unit.

    Example:
        >>> quantity(0.0019, SECONDS), quantity(1536, BYTES), quantity(0, COUNTS)
        ('1.90 ms', '1.50 KiB', '0')
    """
    if not math.isfinite(value):
        return UNKNOWN
    unit = fitting(value, units)
    return f"{digits(value / unit.size)} {unit.symbol}".rstrip()


def common(values: Iterable[float], units: tuple[Unit, ...]) -> Unit:
    """Choose one unit for a column: the one that fits its median.

    Args:
        values: numbers in the plain unit; those not finite are passed over.
        units: SECONDS, BYTES or COUNTS.

    Returns:
        The unit.
    """
    known = sorted(value for value in values if math.isfinite(value))
    return fitting(known[len(known) // 2] if known else math.nan, units)


def ratio(value: float) -> str:
    """Write a ratio.

    Example:
        >>> ratio(0.1234), ratio(1.0), ratio(52.04)
        ('0.12x', '1.00x', '52.0x')
    """
    return f"{_ratio_digits(value)}x" if math.isfinite(value) else UNKNOWN


def times(value: float) -> str:
    """Write a ratio inside a sentence, where the word "times" follows.

    Example:
        >>> times(0.1234)
        '0.12'
    """
    return _ratio_digits(value)


def bracket(low: float, high: float) -> str:
    """Write an interval of ratios, or say that it is unknown.

    Example:
        >>> bracket(0.114, 0.131), bracket(0.1184, 0.1221), bracket(float("nan"), 1.0)
        ('0.11 to 0.13', '0.118 to 0.122', 'interval unknown')
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return "interval unknown"
    ends = _ratio_digits(low), _ratio_digits(high)
    if ends[0] == ends[1]:  # a narrow interval deserves its third digit
        ends = digits(low), digits(high)
    return f"{ends[0]} to {ends[1]}"


def _ratio_digits(value: float) -> str:
    # Two decimals around 1, where a third would be noise; two digits below that.
    if 0.095 <= abs(value) < 9.995:
        return f"{value:.2f}"
    return digits(value, 2 if abs(value) < 1 else 3)


def tick(value: float, units: tuple[Unit, ...]) -> str:
    """Write a number at a tick, which is round: no zeros after the point.

    Example:
        >>> tick(0.0005, SECONDS), tick(2e9, COUNTS), tick(1.5, COUNTS)
        ('500 µs', '2 G', '1.5')
    """
    unit = fitting(value, units)
    return f"{value / unit.size:.3g} {unit.symbol}".rstrip()


def ratio_tick(value: float) -> str:
    """Write a ratio at a tick, which is round.

    Example:
        >>> ratio_tick(0.02), ratio_tick(5.0)
        ('0.02x', '5x')
    """
    return f"{value:.3g}x"
