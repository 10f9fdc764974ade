"""The words that results of every kind use for a case, each set declared once."""

from typing import Literal, get_args

Direction = Literal["forward", "training"]
Executor = Literal["eager", "graph", "xla"]
Dtype = Literal["float16", "bfloat16", "float32", "float64"]

DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
DTYPES: tuple[Dtype, ...] = get_args(Dtype)

# The geometry that a case and its baseline share; their groups may differ.
GEOMETRY = ("batch", "height", "width", "channels", "kernel_size", "strides", "dtype")
