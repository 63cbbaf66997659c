// The few loops over a row that take nearly all the time. Each is written so that the compiler turns it into vector
// instructions, and is compiled twice where the platform can choose at load time (no -march flag is needed).
//
// Every row is `width` long, a multiple of `kLanes`; entries past the last node hold `kForbidden`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "integers.hpp"

namespace ticketopt {

constexpr std::ptrdiff_t kLanes = 8;

// The width of a row of so many nodes.
constexpr std::ptrdiff_t padded(std::ptrdiff_t n) { return (n + kLanes - 1) / kLanes * kLanes; }

// Costs stay below 2^53 in absolute value (AssignmentModel checks it), prices below 2^56. So an arc that does not
// exist can be an ordinary number: whatever is added to it, it stays above every reachable label, and never overflows.
constexpr Int kForbidden = Int{1} << 61;
constexpr Int kUnreached = Int{1} << 60;

// Asks the processor to bring what stands here into its cache; only a hint.
inline void prefetch(const void* address) {
#if defined(__GNUC__)
    __builtin_prefetch(address);
#else
    static_cast<void>(address);
#endif
}

// out[b] = cost[b], or kForbidden where allowed[b] is 0; `allowed` may be null.
void copy_row(const Int* cost, const std::uint8_t* allowed, std::ptrdiff_t n, Int* out);

// min over b of row[b] + price[b].
Int lowest_sum(const Int* row, const Int* price, std::ptrdiff_t width);

// least[b] = min(least[b], row[b]).
void lower(Int* least, const Int* row, std::ptrdiff_t width);

// The two lowest of row[b] + price[b] (equal if two b have the lowest).
std::pair<Int, Int> two_lowest_sums(const Int* row, const Int* price, std::ptrdiff_t width);

// The first b >= from with row[b] + price[b] <= value, or width.
std::ptrdiff_t find_sum(const Int* row, const Int* price, Int value, std::ptrdiff_t from, std::ptrdiff_t width);

// arc[b] = min(arc[b], row[b] - own); where that lowers it, witness[b] = ticket.
void lower_arcs(Int* arc, Index* witness, const Int* row, Int own, Index ticket, std::ptrdiff_t width);

// The same, for a ticket that may have been a witness here before, at other costs: such an entry loses its witness.
void lower_arcs_again(Int* arc, Index* witness, const Int* row, Int own, Index ticket, std::ptrdiff_t width);

// The first b >= from with base + arc[b] + price[b] < min(label[b], limit), or width.
std::ptrdiff_t find_shorter(const Int* arc, const Int* price, const Int* label, Int base, Int limit,
                            std::ptrdiff_t from, std::ptrdiff_t width);

// Where base + arc[b] + price[b] < min(label[b], limit), that becomes label[b] and open[b], and `from` parent[b].
void shorten(const Int* arc, const Int* price, Int* label, Int* open, Index* parent, Int base, Int limit, Index from,
             std::ptrdiff_t width);

}  // namespace ticketopt
