// Step 3: prices from samples, and the whole of a batch solve.
#include <algorithm>

#include "network.hpp"

namespace ticketopt {

namespace {

constexpr Index kShare = 4;         // each sample has a quarter of the next larger one
constexpr Index kLeastSample = 16;  // tickets below which sampling costs more than it gains
constexpr Index kFewExcess = 8;     // one unit of excess per so many tickets is little

std::size_t z(std::ptrdiff_t i) { return static_cast<std::size_t>(i); }

// SplitMix64 (Steele, Lea, Flood 2014) with a fixed seed: the same sample on every machine.
class Random {
public:
    std::uint64_t below(std::uint64_t n) {
        std::uint64_t x = (state_ += 0x9e3779b97f4a7c15U);
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
        return (x ^ (x >> 31)) % n;
    }

private:
    std::uint64_t state_ = 20260101;
};

// The first `share` tickets of a random order (the first steps of a Fisher-Yates shuffle).
std::vector<Index> sample_order(Index n, Index share) {
    std::vector<Index> order(z(n));
    for (Index i = 0; i < n; ++i) order[z(i)] = i;
    Random random;
    for (Index i = 0; i < share; ++i) {
        std::swap(order[z(i)], order[z(i) + random.below(static_cast<std::uint64_t>(n - i))]);
    }
    order.resize(z(share));
    return order;
}

// The slots of a sample of m of n tickets. Numbers of slots are rounded cumulatively, so that their sum is right; slot
// k stands for slot (k + 1/2) n/m - 1/2 of all.
std::vector<Slots> scale_slots(const std::vector<Slots>& slots, Index n, Index m) {
    std::vector<Slots> scaled;
    Int seen = 0, given = 0;
    for (const Slots& agent : slots) {
        seen += std::min<Int>(agent.size, n);
        const Int until = (seen * m + n / 2) / n;
        scaled.push_back({agent.runs, agent.n_runs, agent.size > 0 ? until - given : 0, n, m, agent.size});
        given = until;
    }
    return scaled;
}

// A feasible answer from an unfinished one; returns its cost. Agents give up what exceeds their slots, the tickets of
// least exit price; tickets without a place then take, dearest exit first, the node that is cheapest then: the exit, if
// it is as cheap as any agent, else the first such agent. From nothing, this is what the greedy backend does.
Int finish(const CostView& costs, const std::vector<Slots>& slots, const std::vector<Index>& order,
           std::vector<Index>& place) {
    const Index exit = static_cast<Index>(slots.size());
    const std::ptrdiff_t width = (exit + 1 + kLanes - 1) / kLanes * kLanes;
    std::vector<Int> load(slots.size(), 0), ask(z(width), 0), row(z(width), kForbidden);
    Int total = 0;
    const auto look_ahead = [&](Index a) {
        ask[z(a)] = load[z(a)] < slots[z(a)].size ? slots[z(a)].cost(load[z(a)]) : kForbidden;
    };
    const auto enter = [&](Index a, Int cost) {
        total += cost + slots[z(a)].cost(load[z(a)]++);
        look_ahead(a);
    };
    for (Index a = 0; a < exit; ++a) look_ahead(a);
    for (const Index t : order) {
        Index& node = place[z(t)];
        if (node < 0 || node == exit) continue;
        if (load[z(node)] < slots[z(node)].size) {
            enter(node, costs.cost[costs.stride * t + node]);
        } else {
            node = -1;
        }
    }
    for (const Index t : order) {
        Index& node = place[z(t)];
        if (node < 0) {
            const std::ptrdiff_t start = costs.stride * t;
            copy_row(costs.cost + start, costs.allowed == nullptr ? nullptr : costs.allowed + start, exit, row.data());
            row[z(exit)] = costs.exit[t];
            const Int least = lowest_sum(row.data(), ask.data(), width);
            node = row[z(exit)] == least ? exit : static_cast<Index>(find_sum(row.data(), ask.data(), least, 0, width));
            if (node < exit) enter(node, row[z(node)]);
        }
        if (node == exit) total += costs.exit[t];
    }
    return total;
}

// The better of what the search left and of nothing, both finished.
std::vector<Index> best_finish(const CostView& costs, const std::vector<Slots>& slots, std::vector<Index> place) {
    std::vector<Index> order(place.size()), fresh(place.size(), -1);
    for (std::size_t t = 0; t < order.size(); ++t) order[t] = static_cast<Index>(t);
    std::stable_sort(order.begin(), order.end(), [&](Index s, Index t) { return costs.exit[s] > costs.exit[t]; });
    const Int greedy = finish(costs, slots, order, fresh);
    if (place.empty() || place.front() == -1) return fresh;
    return finish(costs, slots, order, place) < greedy ? place : fresh;
}

}  // namespace

void optimize(Network& network, Index n_tickets, const std::vector<Slots>& slots, bool& is_whole, Clock& clock) {
    // 3a. Sizes of the samples, nested in one random order. No samples where the cost of the first slots is nearly the
    //     price, as it is when most agents have room to spare.
    std::vector<Int> first_costs(slots.size(), 0);
    for (std::size_t a = 0; a < slots.size(); ++a) first_costs[a] = slots[a].size > 0 ? slots[a].cost(0) : 0;
    std::copy(first_costs.begin(), first_costs.end(), network.price().begin());
    const Index least = std::max(network.exit_node() / kShare, kLeastSample);
    std::vector<Index> sizes;
    for (Index m = n_tickets / kShare; m >= least; m /= kShare) sizes.push_back(m);
    const std::vector<Index> order = sizes.empty() ? std::vector<Index>{} : sample_order(n_tickets, sizes.front());
    const auto build_sample = [&](Index m) { network.build(order.data(), m, scale_slots(slots, n_tickets, m), clock); };
    if (!sizes.empty()) {
        build_sample(sizes.front());
        if (network.excess() <= sizes.front() / kFewExcess) sizes.clear();
    }

    // 3b. Each sample starts from the prices of the next smaller one.
    for (auto m = sizes.rbegin(); m != sizes.rend(); ++m) {
        build_sample(*m);
        network.repair(clock);
        network.normalize();
    }

    // 3c. All tickets, at the prices of the largest sample or at the first ones, whichever leaves less to repair.
    network.build(nullptr, n_tickets, slots, clock);
    is_whole = true;
    if (!sizes.empty() && network.excess() > n_tickets / kFewExcess) {
        const Int excess = network.excess();
        std::vector<Int> sampled(network.price());
        std::copy(first_costs.begin(), first_costs.end(), network.price().begin());
        network.build(nullptr, n_tickets, slots, clock);
        if (network.excess() >= excess) {
            network.price().swap(sampled);
            network.build(nullptr, n_tickets, slots, clock);
        }
    }
    network.repair(clock);
    network.normalize();
}

Solution solve(const CostView& costs, Index n_tickets, const std::vector<Slots>& slots, Clock& clock) {
    Solution solution;
    try {
        if (solve_square(costs, n_tickets, slots, clock, solution)) return solution;
    } catch (const Stopped&) {
    }
    Network network(costs, static_cast<Index>(slots.size()), n_tickets);
    bool is_whole = false;
    try {
        optimize(network, n_tickets, slots, is_whole, clock);
        solution.is_optimal = true;
    } catch (const Stopped&) {
        network.normalize();
    }
    solution.price.assign(network.price().data(), network.price().data() + slots.size());
    solution.place = network.place();
    if (!solution.is_optimal) {
        if (!is_whole) std::fill(solution.place.begin(), solution.place.end(), Index{-1});
        solution.place = best_finish(costs, slots, std::move(solution.place));
    }
    return solution;
}

}  // namespace ticketopt
