// Trees as tables of edges: (place, sign) -> the place below.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ticketopt::text {

class Edges {
public:
    Edges() : edges_(first_slots) {}
    // Where a sign leads from a place, -1 for nowhere.
    std::int32_t below(std::int32_t place, std::uint32_t sign) const {
        const Edge& edge = edges_[slot(key_of(place, sign))];
        return edge.key == 0 ? -1 : edge.below;
    }
    // The same, where it is to lead to `made` if it leads nowhere yet.
    std::int32_t made_below(std::int32_t place, std::uint32_t sign, std::int32_t made) {
        if (2 * n_edges_ > edges_.size()) grow();
        Edge& edge = edges_[slot(key_of(place, sign))];
        if (edge.key == 0) {
            edge = {key_of(place, sign), made};
            ++n_edges_;
        }
        return edge.below;
    }

private:
    static constexpr std::size_t first_slots = std::size_t{1} << 10;
    struct Edge {
        std::uint64_t key = 0;  // of no edge
        std::int32_t below = 0;
    };
    static std::uint64_t key_of(std::int32_t place, std::uint32_t sign) {
        return (static_cast<std::uint64_t>(place) + 1) << 32U | sign;
    }
    std::size_t slot(std::uint64_t key) const {
        const std::size_t mask = edges_.size() - 1;
        std::size_t at = ((key ^ key >> 29U) * 0x9E3779B97F4A7C15U) >> 32U & mask;
        while (edges_[at].key != 0 && edges_[at].key != key) at = (at + 1) & mask;
        return at;
    }
    void grow() {
        std::vector<Edge> old(4 * edges_.size());
        old.swap(edges_);
        for (const Edge& edge : old) {
            if (edge.key != 0) edges_[slot(edge.key)] = edge;
        }
    }

    std::vector<Edge> edges_;
    std::size_t n_edges_ = 0;
};

}  // namespace ticketopt::text
