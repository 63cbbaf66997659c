// The integers of both engines.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ticketopt {

using Int = std::int64_t;    // costs, prices, units
using Index = std::int32_t;  // tickets, agents, nodes, rows

// A number that is not negative, as an index of a standard container (C++23 writes such literals 0z).
inline std::size_t z(std::ptrdiff_t i) { return static_cast<std::size_t>(i); }

}  // namespace ticketopt
