"""The peaks of the machine: arithmetic and copies that grow until they are no faster."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter

import psutil
import tensorflow as tf

from bench.environment import fixed
from bench.measure.backend import EXECUTORS, OUT_OF_MEMORY, Function, normal, synchronise
from bench.measure.cache import last_cache_bytes
from reports.sources.case import Executor

# The executors of the records; eager calls pay for the allocation of each result.
PEAK_EXECUTORS: tuple[Executor, ...] = ("graph", "xla")
# A size whose speed is less than this share above the best so far has not grown. One such size may
# have been disturbed by what else runs: the second in a row ends the search.
GROWTH = 0.03
MOST_STALE = 2
# The fastest of several calls counts: a peak is the speed of an undisturbed machine.
LEAST_CALLS = 3
CALL_SECONDS = 0.05
# Calls that a size takes at least, with one in each executor that does not count.
LEAST_TURNS = len(PEAK_EXECUTORS) * (LEAST_CALLS + 1)
# For each of the two searches; a size that would take longer is not begun.
SEARCH_SECONDS = 2.0
# Rows and columns of the first product: smaller ones are limited by the call itself.
FIRST_PRODUCT = 512
# Convolutions of this many channels and taps can be faster than products of matrices, by a tenth on
# some processors, and nothing may be faster than a peak. (images, height, width, channels)
FIRST_CONVOLUTION = (8, 32, 32, 64)
CONVOLUTION_TAPS = 7
# A copy of this many times the last cache comes from memory, also the second time.
CACHES = 4
# Share of the free memory for a tensor: the source and two copies of it are held at once.
MEMORY_SHARE = 1 / 8
# Larger copies are no faster on any machine, and a GPU may have less memory than its host.
MOST_COPY_BYTES = 2**32

Clock = Callable[[], float]


@dataclass(frozen=True, order=True)
class Peak:
    """The best speed that a search found.

    Attributes:
        rate: work per second.
        size: at which it was reached.
    """

    rate: float
    size: int


def peak(
    sizes: Iterable[int],
    work: Callable[[int], float],
    calls: Callable[[int], Iterable[Callable[[], object]]],
    *,
    clock: Clock = perf_counter,
) -> Peak:
    """Try sizes until the speed stops growing.

    Args:
        sizes: in rising order.
        work: the work of a call of a size, such as FLOPs.
        calls: different ways to do it once, each a function without arguments.
        clock: returns the time in seconds.

    Returns:
        The best speed of all sizes that were tried. The search also ends when the next size would
        take it beyond `SEARCH_SECONDS`, or has no room in memory.

    Raises:
        ValueError: if no size could be tried.
    """
    best, stale = Peak(0.0, 0), 0
    end = clock() + SEARCH_SECONDS
    for size in sizes:
        if best.rate and clock() + LEAST_TURNS * work(size) / best.rate > end:
            break
        try:
            rate = work(size) / min(fastest(call, clock=clock) for call in calls(size))
        except OUT_OF_MEMORY:
            break
        stale = 0 if rate > (1 + GROWTH) * best.rate else stale + 1
        best = max(best, Peak(rate, size))
        if stale == MOST_STALE:
            break
    if not best.rate:
        raise ValueError("a search for a peak needs one size at least that has room in memory")
    return best


def fastest(call: Callable[[], object], *, clock: Clock = perf_counter) -> float:
    """Return the seconds of the fastest of several calls, after one that does not count.

    Args:
        call: what is timed; it returns when the work is done.
        clock: returns the time in seconds.
    """
    call()
    seconds: list[float] = []
    while len(seconds) < LEAST_CALLS or sum(seconds) < CALL_SECONDS:
        start = clock()
        call()
        seconds.append(clock() - start)
    return min(seconds)


@fixed()
def peaks() -> dict[str, float]:
    """Measure what bounds any operator on this machine, in a few seconds.

    Returns:
        `peak_flops`: FLOPs per second in float32 of a product of matrices of `peak_product_size`
        rows and columns, or of a convolution if that is faster; `peak_bandwidth`: bytes per second,
        read and written, of a copy of a tensor of `peak_copy_bytes`; `last_cache_bytes`.
    """
    cache = last_cache_bytes()
    product = peak(_doubled(FIRST_PRODUCT), lambda size: 2.0 * size**3, _products)
    images = peak(_doubled(FIRST_CONVOLUTION[0]), _convolution_flops, _convolutions)
    copy = peak(_copy_sizes(cache), lambda size: 2.0 * size, _copies)
    return {
        "peak_flops": max(product.rate, images.rate),
        "peak_product_size": product.size,
        "peak_bandwidth": copy.rate,
        "peak_copy_bytes": copy.size,
        "last_cache_bytes": cache,
    }


def _doubled(first: int) -> Iterator[int]:
    size = first
    while True:
        yield size
        size *= 2


def _copy_sizes(cache: int) -> Iterator[int]:
    """Yield the sizes of copies that have room; the first one in any case."""
    most = min(MOST_COPY_BYTES, int(psutil.virtual_memory().available * MEMORY_SHARE))
    yield min(CACHES * cache, most)
    for size in _doubled(2 * CACHES * cache):
        if size > most:
            return
        yield size


def _products(size: int) -> Iterator[Callable[[], object]]:
    factor = normal((size, size), "float32", seed=0)
    return _calls(lambda x: tf.matmul(x, x), factor)


def _convolution_flops(images: int) -> float:
    _, height, width, channels = FIRST_CONVOLUTION
    return 2.0 * images * height * width * (CONVOLUTION_TAPS * channels) ** 2


def _convolutions(images: int) -> Iterator[Callable[[], object]]:
    _, *size, channels = FIRST_CONVOLUTION
    weights = normal((CONVOLUTION_TAPS, CONVOLUTION_TAPS, channels, channels), "float32", seed=1)
    inputs = normal((images, *size, channels), "float32", seed=0)
    return _calls(lambda x: tf.nn.conv2d(x, weights, 1, "SAME"), inputs)


def _copies(size: int) -> Iterator[Callable[[], object]]:
    # The sum with a number makes a result of its own, which an identity would not.
    return _calls(lambda x: x + 1.0, tf.zeros(size // 4))


def _calls(function: Function, argument: tf.Tensor) -> Iterator[Callable[[], object]]:
    """Yield a function in each executor; it returns when the device has finished."""
    for executor in PEAK_EXECUTORS:
        compiled = EXECUTORS[executor](function)

        def call(compiled: Function = compiled) -> None:
            compiled(argument)
            synchronise()

        yield call
