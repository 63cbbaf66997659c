// Where costs are read: a matrix, or stored pairs.
//
// Of a matrix, a row has a number for every node, up to the width, and the vectorized loops of network_kernels.hpp work
// on it. Of stored pairs (compressed sparse rows), a row has the agents that the ticket may go to, in ascending order,
// and the loops here look at those alone.
#pragma once

#include <algorithm>
#include <limits>
#include <utility>

#include "network_kernels.hpp"

namespace ticketopt {

class Row {
public:
    // A cost for every node, then kForbidden up to the width.
    Row(const Int* cost, std::ptrdiff_t width) : cost_(cost), size_(width) {}
    // Costs at some agents, and at the exit; `exit_node` -1 for no exit.
    Row(const Int* cost, const Index* agent, std::ptrdiff_t size, Index exit_node, Int exit)
        : cost_(cost), agent_(agent), size_(size), exit_node_(exit_node), exit_(exit) {}

    bool is_sparse() const { return agent_ != nullptr; }

    Int at(Index node) const {
        if (agent_ == nullptr) return cost_[node];
        if (node == exit_node_) return exit_;
        const Index* found = std::lower_bound(agent_, agent_ + size_, node);
        return found < agent_ + size_ && *found == node ? cost_[found - agent_] : kForbidden;
    }
    // Calls see(node, cost) for every stored pair and the exit; of sparse rows alone.
    template <typename See>
    void each(See see) const {
        for (std::ptrdiff_t k = 0; k < size_; ++k) see(agent_[k], cost_[k]);
        if (exit_node_ >= 0) see(exit_node_, exit_);
    }
    // The two lowest of cost + price (equal if two nodes have the lowest).
    std::pair<Int, Int> two_lowest_sums(const Int* price) const {
        if (agent_ == nullptr) return ticketopt::two_lowest_sums(cost_, price, size_);
        Int low = kForbidden, next = kForbidden;
        each([&](Index node, Int cost) {
            const Int sum = cost + price[node];
            next = std::min(next, std::max(low, sum));
            low = std::min(low, sum);
        });
        return {low, next};
    }
    Int lowest_sum(const Int* price) const {
        if (agent_ == nullptr) return ticketopt::lowest_sum(cost_, price, size_);
        Int low = kForbidden;
        each([&](Index node, Int cost) { low = std::min(low, cost + price[node]); });
        return low;
    }
    // The first node >= from with cost + price <= value; beyond all nodes if there is none.
    std::ptrdiff_t find_sum(const Int* price, Int value, std::ptrdiff_t from) const {
        if (agent_ == nullptr) return ticketopt::find_sum(cost_, price, value, from, size_);
        const Index* first = from == 0 ? agent_ : std::lower_bound(agent_, agent_ + size_, static_cast<Index>(from));
        for (std::ptrdiff_t k = first - agent_; k < size_; ++k) {
            if (cost_[k] + price[agent_[k]] <= value) return agent_[k];
        }
        if (exit_node_ >= from && exit_node_ >= 0 && exit_ + price[exit_node_] <= value) return exit_node_;
        return std::numeric_limits<Index>::max();
    }
    // As `ticketopt::lower`.
    void lower(Int* least) const {
        if (agent_ == nullptr) return ticketopt::lower(least, cost_, size_);
        each([&](Index node, Int cost) { least[node] = std::min(least[node], cost); });
    }
    // As `ticketopt::lower_arcs` and, `again`, `lower_arcs_again`: costs of stored pairs never change, so that a ticket
    // that comes back is still the right witness.
    void lower_arcs(Int* arc, Index* witness, Int own, Index ticket, bool again) const {
        if (agent_ == nullptr) {
            const auto lower = again ? ticketopt::lower_arcs_again : ticketopt::lower_arcs;
            return lower(arc, witness, cost_, own, ticket, size_);
        }
        each([&](Index node, Int cost) {
            if (cost - own > arc[node] || (!again && cost - own == arc[node])) return;
            arc[node] = cost - own;
            witness[node] = ticket;
        });
    }
    // As `ticketopt::shorten`.
    void shorten(const Int* price, Int* label, Int* open, Index* parent, Int base, Int limit, Index from) const {
        if (agent_ == nullptr) return ticketopt::shorten(cost_, price, label, open, parent, base, limit, from, size_);
        each([&](Index node, Int cost) {
            const Int reach = base + cost + price[node];
            if (reach >= std::min(label[node], limit)) return;
            label[node] = open[node] = reach;
            parent[node] = from;
        });
    }
    // The costs of a matrix's row, by node.
    const Int* dense() const { return cost_; }

private:
    const Int* cost_;
    const Index* agent_ = nullptr;
    std::ptrdiff_t size_;
    Index exit_node_ = -1;
    Int exit_ = kForbidden;
};

// All costs. A matrix has rows of `stride` entries. A whole row (`is_whole`) has every node, the exit too, and fills up
// to the width with kForbidden; otherwise a row has the agents only, and `allowed` (may be null) and `exit` stand apart.
// With stored pairs (`start` is not null) those of ticket t are start[t] .. start[t + 1] - 1 of `agent` and `cost`.
struct CostView {
    const Int* cost = nullptr;
    const std::uint8_t* allowed = nullptr;
    const Int* exit = nullptr;
    std::ptrdiff_t stride = 0;
    bool is_whole = false;
    const Int* start = nullptr;
    const Index* agent = nullptr;

    bool is_sparse() const { return start != nullptr; }
    // Stored pairs of a ticket.
    std::ptrdiff_t n_stored(Index ticket) const { return start[ticket + 1] - start[ticket]; }

    Int at(Index ticket, Index node, Index n_agents) const {
        return is_sparse() ? stored_at(ticket, node, n_agents) : matrix_at(ticket, node, n_agents);
    }
    // The same, for loops that know what they look at.
    Int matrix_at(Index ticket, Index node, Index n_agents) const {
        if (node == n_agents && !is_whole) return exit[ticket];
        const std::ptrdiff_t place = stride * ticket + node;
        return allowed != nullptr && allowed[place] == 0 ? kForbidden : cost[place];
    }
    Int stored_at(Index ticket, Index node, Index n_agents) const { return stored(ticket, n_agents).at(node); }
    // A ticket's costs at the agents and the exit; `buffer` is as wide as the row and kForbidden at its end.
    Row row(Index ticket, Index n_agents, Int* buffer) const {
        if (is_sparse()) return stored(ticket, n_agents);
        if (is_whole) return {cost + stride * ticket, padded(n_agents + 1)};
        copy_agents(ticket, n_agents, buffer);
        buffer[n_agents] = exit[ticket];
        return {buffer, padded(n_agents + 1)};
    }
    // The same without the exit, up to the width of the agents; not of whole rows.
    Row agents_row(Index ticket, Index n_agents, Int* buffer) const {
        if (is_sparse()) return stored(ticket, -1);
        if (allowed == nullptr && padded(n_agents) == n_agents) return {cost + stride * ticket, n_agents};
        copy_agents(ticket, n_agents, buffer);
        return {buffer, padded(n_agents)};
    }
    // Rows in no order are far apart in memory: one that is needed soon is on its way while another is worked on.
    void fetch_early(Index ticket, Index n_agents) const {
        if (is_sparse()) {
            constexpr std::ptrdiff_t kIndexLanes = kLanes * 2;
            for (Int k = start[ticket]; k < start[ticket + 1]; k += kIndexLanes) prefetch(agent + k);
        }
        const Int* first = cost + (is_sparse() ? start[ticket] : stride * ticket);
        const std::ptrdiff_t n = is_sparse() ? n_stored(ticket) : n_agents;
        for (std::ptrdiff_t b = 0; b < n; b += kLanes) prefetch(first + b);
    }

private:
    Row stored(Index ticket, Index exit_node) const {
        const Int first = start[ticket];
        return {cost + first, agent + first, n_stored(ticket), exit_node, exit_node < 0 ? kForbidden : exit[ticket]};
    }
    void copy_agents(Index ticket, Index n_agents, Int* out) const {
        const std::ptrdiff_t first = stride * ticket;
        copy_row(cost + first, allowed == nullptr ? nullptr : allowed + first, n_agents, out);
    }
};

}  // namespace ticketopt
