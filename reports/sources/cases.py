"""The words of a case, which all kinds of results share."""

from typing import Literal, get_args

Direction = Literal["forward", "training"]
Executor = Literal["eager", "graph", "xla"]
Dtype = Literal["float16", "bfloat16", "float32", "float64"]

DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
EXECUTORS: tuple[Executor, ...] = get_args(Executor)
DTYPES: tuple[Dtype, ...] = get_args(Dtype)
