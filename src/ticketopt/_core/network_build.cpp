// Step 1 and the small changes: who is where, which slots are filled, and the books that follow from it.
#include <algorithm>

#include "network.hpp"

namespace ticketopt {

Network::Network(CostView costs, Index n_agents, Index reserve)
    : n_agents_(n_agents), width_(padded(n_agents + 1)), frontier_(width_) {
    const std::size_t nodes = z(n_agents + 1), wide = z(width_);
    for (auto* values : {&price_, &excess_}) values->assign(wide, 0);
    for (auto* values : {&fill_cost_, &free_cost_}) values->assign(wide, kForbidden);
    label_.assign(wide, kUnreached);
    filled_.assign(nodes, 0);
    room_.assign(nodes, 0);
    parent_.assign(nodes, -1);
    mover_.assign(nodes, -1);
    members_.resize(nodes);
    slots_.resize(nodes);
    is_computed_.assign(nodes, 0);
    arc_.resize(nodes);
    witness_.resize(nodes);
    buffer_.assign(wide, kForbidden);
    set_costs(costs, reserve);
}

void Network::set_costs(CostView costs, Index reserve) {
    costs_ = costs;
    if (z(reserve) <= place_.size()) return;
    place_.resize(z(reserve), -1);
    position_.resize(z(reserve), -1);
    own_.resize(z(reserve), 0);
}

std::pair<Int, Int> Network::paid_slots(const Slots& slots, Int price) {
    const Int less = slots.count([price](Int cost) { return cost < price; });
    return {less, slots.count([price](Int cost) { return cost <= price; }, less)};
}

// 1. Build.
void Network::build(const Index* order, Index n, std::vector<Slots> slots, WorkCounter& counter) {
    // 1a. Empty the nodes; note how many tickets each agent's price has room for. The exit has none to spare: of tied
    //     nodes an agent with room is better.
    slots_ = std::move(slots);
    slots_.resize(members_.size());
    std::fill(place_.begin(), place_.end(), -1);
    std::fill(is_computed_.begin(), is_computed_.end(), char{0});
    for (auto& list : members_) list.clear();
    for (Index a = 0; a < n_agents_; ++a) {
        room_[z(a)] = paid_slots(slots_[z(a)], price_[z(a)] - price_[z(n_agents_)]).second;
    }
    room_[z(n_agents_)] = 0;

    // 1b. Every ticket to its best node.
    for (Index i = 0; i < n; ++i) {
        const Index ticket = order == nullptr ? i : order[i];
        if (order != nullptr && i + 1 < n) fetch_early(order[i + 1]);
        const Row costs = row(ticket);
        const Index node = best_node(costs);
        if (node < n_agents_) --room_[z(node)];
        place_[z(ticket)] = node;
        own_[z(ticket)] = costs.at(node);
        position_[z(ticket)] = static_cast<Index>(members_[z(node)].size());
        members_[z(node)].push_back(ticket);
        counter.add(width_);
    }

    // 1c. Every agent fills the slots that its price pays for, and of those that it just pays for as many as it needs.
    deficits_.clear();
    std::fill(excess_.begin(), excess_.end(), Int{0});
    for (Index a = 0; a < n_agents_; ++a) refill(a, slots_[z(a)]);
}

Index Network::best_node(const Row& costs) const {
    const Int value = costs.lowest_sum(price_.data());
    std::ptrdiff_t node = costs.find_sum(price_.data(), value, 0);
    for (std::ptrdiff_t b = node; (b = costs.find_sum(price_.data(), value, b + 1)) < width_;) {
        if (room_[z(b)] > room_[z(node)]) node = b;
    }
    return static_cast<Index>(node);
}

void Network::refill(Index agent, Slots slots) {
    const Int load = static_cast<Int>(members_[z(agent)].size());
    slots_[z(agent)] = slots;
    const auto [least, most] = paid_slots(slots, price_[z(agent)] - price_[z(n_agents_)]);
    const Int filled = std::clamp(load, least, most);
    set_filled(agent, filled);
    room_[z(agent)] = most - load;
    const Int change = load - filled - excess_[z(agent)];
    set_excess(agent, excess_[z(agent)] + change);
    set_excess(n_agents_, excess_[z(n_agents_)] - change);
}

void Network::set_filled(Index agent, Int filled) {
    const Slots& slots = slots_[z(agent)];
    filled_[z(agent)] = filled;
    fill_cost_[z(agent)] = filled < slots.size ? slots.cost(filled) : kForbidden;
    free_cost_[z(agent)] = filled > 0 ? -slots.cost(filled - 1) : kForbidden;
}

// Keeps the list of nodes with a deficit; a node stands in it at most once, and may stand there without a deficit.
void Network::set_excess(Index node, Int excess) {
    if (excess < 0 && excess_[z(node)] >= 0) deficits_.push_back(node);
    excess_[z(node)] = excess;
    if (deficits_.size() <= z(2 * width_)) return;
    std::sort(deficits_.begin(), deficits_.end());
    deficits_.erase(std::unique(deficits_.begin(), deficits_.end()), deficits_.end());
    const auto is_settled = [this](Index v) { return excess_[z(v)] >= 0; };
    deficits_.erase(std::remove_if(deficits_.begin(), deficits_.end(), is_settled), deficits_.end());
}

Int Network::excess() const {
    Int units = 0;
    for (const Int node : excess_) units += std::max(node, Int{0});
    return units;
}

void Network::detach(Index ticket) {
    auto& list = members_[z(place_[z(ticket)])];
    const Index at = position_[z(ticket)];
    list[z(at)] = list.back();
    position_[z(list[z(at)])] = at;
    list.pop_back();
    place_[z(ticket)] = -1;
}

void Network::attach(Index ticket, Index node, const Row& costs) {
    auto& list = members_[z(node)];
    place_[z(ticket)] = node;
    position_[z(ticket)] = static_cast<Index>(list.size());
    own_[z(ticket)] = costs.at(node);
    list.push_back(ticket);
    if (is_computed_[z(node)]) costs.lower_arcs(arc(node), witness(node), own_[z(ticket)], ticket, true);
}

void Network::compute_row(Index node, WorkCounter& counter) {
    arc_[z(node)].assign(z(width_), kForbidden);
    witness_[z(node)].assign(z(width_), -1);
    const auto& list = members_[z(node)];
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Index ticket = list[i];
        if (i + 1 < list.size()) fetch_early(list[i + 1]);
        row(ticket).lower_arcs(arc(node), witness(node), own_[z(ticket)], ticket, false);
        counter.add(width_);
    }
    is_computed_[z(node)] = 1;
}

bool Network::refresh(Index u, Index v) {
    const Index known = witness(u)[v];
    if (known >= 0 && place_[z(known)] == u) return false;
    const Int bound = arc(u)[v];
    Int least = kForbidden;
    Index ticket = -1;
    scanned_ += static_cast<std::ptrdiff_t>(members_[z(u)].size());
    const auto look = [&](auto cost_at) {
        for (const Index t : members_[z(u)]) {
            const Int cost = cost_at(t);
            if (cost == kForbidden || cost - own_[z(t)] >= least) continue;
            least = cost - own_[z(t)];
            ticket = t;
            if (least == bound) break;  // no ticket can be below the bound
        }
    };
    if (costs_.is_sparse()) {
        look([&](Index t) { return costs_.stored_at(t, v, n_agents_); });
    } else {
        look([&](Index t) { return costs_.matrix_at(t, v, n_agents_); });
    }
    arc(u)[v] = least;
    witness(u)[v] = ticket;
    return least > bound;
}

void Network::normalize() {
    const Int base = price_[z(n_agents_)];
    if (base == 0) return;
    for (Index u = 0; u <= n_agents_; ++u) price_[z(u)] -= base;
}

void Network::arrive(Index ticket, Index first) {
    const Row costs = row(ticket);
    Index node = best_node(costs);
    if (first >= 0 && costs.at(first) + price_[z(first)] == costs.at(node) + price_[z(node)]) node = first;
    attach(ticket, node, costs);
    if (node < n_agents_) refill(node, slots_[z(node)]);
}

void Network::leave(Index ticket) {
    const Index node = place_[z(ticket)];
    detach(ticket);
    if (node < n_agents_) refill(node, slots_[z(node)]);
}

void Network::forget(Index ticket) {
    const Index node = place_[z(ticket)];
    own_[z(ticket)] = at(ticket, node);
    if (!is_computed_[z(node)]) return;
    std::replace(witness(node), witness(node) + width_, ticket, Index{-1});
}

void Network::open(Index agent, WorkCounter& counter) {
    Int price = -kForbidden;
    is_computed_[z(agent)] = 0;
    for (Index u = 0; u <= n_agents_; ++u) {
        if (u == agent || members_[z(u)].empty()) continue;
        if (!is_computed_[z(u)]) compute_row(u, counter);
        arc(u)[agent] = -kForbidden;  // below every value, so that the scan is complete
        witness(u)[agent] = -1;
        refresh(u, agent);
        if (arc(u)[agent] < kUnreached) price = std::max(price, price_[z(u)] - arc(u)[agent]);
    }
    price_[z(agent)] = price > -kUnreached ? price : price_[z(n_agents_)];
}

void Network::close(Index agent) {
    for (Index u = 0; u <= n_agents_; ++u) {
        if (!is_computed_[z(u)]) continue;
        arc(u)[agent] = kForbidden;
        witness(u)[agent] = -1;
    }
}

}  // namespace ticketopt
