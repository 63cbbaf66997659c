#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace ticketopt {

namespace nb = nanobind;

// The values as a NumPy array of that shape that owns them.
template <typename Value, std::size_t n_axes>
nb::object owned_array(std::vector<Value> values, const std::size_t (&shape)[n_axes]) {
    auto owned = std::make_unique<std::vector<Value>>(std::move(values));
    Value* data = owned->data();
    nb::capsule owner(owned.release(), [](void* p) noexcept { delete static_cast<std::vector<Value>*>(p); });
    return nb::cast(nb::ndarray<nb::numpy, Value, nb::ndim<n_axes>>(data, n_axes, shape, owner));
}

template <typename Value>
nb::object owned_array(std::vector<Value> values) {
    const std::size_t size = values.size();
    return owned_array(std::move(values), {size});
}

}  // namespace ticketopt
