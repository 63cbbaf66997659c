// The nodes that a shortest path search has reached and not yet looked at, nearest first; of equally near ones the one
// of lower index. A heap while few are reached; where many labels fall again and again, a row that is scanned instead.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "network_kernels.hpp"

namespace ticketopt {

class Frontier {
public:
    explicit Frontier(std::ptrdiff_t width) : open_(z(width), kUnreached), zero_(z(width), 0) {}

    void clear() {
        if (is_scanned_) {
            std::fill(open_.begin(), open_.end(), kUnreached);
        } else {
            for (const auto& entry : heap_) open(entry.second) = kUnreached;
        }
        heap_.clear();
        is_scanned_ = false;
    }

    void push(Index node, Int distance) {
        open(node) = distance;
        if (is_scanned_) return;
        heap_.emplace_back(distance, node);
        std::push_heap(heap_.begin(), heap_.end(), is_later);
        if (heap_.size() > open_.size()) is_scanned_ = true;
    }

    // Whether it is a row now; then others may write into it: the distance of every node reached and not looked at.
    bool is_scanned() const { return is_scanned_; }
    Int* row() { return open_.data(); }

    // The nearest node and its distance, if that is below the limit; else node -1.
    std::pair<Int, Index> pop(Int limit) {
        const std::ptrdiff_t width = static_cast<std::ptrdiff_t>(open_.size());
        if (is_scanned_) {
            const Int distance = lowest_sum(open_.data(), zero_.data(), width);
            if (distance >= limit) return {distance, -1};
            const auto node = static_cast<Index>(find_sum(open_.data(), zero_.data(), distance, 0, width));
            open(node) = kUnreached;
            return {distance, node};
        }
        while (!heap_.empty() && heap_.front().first < limit) {
            const auto [distance, node] = heap_.front();
            std::pop_heap(heap_.begin(), heap_.end(), is_later);
            heap_.pop_back();
            if (open(node) != distance) continue;  // reached on a shorter way since, or looked at
            open(node) = kUnreached;
            return {distance, node};
        }
        return {limit, -1};
    }

private:
    static bool is_later(const std::pair<Int, Index>& a, const std::pair<Int, Index>& b) { return a > b; }
    Int& open(Index node) { return open_[z(node)]; }

    std::vector<Int> open_, zero_;  // distance of every node reached and not looked at, else kUnreached
    std::vector<std::pair<Int, Index>> heap_;
    bool is_scanned_ = false;
};

}  // namespace ticketopt
