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
