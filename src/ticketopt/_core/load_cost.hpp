// An agent's load cost: a convex function of its units, not a list. See `LoadCost` in Python, whose arrays these are.
#pragma once

#include <cstdint>

#include "integers.hpp"

namespace ticketopt {

// From unit `begin` on, until the next segment begins: scale * floor((first + step * (unit - begin)) / parts) + shift.
struct Segment {
    Int begin, first, step, parts, scale, shift;
    Int cost(Int unit) const {
        const Int top = first + step * (unit - begin);
        const Int quotient = top / parts;
        return scale * (quotient - (top % parts < 0 ? 1 : 0)) + shift;
    }
};

// The first `size` units of an agent, whose costs never fall. `whole` > 0: a sample of m of n units, where unit k
// stands for unit (k + 1/2) n/m - 1/2 of `whole`.
struct Slots {
    const Segment* segments = nullptr;
    Int n_segments = 0, size = 0;
    Int n = 1, m = 1, whole = 0;

    Int cost(Int unit) const {
        if (whole > 0) {
            unit = ((2 * unit + 1) * n - m) / (2 * m);
            if (unit >= whole) unit = whole - 1;
        }
        return segment(unit).cost(unit);
    }
    // How many of the units satisfy what the first ones do and the others do not.
    template <typename Is>
    Int count(Is is, Int from = 0) const {
        Int low = from, high = size;
        while (low < high) {
            const Int middle = low + (high - low) / 2;
            if (is(cost(middle))) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
    // Calls see(cost) for every unit in turn, without a division per unit; not of a sample.
    template <typename See>
    void each(See see) const {
        for (Int r = 0; r < n_segments && segments[r].begin < size; ++r) {
            const Segment& segment = segments[r];
            const Int end = r + 1 < n_segments && segments[r + 1].begin < size ? segments[r + 1].begin : size;
            Int cost = segment.cost(segment.begin), rest = segment.first % segment.parts;
            if (rest < 0) rest += segment.parts;
            const Int rise = segment.scale * (segment.step / segment.parts), part = segment.step % segment.parts;
            for (Int unit = segment.begin; unit < end; ++unit) {
                see(cost);
                cost += rise;
                rest += part;
                if (rest >= segment.parts) {
                    rest -= segment.parts;
                    cost += segment.scale;
                }
            }
        }
    }
    // Cost of the first `units`; not of a sample.
    Int total(Int units) const {
        Int sum = 0;
        for (Int r = 0; r < n_segments && segments[r].begin < units; ++r) {
            const Int end = r + 1 < n_segments && segments[r + 1].begin < units ? segments[r + 1].begin : units;
            sum += segments[r].scale * floor_sum(end - segments[r].begin, segments[r]) +
                   segments[r].shift * (end - segments[r].begin);
        }
        return sum;
    }

private:
    const Segment& segment(Int unit) const {
        Int low = 0, high = n_segments;  // the last segment that begins at or before the unit
        while (high - low > 1) {
            const Int middle = (low + high) / 2;
            if (segments[middle].begin <= unit) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return segments[low];
    }
    // Euclid's algorithm on the lattice points under a line (Graham, Knuth and Patashnik 1994, section 3.5), modulo
    // 2^64.
    static Int floor_sum(Int count, const Segment& segment) {
        const Int rest = segment.first % segment.parts, low = rest < 0 ? rest + segment.parts : rest;
        std::uint64_t n = static_cast<std::uint64_t>(count), m = static_cast<std::uint64_t>(segment.parts);
        std::uint64_t a = static_cast<std::uint64_t>(segment.step), b = static_cast<std::uint64_t>(low);
        std::uint64_t sum = n * static_cast<std::uint64_t>((segment.first - low) / segment.parts);
        while (n != 0) {
            const std::uint64_t pairs = n % 2 == 0 ? n / 2 * (n - 1) : n * ((n - 1) / 2);
            sum += pairs * (a / m) + n * (b / m);
            a %= m;
            b %= m;
            const std::uint64_t top = a * n + b;
            if (top < m) break;
            n = top / m;
            b = top % m;
            const std::uint64_t swapped = m;
            m = a;
            a = swapped;
        }
        return static_cast<Int>(sum);
    }
};

}  // namespace ticketopt
