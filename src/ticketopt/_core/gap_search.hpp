// Step 2 of the generalized assignment engine: the state of the search. gap.hpp describes the algorithm.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "gap.hpp"
#include "random.hpp"

namespace ticketopt::gap {

// A node that a ticket may be on.
struct Candidate {
    Index node;      // an agent, or `agents` for the exit
    double reduced;  // cost at the prices above the ticket's cheapest node
    Int cost, work;
};

class Search {
public:
    static constexpr std::size_t kTogether = 4;  // nodes in an exchange
    static constexpr int kNoise = 8192;          // quantiles of Gumbel's law

    // `candidates`: nodes per ticket that are tried, those of least reduced cost.
    Search(const Model& model, const std::vector<double>& price, std::size_t candidates, std::uint64_t seed);

    // One annealing of `moves` attempts from `start`, which may be over capacities and rows; empty, from every ticket's
    // cheapest node. The temperature falls with the moves, or with the time where that is shorter. Returns how many
    // were made.
    std::int64_t anneal(const std::vector<Index>& start, double hot, double cold, std::int64_t moves, double seconds,
                        const IsStopped& is_stopped);

    const std::vector<Index>& best() const { return best_; }  // of the last annealing; empty where none is feasible
    double scale() const { return scale_; }                   // typical reduced cost of a second choice

private:
    struct Step {
        Index ticket, from;
    };
    struct Shift {  // of a ticket from node `from` to node `to` of those chosen, and what it takes there
        double value;
        Index ticket, node, from, to, out, in;
    };
    struct Part {  // up to two shifts (-1: none), and what they add to the loads
        double value = 0;
        Index load[kTogether] = {};
        Index key = 0;
        std::int16_t first = -1, second = -1;
    };
    struct LoadCosts {  // what an agent's loads cost, from a first one on; that load plus `offset` is the present one
        Int offset = 0;
        std::vector<double> cost;
    };
    struct HandOver {  // a ticket, the node it goes to, and what that changes
        Index ticket = -1, node = -1;
        double value = 0;
    };
    using Halves = std::pair<const Part*, const Part*>;  // of an exchange; null: none

    // gap_candidates.cpp
    void find_candidates(const std::vector<double>& price, std::size_t most);
    void list_nodes(Index ticket, const std::vector<double>& price, std::vector<Candidate>& all) const;
    void find_scale(std::vector<double>& others, double mean_price);
    void find_penalties(const std::vector<double>& price, double mean_price);

    // gap_plan.cpp
    void place_all(const std::vector<Index>& plan);
    void put(Index ticket, Index node);
    void keep_if_best();
    void use_rows(Index ticket, Index node, Int sign);
    double row_change(Index ticket, Index from, Index to) const;
    bool is_crowded(Index ticket, Index node) const;
    Candidate on_node(Index ticket, Index node) const {
        if (node == model_.agents) return {node, 0, model_.exit[ticket], 0};
        return {node, 0, model_.cost[model_.pair(ticket, node)], model_.work(ticket, node)};
    }
    double load_cost(Index a, Int load) const {
        if (a == model_.agents) return 0;
        const Int capacity = model_.capacity(a);
        if (load <= capacity) return static_cast<double>(filled_[z(a)](load));
        return static_cast<double>(filled_[z(a)](capacity)) + penalty_[z(a)] * static_cast<double>(load - capacity);
    }
    // What it changes if a ticket goes from one node to another.
    double change(Index ticket, const Candidate& from, const Candidate& to) const {
        const Int here = load_[z(from.node)], there = load_[z(to.node)];
        const double rows = model_.rows == 0 ? 0 : row_change(ticket, from.node, to.node);
        return rows + static_cast<double>(to.cost - from.cost) + load_cost(from.node, here - from.work) -
               load_cost(from.node, here) + load_cost(to.node, there + to.work) - load_cost(to.node, there);
    }

    // gap_search.cpp
    bool attempt(double temperature);
    void hand_on(double temperature);
    HandOver choose_hand_over(Index full, double temperature);
    void take_in(Index giver);
    void start_steps();
    void step(Index ticket, Index node, double value);
    bool is_moved(Index ticket) const;
    bool is_kept(double temperature);
    double noise() { return gumbel_[z(random_.below(kNoise))]; }
    void steer(std::int64_t attempts);

    // gap_exchange.cpp
    bool exchange(double temperature);
    void choose_nodes();
    std::size_t put_exit_last();
    void find_shifts();
    void find_parts();
    void keep_cheap_parts(double most);
    void find_load_costs(LoadCosts& costs, Index node, double most) const;
    double beyond_least(Index node, Int load) const;
    Halves choose_halves(std::size_t agents, double now, double limit, double temperature);
    double value_of(const Part& p, const Part& q, std::size_t agents, double limit) const;
    bool share_a_ticket(const Part& p, const Part& q) const;

    const Model& model_;
    Random random_;
    const std::vector<float>& gumbel_;
    std::vector<std::size_t> first_;  // ticket -> its first candidate; one more at the end
    std::vector<Candidate> candidates_;
    std::vector<std::vector<Index>> wanted_by_;  // agent -> tickets that have it among their candidates
    std::vector<Filled> filled_;                 // by agent
    std::vector<double> penalty_;                // per unit above capacity
    std::vector<double> row_penalty_;            // per unit above a row's bound
    std::vector<Int> used_;                      // row -> its left-hand side
    std::vector<Index> place_, position_;
    std::vector<std::vector<Index>> members_;
    std::vector<Int> load_;
    std::vector<Candidate> own_;  // ticket -> the node it is on
    std::vector<Step> steps_;     // of the move under way
    double steps_change_ = 0;     // what they have changed
    std::vector<double> price_;   // of every node's units; the exit's cost nothing
    std::vector<Int> calm_;       // agent -> the load that costs least at its price
    std::vector<Index> nodes_;
    std::vector<Shift> shifts_;
    std::vector<Part> parts_;
    std::vector<LoadCosts> load_costs_;  // by agent among the nodes chosen
    Int cost_ = 0, over_ = 0, best_cost_ = 0;
    std::vector<Index> best_, cheapest_;
    double scale_ = 1;
    std::int64_t feasible_ = 0;
};

}  // namespace ticketopt::gap
