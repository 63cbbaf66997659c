#include "network_kernels.hpp"

#include <algorithm>
#include <cstring>

#include "versions.hpp"

// GCC unrolls a short loop before it thinks of vectors, and then finds none.
#if defined(__GNUC__) && !defined(__clang__)
#define TICKETOPT_ROLLED _Pragma("GCC unroll 1")
#else
#define TICKETOPT_ROLLED
#endif

#if defined(_MSC_VER)
#define TICKETOPT_RESTRICT __restrict
#else
#define TICKETOPT_RESTRICT __restrict__
#endif

namespace ticketopt {

TICKETOPT_VERSIONS
void copy_row(const Int* TICKETOPT_RESTRICT cost, const std::uint8_t* TICKETOPT_RESTRICT allowed, std::ptrdiff_t n,
              Int* TICKETOPT_RESTRICT out) {
    if (allowed == nullptr) {
        if (n > 0) std::memcpy(out, cost, z(n) * sizeof(Int));
        return;
    }
    for (std::ptrdiff_t b = 0; b < n; ++b) {
        const Int keep = -static_cast<Int>(allowed[b] != 0);  // all ones, or zero
        out[b] = (cost[b] & keep) | (kForbidden & ~keep);
    }
}

TICKETOPT_VERSIONS
Int lowest_sum(const Int* TICKETOPT_RESTRICT row, const Int* TICKETOPT_RESTRICT price, std::ptrdiff_t width) {
    Int lowest[kLanes];
    for (std::ptrdiff_t k = 0; k < kLanes; ++k) lowest[k] = row[k] + price[k];
    for (std::ptrdiff_t b = kLanes; b < width; b += kLanes) {
        for (std::ptrdiff_t k = 0; k < kLanes; ++k) {
            const Int sum = row[b + k] + price[b + k];
            lowest[k] = sum < lowest[k] ? sum : lowest[k];
        }
    }
    Int result = lowest[0];
    for (std::ptrdiff_t k = 1; k < kLanes; ++k) result = lowest[k] < result ? lowest[k] : result;
    return result;
}

TICKETOPT_VERSIONS
void lower(Int* TICKETOPT_RESTRICT least, const Int* TICKETOPT_RESTRICT row, std::ptrdiff_t width) {
    for (std::ptrdiff_t b = 0; b < width; ++b) least[b] = row[b] < least[b] ? row[b] : least[b];
}

TICKETOPT_VERSIONS
std::pair<Int, Int> two_lowest_sums(const Int* TICKETOPT_RESTRICT row, const Int* TICKETOPT_RESTRICT price,
                                    std::ptrdiff_t width) {
    Int first[kLanes], second[kLanes];
    for (std::ptrdiff_t k = 0; k < kLanes; ++k) first[k] = row[k] + price[k];
    for (std::ptrdiff_t k = 0; k < kLanes; ++k) second[k] = 2 * kForbidden;
    for (std::ptrdiff_t b = kLanes; b < width; b += kLanes) {
        for (std::ptrdiff_t k = 0; k < kLanes; ++k) {
            const Int sum = row[b + k] + price[b + k];
            const Int larger = sum < first[k] ? first[k] : sum;
            second[k] = larger < second[k] ? larger : second[k];
            first[k] = sum < first[k] ? sum : first[k];
        }
    }
    Int low = first[0], next = second[0];
    for (std::ptrdiff_t k = 1; k < kLanes; ++k) {
        next = std::min({next, second[k], std::max(low, first[k])});
        low = std::min(low, first[k]);
    }
    return {low, next};
}

// The searches below test a block of lanes by sign bits, then look inside the one block that has a hit.

TICKETOPT_VERSIONS
std::ptrdiff_t find_sum(const Int* TICKETOPT_RESTRICT row, const Int* TICKETOPT_RESTRICT price, Int value,
                        std::ptrdiff_t from, std::ptrdiff_t width) {
    std::ptrdiff_t b = from;
    for (; b % kLanes != 0; ++b) {
        if (row[b] + price[b] <= value) return b;
    }
    for (; b < width; b += kLanes) {
        Int hit = 0;
        TICKETOPT_ROLLED
        for (std::ptrdiff_t k = 0; k < kLanes; ++k) hit |= row[b + k] + price[b + k] - value - 1;
        if (hit >= 0) continue;
        for (std::ptrdiff_t k = 0; k < kLanes; ++k) {
            if (row[b + k] + price[b + k] <= value) return b + k;
        }
    }
    return width;
}

TICKETOPT_VERSIONS
void lower_arcs(Int* TICKETOPT_RESTRICT arc, Index* TICKETOPT_RESTRICT witness, const Int* TICKETOPT_RESTRICT row,
                Int own, Index ticket, std::ptrdiff_t width) {
    for (std::ptrdiff_t b = 0; b < width; ++b) {
        const Int value = row[b] - own;
        const bool lower = value < arc[b];
        witness[b] = lower ? ticket : witness[b];
        arc[b] = lower ? value : arc[b];
    }
}

TICKETOPT_VERSIONS
void lower_arcs_again(Int* TICKETOPT_RESTRICT arc, Index* TICKETOPT_RESTRICT witness, const Int* TICKETOPT_RESTRICT row,
                      Int own, Index ticket, std::ptrdiff_t width) {
    for (std::ptrdiff_t b = 0; b < width; ++b) {
        const Int value = row[b] - own;
        const Index kept = (witness[b] == ticket) ? -1 : witness[b];
        const bool lower = value <= arc[b];
        witness[b] = lower ? ticket : kept;
        arc[b] = lower ? value : arc[b];
    }
}

TICKETOPT_VERSIONS
std::ptrdiff_t find_shorter(const Int* TICKETOPT_RESTRICT arc, const Int* TICKETOPT_RESTRICT price,
                            const Int* TICKETOPT_RESTRICT label, Int base, Int limit, std::ptrdiff_t from,
                            std::ptrdiff_t width) {
    std::ptrdiff_t b = from;
    for (; b % kLanes != 0; ++b) {
        const Int reach = base + arc[b] + price[b];
        if (reach < label[b] && reach < limit) return b;
    }
    for (; b < width; b += kLanes) {
        Int hit = 0;
        TICKETOPT_ROLLED
        for (std::ptrdiff_t k = 0; k < kLanes; ++k) {
            const Int reach = base + arc[b + k] + price[b + k];
            hit |= (reach - label[b + k]) & (reach - limit);
        }
        if (hit >= 0) continue;
        for (std::ptrdiff_t k = 0; k < kLanes; ++k) {
            const Int reach = base + arc[b + k] + price[b + k];
            if (reach < label[b + k] && reach < limit) return b + k;
        }
    }
    return width;
}

TICKETOPT_VERSIONS
void shorten(const Int* TICKETOPT_RESTRICT arc, const Int* TICKETOPT_RESTRICT price, Int* TICKETOPT_RESTRICT label,
             Int* TICKETOPT_RESTRICT open, Index* TICKETOPT_RESTRICT parent, Int base, Int limit, Index from,
             std::ptrdiff_t width) {
    for (std::ptrdiff_t b = 0; b < width; ++b) {
        const Int reach = base + arc[b] + price[b];
        const bool is_shorter = reach < (label[b] < limit ? label[b] : limit);
        label[b] = is_shorter ? reach : label[b];
        open[b] = is_shorter ? reach : open[b];
        parent[b] = is_shorter ? from : parent[b];
    }
}

}  // namespace ticketopt
