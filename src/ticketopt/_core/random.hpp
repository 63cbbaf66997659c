// The random numbers of both engines: the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>

#include "integers.hpp"

namespace ticketopt {

// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t bits() {
        std::uint64_t x = (state_ += 0x9e3779b97f4a7c15U);
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
        return x ^ (x >> 31);
    }
    double unit() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }
    Index below(std::size_t n) { return static_cast<Index>((bits() >> 32) * n >> 32); }

private:
    std::uint64_t state_;
};

}  // namespace ticketopt
