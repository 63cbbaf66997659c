// The network engine: an exact solver for the transportation problem with convex load cost.
//
//     minimize   sum over served tickets t of cost[t, a(t)]
//              + sum over agents a of slot[a, 0] + ... + slot[a, load_a - 1]
//              + sum over unserved tickets t of exit[t]
//     where      load_a <= number of slots of a, slot costs of an agent never fall, some pairs are forbidden.
//
// Work on agents, not on tickets. The nodes are the agents 0 .. A-1 and the exit S = A, which stands for "left out" on
// the ticket side and for "slot not used" on the agent side. A pseudo-flow is a place (node) for every ticket and a
// number of filled slots for every agent. The residual arcs between nodes are
//
//     u -> v   one ticket now on u moves to v:   arc[u, v] = min over tickets t on u of cost[t, v] - cost[t, u]
//     a -> S   one more slot of a is filled:     slot[a, filled_a]
//     S -> a   the last slot of a is freed:      -slot[a, filled_a - 1]
//
// (a ticket "on S" costs its exit price there). Every node has a price, price[S] = 0 as far as the outside can see, and
// at all times every arc has a reduced cost
//
//     arc cost + price[v] - price[u] >= 0.
//
// The excess of an agent is its tickets less its filled slots. When no node has excess, the pseudo-flow is a flow, it
// is optimal, and the prices prove it:
//
//     sum_t min(exit_t, min_a cost[t, a] + price_a)  -  sum_a sum_k max(0, price_a - slot[a, k])  ==  its cost.
//
// The steps, as the code numbers them:
//
//   1. Build (network_build.cpp). At given prices every ticket takes its best node; of tied nodes, the one with most
//      room. Each agent fills the slots that its price pays for. All reduced costs are then >= 0, and only the excess
//      is wrong.
//   2. Repair (network_repair.cpp). From each node with excess, Dijkstra on reduced costs to the nearest node with a
//      deficit, at distance delta; a node reached at distance d < delta gets dearer by delta - d, so that all arcs of
//      the path are tight; along the path one ticket moves per arc (or a slot is filled or freed). Repeat until no
//      excess is left.
//   3. Sample (network_sample.cpp). Good prices make 1 leave little for 2. They come from the same problem with a
//      quarter of the tickets and of the slots, solved in the same way, recursively.
//   4. Events (network_engine.cpp). A change is made so that reduced costs stay >= 0, which leaves one unit of excess
//      or a few; then 2.
//
// Arc costs are lazy. arc[u, v] remembers its witness, the ticket that attains it. When the witness has left u the
// entry is stale: still a lower bound, because the minimum is over fewer tickets. It is computed anew only when it would
// shorten a path. Whole rows of arc costs are computed at first use, and only for nodes that have tickets. With stored
// pairs, a node whose tickets have fewer of them than there are nodes has no such row: its tickets' pairs are looked at
// themselves.
//
// Memory beyond the costs, which are only read: at most 12 bytes per pair of nodes, with stored pairs about 12 bytes per
// pair that the tickets have if that is less; and about 32 bytes per ticket.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "load_cost.hpp"
#include "network_frontier.hpp"
#include "network_row.hpp"
#include "stopping.hpp"

namespace ticketopt {

class Network {
public:
    // `reserve`: the number of tickets, for arrays by ticket.
    Network(CostView costs, Index n_agents, Index reserve);

    // Step 1 for the tickets order[0 .. n) (null: 0 .. n-1) at the present prices; all other tickets are absent.
    void build(const Index* order, Index n, std::vector<Slots> slots, WorkCounter& counter);
    // Units of excess: about how much there is to repair.
    Int excess() const;
    // Step 2: afterwards no node has excess or deficit.
    void repair(WorkCounter& counter);
    // Makes price[S] zero.
    void normalize();

    // The changes that events are made of. Each keeps all reduced costs >= 0 and the books of excess right.
    void arrive(Index ticket, Index first);  // at its best node; at `first` (may be -1) if that is one
    void leave(Index ticket);                // from wherever it is
    void forget(Index ticket);               // it has got cheaper where it is, against all other nodes
    void refill(Index agent, Slots slots);   // new slots; as many filled as the price pays for
    void close(Index agent);                 // its column has become forbidden; it has neither tickets nor slots
    // Its column is no longer forbidden; it gets a price at which nobody wants it yet.
    void open(Index agent, WorkCounter& counter);
    void set_costs(CostView costs, Index reserve);

    Index exit_node() const { return n_agents_; }
    std::ptrdiff_t width() const { return width_; }
    const std::vector<Int>& price() const { return price_; }
    std::vector<Int>& price() { return price_; }
    const std::vector<Index>& place() const { return place_; }
    const std::vector<Index>& members(Index node) const { return members_[z(node)]; }
    // Cost of a ticket at a node.
    Int at(Index ticket, Index node) const { return costs_.at(ticket, node, n_agents_); }
    // Called with (ticket, node left) at each move along a path.
    std::function<void(Index, Index)> on_move;

    // (number of slots with cost < price, number with cost <= price)
    static std::pair<Int, Int> paid_slots(const Slots& slots, Int price);

private:
    Row row(Index ticket) { return costs_.row(ticket, n_agents_, buffer_.data()); }  // valid until the next call
    void fetch_early(Index ticket) const { costs_.fetch_early(ticket, n_agents_); }
    Index best_node(const Row& row) const;
    void detach(Index ticket);
    void attach(Index ticket, Index node, const Row& row);
    void compute_row(Index node, WorkCounter& counter);
    bool refresh(Index u, Index v);  // make a stale arc cost exact; true when it rose
    void set_filled(Index agent, Int filled);
    void set_excess(Index node, Int excess);
    void augment_from(Index source, WorkCounter& counter);
    bool has_few_pairs(Index node) const;  // too few for a row of arc costs
    void relax(Index u, Int distance);
    void relax_by_arcs(Index u, Int distance);
    void relax_by_pairs(Index u, Int distance);
    void label(Index v, Int distance, Index parent, Index ticket);
    void push_along_path(Index source);
    bool is_path_tight(Index source);
    Index tight_ticket(Index u, Index v);  // one that may move from u to v at no reduced cost, or -1
    bool is_fill(Index u, Index v) const;  // whether filling a slot of u is a tight way from u to v, the exit
    bool is_free(Index u, Index v) const;  // whether freeing a slot of v is a tight way from u, the exit, to v

    Int* arc(Index u) { return arc_[z(u)].data(); }
    Index* witness(Index u) { return witness_[z(u)].data(); }

    CostView costs_;
    Index n_agents_;
    std::ptrdiff_t width_;
    // by node
    std::vector<Int> price_, excess_, label_, fill_cost_, free_cost_, filled_, room_;
    std::vector<Index> parent_, mover_;  // on the way here: the node before, and the ticket that comes from there
    std::vector<std::vector<Index>> members_;
    std::vector<Slots> slots_;
    std::vector<char>
        is_computed_;  // whether the node's row of arc costs has been computed; until then it may be empty
    // by pair of nodes
    std::vector<std::vector<Int>> arc_;
    std::vector<std::vector<Index>> witness_;
    // by ticket: node (-1 absent), position among the node's members, cost there
    std::vector<Index> place_, position_;
    std::vector<Int> own_;
    // of the search
    Frontier frontier_;
    std::vector<Index> touched_, popped_, deficits_;
    Int delta_ = kUnreached;
    Index target_ = -1;
    std::ptrdiff_t scanned_ = 0;  // tickets looked at by refresh() not yet added to the counter of work
    std::vector<Int> buffer_;
};

struct Solution {
    std::vector<Index> place;  // by ticket: agent, or n_agents when left out
    std::vector<Int> price;    // by agent
    bool is_optimal = false;
};

// Steps 3, 1 and 2: the tickets 0 .. n_tickets - 1 on an empty network. The counter of work may stop it by an
// exception; `is_whole` says whether all tickets were on it by then.
void optimize(Network& network, Index n_tickets, const std::vector<Slots>& slots, bool& is_whole, WorkCounter& counter);

// The other regime (network_square.cpp): one slot per agent, about as many tickets as agents. False where it does not
// apply.
bool solve_square(const CostView& costs, Index n_tickets, const std::vector<Slots>& slots, WorkCounter& counter,
                  Solution& solution);

// Either regime, and the answer. When the counter of work stops it, the answer is feasible, not optimal.
Solution solve(const CostView& costs, Index n_tickets, const std::vector<Slots>& slots, WorkCounter& counter);

}  // namespace ticketopt
