"""Involution as a function: checks, padding and the choice of an implementation.

An implementation is a module with three functions, see `ImplementationModule`. To add one, write
the module and enter its name in `Implementation` and in `IMPLEMENTATIONS`.
"""

import logging
from functools import cache
from typing import Any, Literal, Protocol, TypeAlias

import tensorflow as tf

from involution.geometry import Padding, checked_padding, output_sizes, pair
from involution.ops import fused, native, patches
from involution.ops.custom import of_shape
from involution.ops.devices import has_accelerator
from involution.ops.native import involve_generated as involve_generated
from involution.ops.native.library import reason_against
from involution.ops.types import Problem, Tensor, TensorLike, Windows

Implementation: TypeAlias = Literal["auto", "native", "fused", "patches"]


class ImplementationModule(Protocol):
    """What the module of an implementation offers."""

    def involve(self, problem: Problem, /) -> Tensor:
        """Return the outputs."""

    def obstacle(self, problem: Problem, /) -> str | None:
        """Return why the problem cannot be computed here, or None if it can; no side effect."""

    def is_advisable(self, problem: Problem, /) -> bool:
        """Return whether "auto" may choose this for a problem without an obstacle; no side effect.

        The implementation that computes any problem returns True.
        """


# In the order in which "auto" prefers them.
IMPLEMENTATIONS: dict[str, ImplementationModule] = {
    "native": native,
    "fused": fused,
    "patches": patches,
}


def involve(
    inputs: TensorLike,
    kernels: TensorLike,
    *,
    strides: int | tuple[int, int] = 1,
    padding: Padding = "same",
    dilation_rate: int | tuple[int, int] = 1,
    implementation: Implementation = "auto",
) -> Tensor:
    """Multiply each window of the input by its own kernel and sum.

    Output position (h, w) of channel c is the sum over the taps (i, j) of
    `kernels[b, h, w, i, j, c // (channels // groups)]` times
    `inputs[b, h * stride + i * dilation - top, w * stride + j * dilation - left, c]`. Pixels
    outside the input are zero. This is equation 4 of Li et al., "Involution: Inverting the
    Inherence of Convolution for Visual Recognition", CVPR 2021.

    Args:
        inputs: floating-point tensor (batch, height, width, channels). All sizes but the channels
            may be unknown until the call.
        kernels: tensor of the same dtype (batch, out_height, out_width, kernel_height,
            kernel_width, groups). The last three sizes must be known; groups divide the channels.
        strides: pixels from one window to the next, an integer or (vertical, horizontal).
            Default 1.
        padding: "same" (TensorFlow's SAME), "valid", or an integer: that many zeros on every
            side. Default "same".
        dilation_rate: pixels from one tap to the next, an integer or (vertical, horizontal).
            Default 1.
        implementation: "native", "fused", "patches" or "auto". Default "auto".
            "native" is computed by kernels in C++, on a CPU. "fused" is compiled by XLA, once per
            process for each geometry, dtype and batch size; batch sizes that a graph leaves open
            are compiled as they come. It needs height and width to be known when a graph is built.
            "patches" computes anything, but it is slower and takes far more memory. "auto" chooses
            the first of these that can run, "fused" only until `fused.MAX_COMPILED` different
            problems have been compiled (an open batch size counts as one).

    Returns:
        A tensor (batch, out_height, out_width, channels) of the inputs' dtype.

    Raises:
        ValueError: before any work, if an argument or a known size is not valid, or if the
            implementation that is asked for by name cannot compute this here.
        tf.errors.InvalidArgumentError: at the call, if the batch sizes of inputs and kernels differ
            and one of them was unknown before. It is not raised where XLA also compiles the caller.

    Example:
        >>> import tensorflow as tf
        >>> from involution import involve
        >>> inputs = tf.ones((1, 4, 4, 8))
        >>> kernels = tf.ones((1, 4, 4, 3, 3, 2))  # kernel size 3, two groups
        >>> print(involve(inputs, kernels)[0, 0, :, 0].numpy())
        [4. 6. 6. 4.]
    """
    inputs = tf.convert_to_tensor(inputs)
    kernels = tf.convert_to_tensor(kernels)
    strides = pair(strides, "strides")
    padding = checked_padding(padding)
    dilation_rate = pair(dilation_rate, "dilation_rate")
    checked_implementation(implementation)
    _check_tensors(inputs, kernels)
    kernel_height, kernel_width, groups = (int(size) for size in kernels.shape[3:])
    windows = Windows((kernel_height, kernel_width), strides, padding, dilation_rate, groups)
    _check_windows(inputs, kernels, windows)
    if None in (inputs.shape[0], kernels.shape[0]):
        kernels = _of_same_batch(inputs, kernels)
    problem = Problem(inputs, kernels, windows)
    outputs = _chosen(implementation, problem).involve(problem)
    return of_shape(
        outputs, tf.TensorShape((inputs.shape[0], *kernels.shape[1:3], inputs.shape[3]))
    )


def generates_in_place(implementation: Implementation, dtype: Any) -> bool:
    """Return whether kernels can be generated where they are used, and never stored.

    Args:
        implementation: as for `involve`.
        dtype: of the inputs.

    Returns:
        Whether to call `involve_generated`; otherwise, `involve` with kernels that are stored.
    """
    return implementation in ("auto", "native") and native.obstacle_to(dtype) is None


def checked_implementation(implementation: str) -> str:
    """Return `implementation` if there is one of that name.

    Args:
        implementation: a key of `IMPLEMENTATIONS`, or "auto".

    Returns:
        The same name.

    Raises:
        ValueError: if there is no such implementation.
    """
    known = ("auto", *IMPLEMENTATIONS)
    if implementation not in known:
        raise ValueError(
            f"`implementation` must be one of {', '.join(map(repr, known))}. "
            f"Received: implementation={implementation!r}"
        )
    return implementation


def _chosen(implementation: str, problem: Problem) -> ImplementationModule:
    """Return the implementation that is asked for, or the first that suits for "auto".

    Raises:
        ValueError: if the implementation that is asked for by name cannot compute the problem.
    """
    if implementation == "auto":
        if not has_accelerator():
            _note_absence(reason_against())
        return next(
            module
            for module in IMPLEMENTATIONS.values()
            if module.obstacle(problem) is None and module.is_advisable(problem)
        )
    reason = IMPLEMENTATIONS[implementation].obstacle(problem)
    if reason is not None:
        raise ValueError(
            f'{reason}. With implementation="auto" another implementation is chosen where '
            f"{implementation!r} cannot run. Received: implementation={implementation!r}, "
            f"inputs.shape={problem.inputs.shape}, kernels.shape={problem.kernels.shape}"
        )
    return IMPLEMENTATIONS[implementation]


@cache
def _note_absence(reason: str | None) -> None:
    """Say once in a process why there are no native kernels, if there are none."""
    if reason is not None:
        logging.getLogger("involution").warning("%s: involution is compiled by XLA.", reason)


def _of_same_batch(inputs: Tensor, kernels: Tensor) -> Tensor:
    """Return the kernels with a check that runs at the call: their batch must be the inputs'."""
    images, sets = tf.shape(inputs)[0], tf.shape(kernels)[0]
    message = "`inputs` and `kernels` must have the same batch."
    with tf.control_dependencies([tf.debugging.assert_equal(images, sets, message)]):
        return tf.identity(kernels)


def _check_tensors(inputs: Tensor, kernels: Tensor) -> None:
    received = f"Received: inputs.shape={inputs.shape}, kernels.shape={kernels.shape}"
    if inputs.shape.rank != 4 or kernels.shape.rank != 6:
        raise ValueError(
            "`inputs` must be (batch, height, width, channels) and `kernels` (batch, out_height, "
            f"out_width, kernel_height, kernel_width, groups). {received}"
        )
    if not inputs.dtype.is_floating or inputs.dtype != kernels.dtype:
        raise ValueError(
            "`inputs` and `kernels` must have the same floating-point dtype. "
            f"Received: inputs.dtype={inputs.dtype.name}, kernels.dtype={kernels.dtype.name}"
        )
    channels = inputs.shape[3]
    if channels is None or None in kernels.shape[3:]:
        raise ValueError(f"channels, kernel size and groups must be known. {received}")
    if 0 in kernels.shape[3:5]:
        raise ValueError(f"the kernel size must be 1 or more. {received}")
    groups = kernels.shape[5]
    if groups < 1 or channels % groups:
        raise ValueError(
            f"groups must divide channels. Received: groups={groups}, channels={channels}"
        )


def _check_windows(inputs: Tensor, kernels: Tensor, windows: Windows) -> None:
    counts = output_sizes(inputs.shape[1:3], **windows.geometry)
    expected = (inputs.shape[0], *counts)
    if not tf.TensorShape(expected).is_compatible_with(kernels.shape[:3]):
        raise ValueError(
            "`kernels` must have one kernel for each output position: expected "
            f"(batch, out_height, out_width)={expected} for strides={windows.strides}, "
            f"padding={windows.padding!r}, dilation_rate={windows.dilation_rate}. "
            f"Received: inputs.shape={inputs.shape}, kernels.shape={kernels.shape}"
        )
