// What the bindings share: arrays in, arrays out, and the question whether to go on.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "load_cost.hpp"

namespace ticketopt::binding {

namespace nb = nanobind;
using Int = std::int64_t;

using Ints = nb::ndarray<const Int, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Matrix = nb::ndarray<const Int, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Mask = nb::ndarray<const bool, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Flags = nb::ndarray<const bool, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

inline void require(bool condition, const char* message) {
    if (!condition) throw std::invalid_argument(message);
}

inline const std::uint8_t* bytes(const bool* flags) { return reinterpret_cast<const std::uint8_t*>(flags); }

// The units of one agent, whose runs are the rows first .. last - 1. That costs never fall is `LoadCost`'s to check.
inline Slots checked_slots(Int capacity, const Matrix& runs, Int first, Int last) {
    require(runs.shape(1) == sizeof(Run) / sizeof(Int), "runs must have six columns");
    require(0 <= first && first < last && last <= static_cast<Int>(runs.shape(0)),
            "every agent needs a run of its own");
    require(capacity >= 0, "capacity must not be negative");
    const Run* own = reinterpret_cast<const Run*>(runs.data()) + first;
    require(own->begin == 0, "an agent's first run must begin at 0");
    for (Int r = 0; r < last - first; ++r) {
        require(own[r].parts >= 1 && own[r].step >= 0 && own[r].scale >= 0, "a run must not fall");
        require(r == 0 || own[r - 1].begin < own[r].begin, "runs must follow one another");
    }
    return {own, last - first, capacity};
}

inline std::vector<Slots> slots_of(const Ints& capacity, const Ints& run_start, const Matrix& runs) {
    const std::size_t n_agents = capacity.shape(0);
    require(run_start.shape(0) == n_agents + 1, "run_start must have one entry per agent and one more");
    std::vector<Slots> slots;
    for (std::size_t a = 0; a < n_agents; ++a) {
        slots.push_back(checked_slots(capacity(a), runs, run_start(a), run_start(a + 1)));
    }
    return slots;
}

template <typename Value>
nb::object to_array(const std::vector<Value>& values, Value left_out) {
    auto* owned = new std::vector<Int>(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) (*owned)[i] = values[i] == left_out ? -1 : Int{values[i]};
    nb::capsule owner(owned, [](void* p) noexcept { delete static_cast<std::vector<Int>*>(p); });
    return nb::cast(nb::ndarray<nb::numpy, Int, nb::ndim<1>>(owned->data(), {owned->size()}, owner));
}

// Says whether to go on: the time limit, and from time to time whether Python has a signal (Ctrl-C) waiting, or the
// caller wants to stop. Made and destroyed while Python's lock is held.
class Patience {
public:
    explicit Patience(std::optional<double> seconds, nb::object is_stopped = nb::none())
        : start_(Steady::now()), asked_(start_), seconds_(seconds), is_stopped_(std::move(is_stopped)) {}
    bool operator()() {
        if (is_interrupted) return false;  // the signal is raised in Python once the caller has its lock again
        const auto now = Steady::now();
        if (seconds_ && std::chrono::duration<double>(now - start_).count() > *seconds_) return false;
        if (now - asked_ < std::chrono::milliseconds(50)) return true;
        asked_ = now;
        nb::gil_scoped_acquire held;
        is_interrupted = PyErr_CheckSignals() != 0;
        return !is_interrupted && (is_stopped_.is_none() || !nb::cast<bool>(is_stopped_()));
    }
    bool is_interrupted = false;

private:
    using Steady = std::chrono::steady_clock;
    Steady::time_point start_, asked_;
    std::optional<double> seconds_;
    nb::object is_stopped_;
};

}  // namespace ticketopt::binding
