"""Bits of IEEE numbers, and wide vectors, for what numba compiles: the parts that vectorised functions are made of."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


@intrinsic
def bits_of(typing_context, x):
    """The bits of a double as an unsigned integer."""

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.uint64(types.float64), generate


@intrinsic
def from_bits(typing_context, bits):
    """The double with these bits."""

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.uint64), generate


@intrinsic
def bits_of_single(typing_context, x):
    """The bits of a number in single precision."""

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.IntType(32))

    return types.uint32(types.float32), generate


@intrinsic
def single_from_bits(typing_context, bits):
    """The number in single precision with these bits."""

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.FloatType())

    return types.float32(types.uint32), generate


@intrinsic
def fused(typing_context, a, b, c):
    """a * b + c, rounded once."""

    def generate(context, builder, signature, arguments):
        return builder.fma(*arguments)

    return types.float64(types.float64, types.float64, types.float64), generate


@intrinsic
def prefer_wide(typing_context):
    """Ask for the widest vectors in the function that calls this, and keep it a function of its own.

    LLVM's tuning for some AVX-512 processors stays with half-width vectors, which suits code that is only
    now and then vectorised; these kernels are nothing else. Ignored where there are no wide vectors.
    Inlined into a function without the attribute, a loop would lose it again.
    """

    def generate(context, builder, signature, arguments):
        builder.function.attributes.add("noinline")
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), generate


@intrinsic
def larger(typing_context, a, b):
    """The larger of two numbers of one precision, neither of them NaN: a largest number that LLVM finds by vectors.

    What numba makes of ``max`` has no flag that says so where LLVM looks for it, and stays a loop over single numbers.
    """

    def generate(context, builder, signature, arguments):
        flags = ("nnan", "nsz")
        return builder.select(builder.fcmp_ordered(">", *arguments, flags=flags), *arguments, flags=flags)

    return a(a, b), generate
