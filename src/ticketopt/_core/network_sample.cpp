// Step 3: prices from samples, and the whole of a batch solve.
#include <algorithm>

#include "network.hpp"
#include "random.hpp"

namespace ticketopt {

namespace {

constexpr Index kShare = 4;         // each sample has a quarter of the next larger one
constexpr Index kLeastSample = 16;  // tickets below which sampling costs more than it gains
constexpr std::uint64_t kSeed = 20260101;
constexpr Index kFewExcess = 8;  // one unit of excess per so many tickets is little

// The first `share` tickets of a random order (the first steps of a Fisher-Yates shuffle).
std::vector<Index> sample_order(Index n, Index share) {
    std::vector<Index> order(z(n));
    for (Index i = 0; i < n; ++i) order[z(i)] = i;
    Random random(kSeed);
    for (Index i = 0; i < share; ++i) {
        std::swap(order[z(i)], order[z(i) + random.bits() % z(n - i)]);
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
        scaled.push_back({agent.segments, agent.n_segments, agent.size > 0 ? until - given : 0, n, m, agent.size});
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
    const std::ptrdiff_t width = padded(exit + 1);
    std::vector<Int> load(slots.size(), 0), ask(z(width), 0), buffer(z(width), kForbidden);
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
            enter(node, costs.at(t, node, exit));
        } else {
            node = -1;
        }
    }
    for (const Index t : order) {
        Index& node = place[z(t)];
        if (node < 0) {
            const Row row = costs.row(t, exit, buffer.data());
            const Int least = row.lowest_sum(ask.data());
            node = costs.exit[t] == least ? exit : static_cast<Index>(row.find_sum(ask.data(), least, 0));
            if (node < exit) enter(node, row.at(node));
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

std::vector<Int> first_slot_costs(const std::vector<Slots>& slots) {
    std::vector<Int> costs(slots.size(), 0);
    for (std::size_t a = 0; a < slots.size(); ++a) costs[a] = slots[a].size > 0 ? slots[a].cost(0) : 0;
    return costs;
}

// Tickets in every sample, the largest first.
std::vector<Index> sample_sizes(Index n_agents, Index n_tickets) {
    const Index least = std::max(n_agents / kShare, kLeastSample);
    std::vector<Index> sizes;
    for (Index m = n_tickets / kShare; m >= least; m /= kShare) sizes.push_back(m);
    return sizes;
}

// For a network that has been built at the prices of a sample: the first prices, where they leave less to repair.
void build_at_better_prices(Network& network, Index n_tickets, const std::vector<Slots>& slots,
                            const std::vector<Int>& first_costs, WorkCounter& counter) {
    const Int excess = network.excess();
    std::vector<Int> sampled(network.price());
    std::copy(first_costs.begin(), first_costs.end(), network.price().begin());
    network.build(nullptr, n_tickets, slots, counter);
    if (network.excess() < excess) return;
    network.price().swap(sampled);
    network.build(nullptr, n_tickets, slots, counter);
}

}  // namespace

void optimize(Network& network, Index n_tickets, const std::vector<Slots>& slots, bool& is_whole,
              WorkCounter& counter) {
    // 3a. The samples are nested in one random order. There are none where the cost of the first slots is nearly the
    //     price, as it is when most agents have room to spare.
    const std::vector<Int> first_costs = first_slot_costs(slots);
    std::copy(first_costs.begin(), first_costs.end(), network.price().begin());
    std::vector<Index> sizes = sample_sizes(network.exit_node(), n_tickets);
    const std::vector<Index> order = sizes.empty() ? std::vector<Index>{} : sample_order(n_tickets, sizes.front());
    const auto build_sample = [&](Index m) {
        network.build(order.data(), m, scale_slots(slots, n_tickets, m), counter);
    };
    if (!sizes.empty()) {
        build_sample(sizes.front());
        if (network.excess() <= sizes.front() / kFewExcess) sizes.clear();
    }

    // 3b. Each sample starts from the prices of the next smaller one.
    for (auto m = sizes.rbegin(); m != sizes.rend(); ++m) {
        build_sample(*m);
        network.repair(counter);
        network.normalize();
    }

    // 3c. All tickets.
    network.build(nullptr, n_tickets, slots, counter);
    is_whole = true;
    if (!sizes.empty() && network.excess() > n_tickets / kFewExcess) {
        build_at_better_prices(network, n_tickets, slots, first_costs, counter);
    }
    network.repair(counter);
    network.normalize();
}

Solution solve(const CostView& costs, Index n_tickets, const std::vector<Slots>& slots, WorkCounter& counter) {
    Solution solution;
    bool is_solved = false;
    try {
        is_solved = solve_square(costs, n_tickets, slots, counter, solution);
    } catch (const Stopped&) {
        is_solved = false;  // the search below stops as well, and has an answer then
    }
    if (is_solved) return solution;
    Network network(costs, static_cast<Index>(slots.size()), n_tickets);
    bool is_whole = false;
    try {
        optimize(network, n_tickets, slots, is_whole, counter);
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
