"""Whether TensorFlow computes with oneDNN on this machine."""


def in_use() -> bool | None:
    """Say whether TensorFlow's operators for CPUs are oneDNN's.

    Unless TF_ENABLE_ONEDNN_OPTS says so, the processor decides.

    Returns:
        None where this version of TensorFlow cannot be asked.
    """
    try:
        # No public name tells it.
        from tensorflow.python.util import _pywrap_util_port  # noqa: PLC0415
    except ImportError:
        return None
    return bool(_pywrap_util_port.IsMklEnabled())
