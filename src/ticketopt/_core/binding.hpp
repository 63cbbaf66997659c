// What the bindings share: arrays in, arrays out, and when to stop.
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

#include "integers.hpp"
#include "load_cost.hpp"
#include "owned_array.hpp"
#include "require.hpp"
#include "stopping.hpp"

namespace ticketopt::binding {

namespace nb = nanobind;
using Ints = nb::ndarray<const Int, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Indices = nb::ndarray<const Index, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Matrix = nb::ndarray<const Int, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Mask = nb::ndarray<const bool, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Flags = nb::ndarray<const bool, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

using ticketopt::require;

inline const std::uint8_t* bytes(const bool* flags) { return reinterpret_cast<const std::uint8_t*>(flags); }

// The units of one agent, whose segments are the rows first .. last - 1. That costs never fall is `LoadCost`'s to check.
inline Slots checked_slots(Int capacity, const Matrix& segments, Int first, Int last) {
    require(segments.shape(1) == sizeof(Segment) / sizeof(Int), "segments must have six columns");
    require(0 <= first && first < last && last <= static_cast<Int>(segments.shape(0)),
            "every agent needs a segment of its own");
    require(capacity >= 0, "capacity must not be negative");
    const Segment* own = reinterpret_cast<const Segment*>(segments.data()) + first;
    require(own->begin == 0, "an agent's first segment must begin at 0");
    for (Int r = 0; r < last - first; ++r) {
        require(own[r].parts >= 1 && own[r].step >= 0 && own[r].scale >= 0, "a segment must not fall");
        require(r == 0 || own[r - 1].begin < own[r].begin, "segments must follow one another");
    }
    return {own, last - first, capacity};
}

inline std::vector<Slots> slots_of(const Ints& capacity, const Ints& segment_start, const Matrix& segments) {
    const std::size_t n_agents = capacity.shape(0);
    require(segment_start.shape(0) == n_agents + 1, "segment_start must have one entry per agent and one more");
    std::vector<Slots> slots;
    slots.reserve(n_agents);
    for (std::size_t a = 0; a < n_agents; ++a) {
        slots.push_back(checked_slots(capacity(a), segments, segment_start(a), segment_start(a + 1)));
    }
    return slots;
}

// The shapes that both engines read. Efforts and rows are the business of one of them.
inline void check_shapes(const Matrix& cost, const std::optional<Mask>& allowed, const Ints& capacity,
                         const Ints& exit_cost) {
    const std::size_t n = cost.shape(0), n_agents = cost.shape(1);
    require(n < (std::size_t{1} << 30) && n_agents < (std::size_t{1} << 20), "too many tickets or agents");
    require(capacity.shape(0) == n_agents, "capacity must have one entry per agent");
    require(exit_cost.shape(0) == n, "exit_cost must have one entry per ticket");
    require(!allowed || (allowed->shape(0) == n && allowed->shape(1) == n_agents),
            "allowed must have the shape of cost");
}

// A plan or prices as Python reads them: -1 where the value is `left_out`.
template <typename Value>
nb::object to_array(const std::vector<Value>& values, Value left_out) {
    std::vector<Int> whole(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) whole[i] = values[i] == left_out ? -1 : Int{values[i]};
    return owned_array(std::move(whole));
}

// When a computation must end: at the time limit, or when Python has a signal (Ctrl-C) waiting, or when the caller says
// so; the last two are looked at from time to time. Made and destroyed while Python's lock is held.
class StopCriterion {
public:
    StopCriterion(std::optional<double> seconds, nb::object is_stopped)
        : start_(Steady::now()), asked_(start_), seconds_(seconds), is_stopped_(std::move(is_stopped)) {}
    bool is_met() {
        if (is_interrupted_) return true;  // the signal is raised in Python once the caller has its lock again
        const auto now = Steady::now();
        if (seconds_ && std::chrono::duration<double>(now - start_).count() > *seconds_) return true;
        if (now - asked_ < std::chrono::milliseconds(50)) return false;
        asked_ = now;
        nb::gil_scoped_acquire held;
        is_interrupted_ = PyErr_CheckSignals() != 0;
        return is_interrupted_ || (!is_stopped_.is_none() && nb::cast<bool>(is_stopped_()));
    }
    bool is_interrupted() const { return is_interrupted_; }

private:
    using Steady = std::chrono::steady_clock;
    Steady::time_point start_, asked_;
    std::optional<double> seconds_;
    nb::object is_stopped_;
    bool is_interrupted_ = false;
};

// The answer of `compute(is_stopped)`, which runs without Python's lock; then raises what a signal raised meanwhile.
template <typename Compute>
auto compute_unlocked(std::optional<double> seconds, nb::object is_stopped, const Compute& compute) {
    StopCriterion criterion(seconds, std::move(is_stopped));
    auto answer = [&] {
        nb::gil_scoped_release released;
        return compute(IsStopped([&criterion] { return criterion.is_met(); }));
    }();
    if (criterion.is_interrupted()) throw nb::python_error();
    return answer;
}

}  // namespace ticketopt::binding
