"""Private interfaces of TensorFlow, each behind one function that says what happens without it."""

import ctypes
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

from involution.ops.types import Tensor

try:
    from tensorflow.python.ops.control_flow_util import GraphOrParentsInXlaContext
except ImportError:
    GraphOrParentsInXlaContext = None

try:
    from tensorflow.compiler.tf2xla.python.xla import call_module
except ImportError:
    call_module = None

try:
    from tensorflow.python.eager.forwardprop_util import pack_tangents
except ImportError:
    pack_tangents = None

# The version of XlaCallModule from which modules are StableHLO with all that the calls here need.
MODULE_VERSION = 9


def compiled_with_others() -> bool:
    """Return whether XLA will compile what is traced now together with the operations around it.

    TensorFlow says so by a private function alone. Without it the answer is False: results stay
    right, but XLA may compute some of them many times.
    """
    if tf.executing_eagerly():
        return False
    if GraphOrParentsInXlaContext is None:
        warnings.warn(
            "This version of TensorFlow does not say whether a graph is compiled by XLA: expected "
            "tensorflow.python.ops.control_flow_util.GraphOrParentsInXlaContext. Functions with "
            f"jit_compile=True may be slow. Received: tensorflow {tf.__version__}",
            RuntimeWarning,
            stacklevel=2,
        )
        return False
    return bool(GraphOrParentsInXlaContext(tf.compat.v1.get_default_graph()))


def has_tangents(tensors: Sequence[Tensor]) -> bool:
    """Return whether a `tf.autodiff.ForwardAccumulator` watches any of some tensors.

    TensorFlow says so by a private function alone. Without it the answer is False: forward mode is
    right eagerly, but zero inside a graph.
    """
    return pack_tangents is not None and bool(pack_tangents(list(tensors)).tangents)


def xla_ffi_api() -> int | None:
    """Return the address of the interface by which XLA takes handlers, or None if there is none.

    A library of TensorFlow exports a function that returns it, though no header names it: in C on
    Linux, in C++ on macOS, not at all on Windows. Without it native kernels cannot be registered,
    and others compute.
    """
    folder = Path(tf.__file__).parent
    for path in [*folder.glob("*tensorflow_framework*"), *folder.glob("*tensorflow_cc*")]:
        for name in ("XLA_FFI_GetApi", "_ZN3xla3ffi12GetXlaFfiApiEv"):
            try:
                function = getattr(ctypes.CDLL(str(path)), name)
            except (OSError, AttributeError):
                continue
            function.restype = ctypes.c_void_p
            address = function()
            return None if address is None else int(address)
    return None


def can_call_modules() -> bool:
    """Return whether `module_results` works; without it native kernels cannot be called."""
    return call_module is not None


def module_results(
    module: str,
    tensors: Sequence[Tensor],
    *,
    shapes: Sequence[Sequence[int | None]],
    dtypes: Sequence[tf.DType],
) -> list[Tensor]:
    """Return the results of a StableHLO module, compiled by XLA for the CPU.

    Args:
        module: text of the module.
        tensors: arguments of its main function.
        shapes: of the results, None for a size that is unknown until the call.
        dtypes: of the results.
    """
    function: Any = call_module
    results = function(
        tensors,
        version=MODULE_VERSION,
        module=module,
        Tout=list(dtypes),
        Sout=[tf.TensorShape(shape) for shape in shapes],
        platforms=["CPU"],
    )
    return list(results)
