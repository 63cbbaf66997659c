// The generalized assignment problem: tickets of unequal effort, agents with capacities and convex load costs, exits;
// and rows `sum coefficient x <= bound` over pairs of a ticket and an agent.
//
// 1. Prices (gap_prices.cpp). Relax the capacities and the rows at prices u: every ticket takes the node that is
//    cheapest at cost + effort x price, and every agent sells the units that cost less than its price. The value is a
//    lower bound, concave in u; deflected subgradients with Polyak's step raise it.
//    Knapsack prices (gap_knapsack.cpp) prove more, and take longer.
// 2. Search (gap_search.cpp). What a ticket's node costs above its cheapest one at the prices is its reduced cost
//    (gap_candidates.cpp). The energy of a plan (gap_plan.cpp) is its cost, plus a price for every unit above a
//    capacity or a row's bound. A move takes a ticket to another of its candidates (the nodes of least reduced cost);
//    while the agent that got one has too much, it hands on one of a few tickets drawn at random, chosen by Boltzmann's
//    law (the least of cost + Gumbel noise); then the agent that gave one away may take one in. Such a chain is kept by
//    Metropolis' rule, at a temperature that falls. Every few chains, a few agents exchange tickets in the best of a
//    great many ways (gap_exchange.cpp): where capacities are tight, a chain that fits is rare.
// 3. Dives (gap_dive.hpp): where an agent has few tickets, plans out of its best knapsacks.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "integers.hpp"
#include "load_cost.hpp"
#include "stopping.hpp"

namespace ticketopt::gap {

// Cost of an agent's first k units, at hand where they are few enough.
class Filled {
public:
    explicit Filled(const Slots& slots) : slots_(slots) {
        if (slots.size > kMostAtHand) return;
        totals_.push_back(0);
        slots.each([this](Int cost) { totals_.push_back(totals_.back() + cost); });
    }
    Int operator()(Int units) const { return totals_.empty() ? slots_.total(units) : totals_[z(units)]; }

private:
    static constexpr Int kMostAtHand = 1 << 15;
    Slots slots_;
    std::vector<Int> totals_;
};

// The numbers first .. last - 1, for a loop.
struct Entries {
    struct Iterator {
        Int entry;
        Int operator*() const { return entry; }
        Iterator& operator++() {
            ++entry;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return entry != other.entry; }
    };
    Int first = 0, last = 0;
    Iterator begin() const { return {first}; }
    Iterator end() const { return {last}; }
};

// Where the arrays stand; none is copied. `allowed` null allows every pair; `by_agent` says whether efforts differ by
// agent: (n, agents), or else (n,). The pair p is in the rows entry_row[pair_first[p] .. pair_first[p + 1]), with those
// coefficients; no rows: all of that is null.
//
// Prices are one per agent, then one per row.
struct Model {
    Index n = 0, agents = 0;
    const Int* cost = nullptr;
    const std::uint8_t* allowed = nullptr;
    const Int* effort = nullptr;
    bool by_agent = false;
    std::vector<Slots> slots;  // by agent
    const Int* exit = nullptr;
    Index rows = 0;
    const Int* row_bound = nullptr;
    const Int* pair_first = nullptr;
    const Int* entry_row = nullptr;
    const Int* coefficient = nullptr;

    Int capacity(Index a) const { return slots[z(a)].size; }
    std::ptrdiff_t pair(Index t, Index a) const { return std::ptrdiff_t{t} * agents + a; }
    Int work(Index t, Index a) const { return effort[by_agent ? pair(t, a) : t]; }
    // The entries of rows that a pair has; the exit has none.
    Entries entries(Index t, Index node) const {
        if (rows == 0 || node == agents) return {};
        return {pair_first[pair(t, node)], pair_first[pair(t, node) + 1]};
    }
    // What the rows ask for a pair at their prices.
    double toll(Index t, Index a, const std::vector<double>& price) const {
        double sum = 0;
        if (rows == 0) return sum;
        for (const Int e : entries(t, a)) {
            sum += static_cast<double>(coefficient[e]) * price[z(agents + entry_row[e])];
        }
        return sum;
    }
    // At least as much as rounding can change in a sum over tickets, rows and agents whose terms have this total size.
    double rounding(double size) const {
        const double terms = static_cast<double>(n) + static_cast<double>(rows) + 3 * static_cast<double>(agents);
        return terms * std::numeric_limits<double>::epsilon() * size;
    }
    bool fits(Index t, Index a) const {
        return (allowed == nullptr || allowed[pair(t, a)] != 0) && work(t, a) <= capacity(a);
    }
};

// A plan: each ticket in this order goes to the agent who is cheapest then and has room, or to its exit if that is no
// dearer; equal costs go to the first agent.
std::vector<Index> construct(const Model& model, const std::vector<Index>& order);

// The bound at prices: what tickets, agents and rows pay, less what rounding may have added; and (if asked for) the
// demand for every agent's units beyond what it sells, and for every row's beyond its bound.
double bound_at(const Model& model, const std::vector<double>& price, std::vector<double>* excess);

// Raise the bound from `price` on, which ends as the best prices seen; `upper` is the cost of a plan. Returns the
// bound.
double raise_prices(const Model& model, std::vector<double>& price, double upper, int steps,
                    const IsStopped& is_stopped);

// A concave function that bounds from below, and (if asked for) its supergradient.
using Bound = std::function<double(const std::vector<double>& where, std::vector<double>* excess)>;

// Raise it between `low` and `high` by deflected subgradients with Polyak's step, from `where` on, which ends as the
// best place seen; `upper` is what it cannot exceed, and the first step hopes to get `hope(first value)` higher.
// Returns the value.
double climb(const Bound& bound, std::vector<double>& where, const std::vector<double>& low,
             const std::vector<double>& high, double upper, const std::function<double(double)>& hope, int steps,
             const IsStopped& is_stopped);

// Another bound: relax "every ticket once" in place of the capacities, at a worth of every ticket being served. Every
// agent fills an exact knapsack with what costs less than it is worth. Rows are paid for at fixed prices. Only pairs
// that are `kept` count: the bound is that of the plans without the others.
class Knapsacks {
public:
    Knapsacks(const Model& model, const std::vector<double>& price, const std::uint8_t* kept);

    // Raise the bound from `worth` (n,) on, which ends as the best seen. Returns the bound.
    double raise(std::vector<double>& worth, double upper, int steps, const IsStopped& is_stopped);

    // How much a plan with this pair, or with this ticket on the exit (the last node), costs above the bound, at least:
    // (n, agents + 1); what was not kept, infinitely much.
    std::vector<double> forced(const std::vector<double>& worth);

    // The least value of an agent's knapsacks, cost less worth; and the knapsack that has it.
    double best(Index a, const std::vector<double>& worth, std::vector<Index>& tickets, double& cost);

    double cells() const { return cells_; }  // of the tables of all items: a measure for time and memory

private:
    struct Item {
        Index ticket, work;
        double cost;
    };
    struct Knapsack {
        std::vector<Item> items;
        Slots slots;
        std::size_t width = 1;  // loads from 0 to the capacity
        double first = 0;       // of the first unit, if that is negative: no unit costs less
        double earned = 0;      // what the units of negative cost give
    };
    double bound_at(const std::vector<double>& worth, std::vector<double>* excess);
    void fill(const Knapsack& knapsack);
    double find_worthwhile(const Knapsack& knapsack, const std::vector<double>& worth);
    double solve(const Knapsack& knapsack, std::vector<double>* excess);
    std::size_t fill_table(const Knapsack& knapsack);
    double find_best_load(const Knapsack& knapsack, std::size_t& load);
    template <typename See>
    void each_taken(std::size_t load, std::size_t width, See see) const;
    double fill_rest(std::size_t width);
    void force(const Knapsack& knapsack, const std::vector<double>& worth, std::vector<double>& in,
               std::vector<double>& out);

    const Model& model_;
    std::vector<Knapsack> knapsacks_;
    double rent_ = 0, cells_ = 0, rounding_ = 0;
    std::vector<Item> chosen_, others_;  // what can be worth its cost, and what cannot; with its value in place of that
    std::vector<double> value_, next_;   // least value at every load
    std::vector<double> filled_;         // load cost at every load
    std::vector<std::uint8_t> taken_;    // chosen item x load
    std::vector<double> rest_;           // chosen item x load: what it and those after it add
};

}  // namespace ticketopt::gap
