"""Which part of a step an operation belongs to, by the scope that names it in the trace."""

import re

# In the order in which they are shown. The second of a pair are its gradients.
PARTS = (
    "kernel generation",
    "kernel generation gradients",
    "core",
    "core gradients",
    "convolution",
    "convolution gradients",
    "other layers",
    "other layers gradients",
    "gradient sums",
    "optimizer",
    "input data",
    "dispatch",
)
# A step's time in which none of its operations runs.
OTHER = "other"

# `Involution2D` names its scopes so; Keras numbers scopes that occur twice.
_GENERATION = re.compile(r"(^|/)kernel_generation(_\d+)?/")
_CORE = re.compile(r"(^|/)core(_\d+)?/")
_FUNCTION = re.compile(r"^a_inference_+(\w+?)_\d+__")
_CONVOLUTION = re.compile(r"Conv(olution)?\d?D|Depthwise", re.IGNORECASE)
_GRADIENT = re.compile(r"(^|/)gradient_tape/|^gradients/")
_GRADIENT_SUM = re.compile(r"(^|/)AddN(_\d+)?(/|$)")
_OPTIMIZER = re.compile(r"(^|/)(sgd|adam\w*|rmsprop|momentum|optimizer)(_\d+)?/", re.IGNORECASE)
_INPUT_DATA = re.compile(r"^(Iterator|OptionalGetValue|.*Dataset)")


def part_of(name: str, kind: str) -> str:
    """Return the part of a step that an operation belongs to.

    Args:
        name: the operation with its scopes.
        kind: the operation's type.

    Returns:
        One of `PARTS`.

    Example:
        >>> part_of("gradient_tape/involution2d/core/mul/Mul", "Mul")
        'core gradients'
        >>> part_of("conv2d/convolution", "Conv2D")
        'convolution'
    """
    if _INPUT_DATA.match(kind):
        return "input data"
    if _OPTIMIZER.search(name):
        return "optimizer"
    if _GRADIENT_SUM.search(name):
        return "gradient sums"
    return _layer_part(name, kind) + (" gradients" if _GRADIENT.search(name) else "")


def compiled_function(module: str) -> str:
    """Return the name of the TensorFlow function that XLA compiled into a module.

    Args:
        module: the module's name, or nothing.

    Returns:
        The function's name, or the module's if no function is named in it.

    Example:
        >>> compiled_function("a_inference_by_kernels_1854__.50")
        'by_kernels'
    """
    match = _FUNCTION.match(module)
    return match[1] if match else module


def _layer_part(name: str, kind: str) -> str:
    if _CORE.search(name):
        return "core"
    if _GENERATION.search(name):
        return "kernel generation"
    if _CONVOLUTION.search(kind) or _CONVOLUTION.search(name):
        return "convolution"
    return "other layers"
