"""How far a correct result may be from the exact one."""

from math import sqrt
from typing import NamedTuple, Self

# Above the errors that are expected. Of correct operators the largest error seen was a third of
# what this allows; faults are many times as large.
SAFETY = 4


class Roundoff(NamedTuple):
    """The unit roundoff of a data type: the largest relative error of one rounding.

    Attributes:
        stored: of tensors.
        summed: of sums in products and reductions, which may run in higher precision.
    """

    stored: float
    summed: float


class Growth(NamedTuple):
    """How rounding errors add up on the way to a result, relative to its largest value.

    Each step that stores a tensor rounds it once. A sum of n terms rounds n partial sums. These
    errors are independent and the partial sums grow as sqrt(n) at least, so the error of the sum is
    about sqrt(n) roundoffs relative to the sum (Higham and Mary, "A New Approach to Probabilistic
    Rounding Error Analysis", 2019). Errors of several steps are added.

    Attributes:
        stored: roundings to the data type of the case, one for each step that stores a tensor.
        summed: roundings of sums, the sum of sqrt(terms) over the steps.

    Example:
        >>> Growth().then(terms=9).then(terms=16)
        Growth(stored=2.0, summed=7.0)
    """

    stored: float = 0.0
    summed: float = 0.0

    def then(self, terms: int) -> Self:
        """Return the growth after one more step.

        Args:
            terms: how many the step sums.
        """
        return self._replace(stored=self.stored + 1, summed=self.summed + sqrt(terms))

    def then_taps(self, taps: int) -> Self:
        """Return the growth after one more step that sums over the taps of each channel.

        TensorFlow runs such sums in the data type of the case: float16 in its depthwise
        convolution, bfloat16 in the gradient of patches.

        Args:
            taps: of a window.
        """
        return self._replace(stored=self.stored + sqrt(taps))

    def exponentiated(self, size: float) -> Self:
        """Return the growth after an exponential, whose relative error is its argument's error.

        Args:
            size: of the argument.
        """
        return self._replace(stored=self.stored * size + 1, summed=self.summed * size)

    def joined(self, other: "Growth") -> Self:
        """Return the growth of a product of two results.

        Args:
            other: the growth of the other result.
        """
        return self._replace(stored=self.stored + other.stored, summed=self.summed + other.summed)

    def tolerance(self, roundoff: Roundoff) -> float:
        """Return the largest error that is accepted, relative to the result's largest value.

        Args:
            roundoff: of the data type.
        """
        return SAFETY * (self.stored * roundoff.stored + self.summed * roundoff.summed)
