// Step 2: shortest augmenting paths between nodes, with prices.
#include <algorithm>
#include <utility>

#include "network.hpp"

namespace ticketopt {

// 2. Repair.
void Network::repair(WorkCounter& counter) {
    for (Index u = 0; u <= n_agents_; ++u) {
        while (excess_[z(u)] > 0) augment_from(u, counter);
    }
    deficits_.clear();
}

void Network::augment_from(Index source, WorkCounter& counter) {
    // 2a. Dijkstra from the source, to the nearest node with a deficit. There always is one: every ticket may leave for
    //     the exit, and from the exit every filled slot may be freed.
    delta_ = kUnreached;
    target_ = -1;
    frontier_.clear();
    touched_.clear();
    popped_.clear();
    label(source, 0, -1, -1);
    for (;;) {
        const auto [distance, u] = frontier_.pop(delta_);
        if (u < 0) break;
        popped_.push_back(u);
        if (!is_computed_[z(u)] && !members_[z(u)].empty() && !has_few_pairs(u)) compute_row(u, counter);
        relax(u, distance);
        counter.add(width_ + 8 * std::exchange(scanned_, 0));
    }

    // 2b. Nodes nearer than the target get dearer, until all arcs of the path are tight.
    for (const Index u : popped_) price_[z(u)] += delta_ - label_[z(u)];
    for (const Index u : touched_) label_[z(u)] = kUnreached;

    // 2c. Move; and again, as long as both ends need it and other tickets keep all arcs tight (equal tickets do).
    do {
        push_along_path(source);
        counter.add(width_);
    } while (excess_[z(source)] > 0 && excess_[z(target_)] < 0 && is_path_tight(source));
}

bool Network::has_few_pairs(Index node) const {
    if (!costs_.is_sparse()) return false;
    std::ptrdiff_t pairs = 0;
    for (const Index t : members_[z(node)]) {
        pairs += costs_.n_stored(t) + 1;
        if (pairs > width_) return false;
    }
    return true;
}

void Network::relax(Index u, Int distance) {
    const Int base = distance - price_[z(u)];

    // By slots.
    if (u != n_agents_) {
        const Int reach = base + fill_cost_[z(u)] + price_[z(n_agents_)];
        if (reach < std::min(label_[z(n_agents_)], delta_)) label(n_agents_, reach, u, -1);
    } else {
        for (std::ptrdiff_t v = -1; (v = find_shorter(free_cost_.data(), price_.data(), label_.data(), base, delta_,
                                                      v + 1, width_)) < width_;) {
            label(static_cast<Index>(v), base + free_cost_[z(v)] + price_[z(v)], u, -1);
        }
    }

    // By tickets.
    if (is_computed_[z(u)]) {
        relax_by_arcs(u, distance);
    } else {
        relax_by_pairs(u, distance);
    }
}

// From the source first to the nodes with a deficit: that bounds all later labels.
void Network::relax_by_arcs(Index u, Int distance) {
    const Int base = distance - price_[z(u)];
    const Int* arcs = arc(u);
    const auto reach_by_ticket = [&](Index v) {
        if (refresh(u, v) && base + arcs[v] + price_[z(v)] >= std::min(label_[z(v)], delta_)) return;
        label(v, base + arcs[v] + price_[z(v)], u, witness(u)[v]);
    };
    if (distance == 0) {
        for (const Index v : deficits_) {
            if (excess_[z(v)] < 0 && base + arcs[v] + price_[z(v)] < std::min(label_[z(v)], delta_)) reach_by_ticket(v);
        }
    }
    for (std::ptrdiff_t v = -1;
         (v = find_shorter(arcs, price_.data(), label_.data(), base, delta_, v + 1, width_)) < width_;) {
        reach_by_ticket(static_cast<Index>(v));
    }
}

void Network::relax_by_pairs(Index u, Int distance) {
    for (const Index t : members_[z(u)]) {
        const Int base = distance - price_[z(u)] - own_[z(t)];
        row(t).each([&](Index v, Int cost) {
            const Int reach = base + cost + price_[z(v)];
            if (reach < std::min(label_[z(v)], delta_)) label(v, reach, u, t);
        });
    }
}

void Network::label(Index v, Int distance, Index parent, Index ticket) {
    if (label_[z(v)] == kUnreached) touched_.push_back(v);
    label_[z(v)] = distance;
    parent_[z(v)] = parent;
    mover_[z(v)] = ticket;
    if (excess_[z(v)] < 0) {
        delta_ = distance;
        target_ = v;
    } else {
        frontier_.push(v, distance);
    }
}

bool Network::is_fill(Index u, Index v) const {
    return v == n_agents_ && fill_cost_[z(u)] + price_[z(v)] == price_[z(u)];
}

bool Network::is_free(Index u, Index v) const {
    return u == n_agents_ && free_cost_[z(v)] + price_[z(v)] == price_[z(u)];
}

void Network::push_along_path(Index source) {
    for (Index v = target_; v != source; v = parent_[z(v)]) {
        const Index u = parent_[z(v)];
        if (is_fill(u, v)) {
            set_filled(u, filled_[z(u)] + 1);
        } else if (is_free(u, v)) {
            set_filled(v, filled_[z(v)] - 1);
        } else {
            const Index ticket = mover_[z(v)];
            if (on_move) on_move(ticket, u);
            detach(ticket);
            attach(ticket, v, row(ticket));
        }
    }
    set_excess(source, excess_[z(source)] - 1);
    set_excess(target_, excess_[z(target_)] + 1);
}

bool Network::is_path_tight(Index source) {
    for (Index v = target_; v != source; v = parent_[z(v)]) {
        const Index u = parent_[z(v)];
        if (is_fill(u, v) || is_free(u, v)) continue;
        mover_[z(v)] = tight_ticket(u, v);
        if (mover_[z(v)] < 0) return false;
    }
    return true;
}

Index Network::tight_ticket(Index u, Index v) {
    if (is_computed_[z(u)]) {
        if (arc(u)[v] + price_[z(v)] > price_[z(u)]) return -1;
        return refresh(u, v) && arc(u)[v] + price_[z(v)] > price_[z(u)] ? -1 : witness(u)[v];
    }
    if (!costs_.is_sparse()) return -1;
    for (const Index t : members_[z(u)]) {
        if (at(t, v) - own_[z(t)] + price_[z(v)] == price_[z(u)]) return t;
    }
    return -1;
}

}  // namespace ticketopt
