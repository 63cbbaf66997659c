// Step 2, the books: where every ticket is, what the plan costs, and how far it is above capacities and bounds of rows.
#include <algorithm>

#include "gap_search.hpp"

namespace ticketopt::gap {

// Every ticket on its node of a plan, -1 for the exit.
void Search::place_all(const std::vector<Index>& plan) {
    const Index exit = model_.agents;
    place_.assign(z(model_.n), exit);
    position_.assign(z(model_.n), 0);
    load_.assign(z(exit) + 1, 0);
    own_.resize(z(model_.n));
    for (auto& members : members_) members.clear();
    cost_ = over_ = 0;
    used_.assign(z(model_.rows), 0);
    for (Index t = 0; t < model_.n; ++t) {
        const Index node = plan[z(t)] < 0 ? exit : plan[z(t)];
        own_[z(t)] = on_node(t, node);
        place_[z(t)] = node;
        position_[z(t)] = static_cast<Index>(members_[z(node)].size());
        members_[z(node)].push_back(t);
        load_[z(node)] += own_[z(t)].work;
        use_rows(t, node, 1);
        cost_ += own_[z(t)].cost;
    }
    for (Index a = 0; a < exit; ++a) {
        const Int capacity = model_.capacity(a);
        cost_ += filled_[z(a)](std::min(load_[z(a)], capacity));
        over_ += std::max<Int>(0, load_[z(a)] - capacity);
    }
}

// Moves a ticket and keeps the books; the exit has load costs of zero and no end.
void Search::put(Index ticket, Index node) {
    const Index exit = model_.agents, from = place_[z(ticket)];
    const Candidate old = own_[z(ticket)], next = on_node(ticket, node);
    const auto shift = [&](Index a, Int by) {
        if (a == exit) return;
        const Int capacity = model_.capacity(a), before = load_[z(a)], after = before + by;
        cost_ += filled_[z(a)](std::min(after, capacity)) - filled_[z(a)](std::min(before, capacity));
        over_ += std::max<Int>(0, after - capacity) - std::max<Int>(0, before - capacity);
        load_[z(a)] = after;
    };
    shift(from, -old.work);
    shift(node, next.work);
    use_rows(ticket, from, -1);
    use_rows(ticket, node, 1);
    cost_ += next.cost - old.cost;
    std::vector<Index>& left = members_[z(from)];
    const Index last = left.back();
    left[z(position_[z(ticket)])] = last;
    position_[z(last)] = position_[z(ticket)];
    left.pop_back();
    position_[z(ticket)] = static_cast<Index>(members_[z(node)].size());
    members_[z(node)].push_back(ticket);
    place_[z(ticket)] = node;
    own_[z(ticket)] = next;
}

// Adds a pair to the left-hand sides of its rows, or takes it away.
void Search::use_rows(Index ticket, Index node, Int sign) {
    for (const Int e : model_.entries(ticket, node)) {
        const Index r = static_cast<Index>(model_.entry_row[e]);
        const Int bound = model_.row_bound[r], before = used_[z(r)], after = before + sign * model_.coefficient[e];
        over_ += std::max<Int>(0, after - bound) - std::max<Int>(0, before - bound);
        used_[z(r)] = after;
    }
}

// What a ticket's going from one node to another changes in the penalties of rows; a row may hold both pairs.
double Search::row_change(Index ticket, Index from, Index to) const {
    const auto in_row = [&](Int row, const Entries& entries) {
        for (const Int e : entries) {
            if (model_.entry_row[e] == row) return model_.coefficient[e];
        }
        return Int{0};
    };
    const Entries left = model_.entries(ticket, from), reached = model_.entries(ticket, to);
    double total = 0;
    const auto add = [&](Int row, Int by) {
        const Int bound = model_.row_bound[row], used = used_[z(row)];
        const Int more = std::max<Int>(0, used + by - bound) - std::max<Int>(0, used - bound);
        total += row_penalty_[z(row)] * static_cast<double>(more);
    };
    for (const Int e : reached) {
        add(model_.entry_row[e], model_.coefficient[e] - in_row(model_.entry_row[e], left));
    }
    for (const Int e : left) {
        if (in_row(model_.entry_row[e], reached) == 0) add(model_.entry_row[e], -model_.coefficient[e]);
    }
    return total;
}

// Whether an agent has too much since it got this ticket: above its capacity, or above the bound of a row.
bool Search::is_crowded(Index ticket, Index node) const {
    if (node == model_.agents) return false;
    if (load_[z(node)] > model_.capacity(node)) return true;
    for (const Int e : model_.entries(ticket, node)) {
        if (used_[z(model_.entry_row[e])] > model_.row_bound[model_.entry_row[e]]) return true;
    }
    return false;
}

void Search::keep_if_best() {
    if (over_ != 0 || cost_ >= best_cost_) return;
    best_cost_ = cost_;
    best_ = place_;
    for (Index& node : best_) node = node == model_.agents ? -1 : node;
}

}  // namespace ticketopt::gap
