// An agent's load cost: a convex function of its units, not a list. See `LoadCost` in Python, whose arrays these are.
#pragma once

#include <cstdint>

#include "integers.hpp"

namespace ticketopt {

// From unit `begin` on, until the next run begins: scale * floor((first + step * (unit - begin)) / parts) + shift.
struct Run {
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
    const Run* runs = nullptr;
    Int n_runs = 0, size = 0;
    Int n = 1, m = 1, whole = 0;

    Int cost(Int unit) const {
        if (whole > 0) {
            unit = ((2 * unit + 1) * n - m) / (2 * m);
            if (unit >= whole) unit = whole - 1;
        }
        return run(unit).cost(unit);
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
        for (Int r = 0; r < n_runs && runs[r].begin < size; ++r) {
            const Run& run = runs[r];
            const Int end = r + 1 < n_runs && runs[r + 1].begin < size ? runs[r + 1].begin : size;
            Int cost = run.cost(run.begin), rest = run.first % run.parts;
            if (rest < 0) rest += run.parts;
            const Int rise = run.scale * (run.step / run.parts), part = run.step % run.parts;
            for (Int unit = run.begin; unit < end; ++unit) {
                see(cost);
                cost += rise;
                rest += part;
                if (rest >= run.parts) {
                    rest -= run.parts;
                    cost += run.scale;
                }
            }
        }
    }
    // Cost of the first `units`; not of a sample.
    Int total(Int units) const {
        Int sum = 0;
        for (Int r = 0; r < n_runs && runs[r].begin < units; ++r) {
            const Int end = r + 1 < n_runs && runs[r + 1].begin < units ? runs[r + 1].begin : units;
            sum += runs[r].scale * floor_sum(end - runs[r].begin, runs[r]) + runs[r].shift * (end - runs[r].begin);
        }
        return sum;
    }

private:
    const Run& run(Int unit) const {
        Int low = 0, high = n_runs;  // the last run that begins at or before the unit
        while (high - low > 1) {
            const Int middle = (low + high) / 2;
            if (runs[middle].begin <= unit) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return runs[low];
    }
    // Euclid's algorithm on the lattice points under a line (Graham, Knuth and Patashnik 1994, section 3.5), modulo
    // 2^64.
    static Int floor_sum(Int count, const Run& run) {
        const Int rest = run.first % run.parts, low = rest < 0 ? rest + run.parts : rest;
        std::uint64_t n = static_cast<std::uint64_t>(count), m = static_cast<std::uint64_t>(run.parts);
        std::uint64_t a = static_cast<std::uint64_t>(run.step), b = static_cast<std::uint64_t>(low);
        std::uint64_t sum = n * static_cast<std::uint64_t>((run.first - low) / run.parts);
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
