"""A model of the user's: where it came from, and what a results file says of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import keras

from bench.cases import Case, Sides
from bench.environment import fixed
from bench.own.inputs import channels_axis
from bench.own.layers import LayerUse, uses
from bench.own.loading import load
from bench.own.memory import check_model
from bench.own.named import origin
from involution.costs.models import count
from reports.sources.case import DTYPES, Dtype, by_sides
from reports.sweeps.model.description import ModelDescription

# Images in a call, as in the sweeps.
BATCH = 8
# Of the weights of a model that has a name.
SEED = 0


@dataclass(frozen=True)
class OwnModel:
    """A model of the user's, and how it is measured.

    Attributes:
        name: what it is called in records.
        source: where it came from.
        digest: SHA-256 of its file, None without one.
        model: for images of a known size.
        batch: images in a call.
        kernel_sizes: by path of a layer, that of the involution in its place: the whole model is
            then measured in this form, too. Empty: as it is alone.
    """

    name: str
    source: str
    digest: str | None
    model: keras.Model
    batch: int
    kernel_sizes: Mapping[str, Sides]

    @property
    def case(self) -> Case:
        """A forward pass of the whole model; what has no meaning for a model is 1."""
        (tensor,) = self.model.inputs
        height, width, channels = sizes = list(tensor.shape[1:])
        if channels_axis(self.model) == 1:
            channels, height, width = sizes
        dtype = keras.backend.standardize_dtype(tensor.dtype)
        return Case(
            self.batch,
            height,
            width,
            channels,
            kernel_size=1,
            groups=1,
            # Images of integers are given as floating-point numbers.
            dtype=cast("Dtype", dtype if dtype in DTYPES else "float32"),
        )


def own_model(
    name: str,
    *,
    batch: int = BATCH,
    image_size: tuple[int, int] | None = None,
    trusted: bool = False,
    kernel_sizes: Mapping[str, Sides] | None = None,
) -> OwnModel:
    """Load a model, as `bench.own.loading.load` does.

    Args:
        name: a .keras file, or a name of keras.applications or involution.models.
        batch: images in a call. Default 8.
        image_size: (height, width) for a model that takes any. Default: the model's own.
        trusted: whether the file may run code that it holds. Default False.
        kernel_sizes: by path of a layer, that of the involution in its place. Default: none.

    Raises:
        ModelError: if there is no such model, or none that can be measured.
        ValueError: if it does not fit into memory.
    """
    keras.utils.set_random_seed(SEED)
    with fixed():  # the data type and the data format are the model's, not those that a user set
        model = load(name, image_size=image_size, trusted=trusted)
    check_model(model, batch, name)
    source = origin(name)
    digest = None
    if source is None:
        source = name
        digest = hashlib.sha256(Path(name).read_bytes()).hexdigest()
    short = Path(name).stem if digest else name.lower().rpartition(".")[2]
    return OwnModel(short, source, digest, model, batch, kernel_sizes or {})


def described(own: OwnModel) -> dict[str, Any]:
    """Return what a results file says of a model.

    Args:
        own: the model.
    """
    case, whole = own.case, count(own.model)
    description = {
        "name": own.name,
        "source": own.source,
        "digest": own.digest,
        **{key: getattr(case, key) for key in ("batch", "height", "width", "channels", "dtype")},
        "parameters": whole.parameters,
        "macs": whole.macs,
        "uncounted": list(whole.uncounted),
        "layers": [_described(use) for use in uses(own.model)],
        "replaced": [
            {"layer": path, "kernel_size": by_sides(size)}
            for path, size in own.kernel_sizes.items()
        ],
    }
    return ModelDescription.model_validate(description).model_dump()


def _described(use: LayerUse) -> dict[str, Any]:
    return {
        "kind": use.kind,
        "names": list(use.names),
        **{
            key: getattr(use, key)
            for key in ("label", "count", "is_measured", "reason", "instead", "parameters", "macs")
        },
    }
