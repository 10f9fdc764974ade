"""The text of modules with one custom call."""

import pytest

from involution.ops.native.stablehlo import CustomCall, SizeOf

KNOWN = CustomCall(
    target="sums",
    arguments=2,
    shapes=((2, 3), ()),
    results=((3,),),
    element="f32",
    attributes=(("windows", (("rows", 3), ("columns", -1))), ("activation", 0)),
)
# The second argument is given for its shape alone.
OPEN = CustomCall(
    target="sums",
    arguments=1,
    shapes=((None, 3), (4, None)),
    results=((SizeOf(0, 0), SizeOf(1, 1), 5), (2,)),
    element="bf16",
    attributes=(),
)


def test_a_module_with_known_sizes():
    call = (
        "%result:1 = stablehlo.custom_call @sums(%arg0, %arg1) {api_version = 4 : i32, "
        "backend_config = {windows = {rows = 3 : i64, columns = -1 : i64}, activation = 0 : i64}} "
        ": (tensor<2x3xf32>, tensor<f32>) -> (tensor<3xf32>)"
    )
    assert KNOWN.module().splitlines() == [
        "module @involution attributes {jax.uses_shape_polymorphism = true} {",
        "  func.func public @main(%arg0: tensor<2x3xf32>, %arg1: tensor<f32>) -> (tensor<3xf32>) {",
        f"    {call}",
        "    return %result#0 : tensor<3xf32>",
        "  }",
        "}",
    ]


def test_open_sizes_are_operands_computed_from_arguments():
    text = OPEN.module()
    assert "(%arg0: tensor<?x3xbf16>, %arg1: tensor<4x?xbf16>)" in text
    assert "-> (tensor<?x?x5xbf16>, tensor<2xbf16>)" in text
    assert "stablehlo.get_dimension_size %arg0, dim = 0" in text
    assert "stablehlo.get_dimension_size %arg1, dim = 1" in text
    assert "@sums(%arg0, %shape0, %shape1)" in text
    assert "indices_of_shape_operands = dense<[1, 2]> : tensor<2xi64>" in text


@pytest.mark.parametrize("call", [KNOWN, OPEN])
def test_equal_calls_share_their_text(call):
    assert call.module() is CustomCall(*call).module()
