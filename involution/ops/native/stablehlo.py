"""The text of StableHLO modules that call one native kernel.

Sizes that a graph leaves open are filled in at the call: each result's shape is one more operand of
the custom call, computed in the module from the shapes of its arguments.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias


class SizeOf(NamedTuple):
    """The size of a dimension of an argument, unknown until the call."""

    argument: int
    dimension: int


Size: TypeAlias = int | SizeOf
Shape: TypeAlias = tuple[Size, ...]

# Names of integers, and of groups of them, with their values; hashable.
Attributes: TypeAlias = tuple[tuple[str, "int | Attributes"], ...]


class CustomCall(NamedTuple):
    """A call of a native kernel; hashable.

    Attributes:
        target: name under which the kernel is registered.
        arguments: how many of the module's arguments the kernel gets, the first ones.
        shapes: of all arguments, None for a size that is unknown until the call.
        results: shapes of the results.
        element: type of all numbers, as StableHLO writes it.
        attributes: that the kernel takes by name.
    """

    target: str
    arguments: int
    shapes: tuple[tuple[int | None, ...], ...]
    results: tuple[Shape, ...]
    element: str
    attributes: Attributes

    @lru_cache(maxsize=1024)  # noqa: B019 - texts alone, one for each geometry and its sizes
    def module(self) -> str:
        """Return the text of a module whose main function makes this call."""
        types = [_type(shape, self.element) for shape in self.shapes]
        result_types = ", ".join(_type(shape, self.element) for shape in self.results)
        operands = [f"%arg{number}" for number in range(self.arguments)]
        operand_types = types[: self.arguments]
        options = ["api_version = 4 : i32", f"backend_config = {_dictionary(self.attributes)}"]
        lines = []
        if any(isinstance(size, SizeOf) for shape in self.results for size in shape):
            for number, shape in enumerate(self.results):
                lines += _shape_lines(f"%shape{number}", shape, types)
                operands.append(f"%shape{number}")
                operand_types.append(f"tensor<{len(shape)}xi32>")
            places = [self.arguments + number for number in range(len(self.results))]
            options.append(
                f"indices_of_shape_operands = dense<{places}> : tensor<{len(places)}xi64>"
            )
        lines.append(
            f"%result:{len(self.results)} = stablehlo.custom_call "
            f"@{self.target}({', '.join(operands)}) {{{', '.join(options)}}} : "
            f"({', '.join(operand_types)}) -> ({result_types})"
        )
        returned = ", ".join(f"%result#{number}" for number in range(len(self.results)))
        lines.append(f"return {returned} : {result_types}")
        parameters = ", ".join(f"%arg{number}: {type_}" for number, type_ in enumerate(types))
        return "\n".join(
            [
                "module @involution attributes {jax.uses_shape_polymorphism = true} {",
                f"  func.func public @main({parameters}) -> ({result_types}) {{",
                *(f"    {line}" for line in lines),
                "  }",
                "}",
            ]
        )


def _dictionary(attributes: Attributes) -> str:
    values = [
        f"{name} = {value} : i64" if isinstance(value, int) else f"{name} = {_dictionary(value)}"
        for name, value in attributes
    ]
    return f"{{{', '.join(values)}}}"


def _type(sizes: Sequence[Size | None], element: str) -> str:
    known = [str(size) if isinstance(size, int) else "?" for size in sizes]
    return f"tensor<{'x'.join([*known, element])}>"


def _shape_lines(name: str, shape: Shape, types: Sequence[str]) -> list[str]:
    """Return operations that compute a shape, a tensor of integers."""
    lines = []
    for number, size in enumerate(shape):
        place = f"{name}_{number}"
        if isinstance(size, int):
            lines.append(f"{place} = stablehlo.constant dense<{size}> : tensor<1xi32>")
            continue
        argument = f"%arg{size.argument}, dim = {size.dimension} : ({types[size.argument]})"
        lines.append(f"{place}_size = stablehlo.get_dimension_size {argument} -> tensor<i32>")
        reshape = f"stablehlo.reshape {place}_size : (tensor<i32>) -> tensor<1xi32>"
        lines.append(f"{place} = {reshape}")
    places = ", ".join(f"{name}_{number}" for number in range(len(shape)))
    ones = ", ".join(["tensor<1xi32>"] * len(shape))
    whole = f"({ones}) -> tensor<{len(shape)}xi32>"
    lines.append(f"{name} = stablehlo.concatenate {places}, dim = 0 : {whole}")
    return lines
