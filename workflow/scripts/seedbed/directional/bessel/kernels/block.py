"""Sorting a block of points by kind, without branches."""

from __future__ import annotations

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from seedbed.simd import prefer_wide

from .compiled import FLAGS, INLINE

# kinds 0-3: uniform expansion with 4, 6, 9, 16 terms; 4-6: below w = 25, by x; 7: what needs care
HARD = 7
W2_16, W2_9, W2_6, W2_4 = 25.0**2, 60.0**2, 200.0**2, 1000.0**2
# half of an argument must be a normal number
SMALLEST, LARGEST = 4.5e-308, 1e290
# where the result is below NEAR w it is computed again: from there on the plain sum is good to 5e-15
NEAR = 0.125
ROWS = 6
# doubles in a vector; divides BLOCK
WIDE = 8


@njit(**FLAGS)
def sort_block(v, x, n, split_1, split_2, kinds, counts):
    """The kind of each point and how many there are of each."""
    prefer_wide()
    n_4 = n_6 = n_9 = n_16 = n_ok = n_1 = n_2 = 0
    for i in range(n):
        a = v[i]
        b = x[i]
        w2 = a * a + b * b
        ok = (a >= 0.0) & (b >= SMALLEST) & (w2 < LARGEST)
        at_4, at_6 = ok & (w2 >= W2_4), ok & (w2 >= W2_6)
        at_9, at_16 = ok & (w2 >= W2_9), ok & (w2 >= W2_16)
        low = ok & (w2 < W2_16)
        past_1, past_2 = low & (b > split_1), low & (b > split_2)
        kinds[i] = (4 - at_4 - at_6 - at_9 - at_16 + past_1 + past_2) if ok else HARD
        n_4 += at_4
        n_6 += at_6
        n_9 += at_9
        n_16 += at_16
        n_ok += ok
        n_1 += past_1
        n_2 += past_2
    # the counts of the uniform kinds are cumulative up to here, which needs no scatter
    counts[0] = n_4
    counts[1] = n_6 - n_4
    counts[2] = n_9 - n_6
    counts[3] = n_16 - n_9
    counts[4] = n_ok - n_16 - n_1
    counts[5] = n_1 - n_2
    counts[6] = n_2
    counts[HARD] = n - n_ok


# rough nanoseconds per point of the uniform kinds, and of bringing a point together with its like
COST = (3.0, 3.5, 4.5, 9.0)
SORTING = 5.0


@njit(**FLAGS)
def choose_main(counts, n):
    """The kind to evaluate for the whole block, what it does not serve being put right afterwards; or -1.

    A uniform kind serves those with fewer terms, and evaluating it where it is wrong is cheaper than
    sorting. The small kinds are too dear for that.
    """
    for kind in range(4, HARD + 1):
        if 4 * counts[kind] >= 3 * n:
            return kind
    sorted_cost = 0.0
    for kind in range(4):
        sorted_cost += counts[kind] * (COST[kind] + SORTING)
    main, best, above = -1, sorted_cost, 0.0
    for kind in range(3, -1, -1):
        cost = n * COST[kind] + above
        if cost < best:
            main, best = kind, cost
        above += counts[kind] * (COST[kind] + SORTING)
    return main


@njit(**INLINE)
def served(kind, main):
    """Whether the kernel of the main kind is right for this one."""
    return (kind == main) | ((kind < main) & (main < 4))


@intrinsic
def keep_marked(typing_context, marks, i, target, count):
    """Append those of ``i, ..., i + 7`` whose mark is not zero to ``target[:count]``; the new count.

    All eight places are written, and the next call writes over what was not to be kept: to compress within a register
    takes two operations where there is AVX-512, but into memory over a hundred cycles on AMD's Zen 4.
    """
    eight, bytes_, lanes = (ir.VectorType(ir.IntType(bits), 8) for bits in (64, 8, 32))

    def generate(context, builder, signature, arguments):
        def address(which, index):
            array = context.make_array(signature.args[which])(context, builder, arguments[which])
            return builder.gep(array.data, [arguments[index]])

        loaded = builder.load(builder.bitcast(address(0, 1), bytes_.as_pointer()), align=1)
        kept = builder.icmp_unsigned("!=", loaded, ir.Constant(bytes_, [0] * 8))
        nothing = ir.Constant(eight, ir.Undefined)
        first = builder.insert_element(nothing, arguments[1], ir.Constant(ir.IntType(32), 0))
        same = builder.shuffle_vector(first, nothing, ir.Constant(lanes, [0] * 8))
        place = address(2, 3)
        kind = ir.FunctionType(eight, [eight, kept.type, eight])
        compress = builder.module.declare_intrinsic("llvm.experimental.vector.compress.v8i64", (), kind)
        indices = builder.add(same, ir.Constant(eight, list(range(8))))
        compressed = builder.call(compress, [indices, kept, nothing])
        builder.store(compressed, builder.bitcast(place, eight.as_pointer()), align=8)
        number = builder.ctpop(builder.bitcast(kept, ir.IntType(8)))
        return builder.add(arguments[3], builder.zext(number, ir.IntType(64)))

    return types.int64(marks, types.int64, target, types.int64), generate


@njit(**FLAGS)
def list_marked(marks, n, index):
    """Indices of the points that are marked; their number."""
    count = 0
    whole = n // WIDE * WIDE
    for i in range(0, whole, WIDE):
        count = keep_marked(marks, i, index, count)
    for i in range(whole, n):
        index[count] = i
        count += marks[i]
    return count


@njit(**INLINE)
def pad(v, x, m):
    """Repeat the last of m > 0 points up to a multiple of the widest vector; that multiple.

    What is left over of a loop after its last whole vector runs point by point, at the price of vectors.
    """
    full = (m + WIDE - 1) // WIDE * WIDE
    for i in range(m, full):
        v[i] = v[m - 1]
        x[i] = x[m - 1]
    return full


@njit(**FLAGS)
def mark_kind(kind, kinds, n, marks):
    prefer_wide()
    for i in range(n):
        marks[i] = kinds[i] == kind


@njit(**FLAGS)
def mark_near_zero(v, x, out, n, marks):
    prefer_wide()
    for i in range(n):
        marks[i] = out[i] * out[i] < NEAR * NEAR * (v[i] * v[i] + x[i] * x[i])


@njit(**FLAGS)
def gather(v, x, marks, n, index, v_work, x_work):
    """Bring the marked points together; how many with padding."""
    m = list_marked(marks, n, index)
    for j in range(m):
        v_work[j] = v[index[j]]
        x_work[j] = x[index[j]]
    return m, pad(v_work, x_work, m)
