"""Files of NumPy arrays, read without trust in what they say of themselves."""

import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.sources.files import UnreadableError

# The images of CIFAR as float64 are 1.5 GB. A few bytes can unpack to any number of bytes.
MOST_BYTES = 4 * 2**30


def read_arrays(path: Path, names: Collection[str] = ()) -> dict[str, NDArray[Any]]:
    """Read an .npz file of plain arrays.

    Args:
        path: the file.
        names: the arrays to read, those of them that are there. Default: all.

    Returns:
        The arrays by name.

    Raises:
        UnreadableError: if it cannot be read, or would take more than `MOST_BYTES`.
    """
    try:
        with path.open("rb") as file:
            with zipfile.ZipFile(file) as content:
                size = sum(
                    member.file_size
                    for member in content.infolist()
                    if not names or member.filename.removesuffix(".npy") in names
                )
            if size <= MOST_BYTES:
                file.seek(0)
                with np.load(file, allow_pickle=False) as archive:
                    wanted = [name for name in archive.files if not names or name in names]
                    return {name: np.asarray(archive[name]) for name in wanted}
    except Exception as error:  # noqa: BLE001 - a damaged zip file can raise nearly anything
        raise UnreadableError(f"not a file of arrays: {error}") from None
    raise UnreadableError(f"expected at most {MOST_BYTES:,} bytes of arrays. Received: {size:,}")
