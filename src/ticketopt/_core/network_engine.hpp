// Step 4: a plan that stays optimal while tickets come and go and agents change.
//
// The engine keeps its own copy of the cost rows, a Network over them, and the answer to every event: which tickets
// moved. A ticket may have a change cost, paid when the next plan takes it from the agent it is on now; it is held as a
// discount in the ticket's row at that agent, and follows the ticket when it has moved.
#pragma once

#include <vector>

#include "network.hpp"

namespace ticketopt {

class Engine {
public:
    struct Move {
        Index ticket, from, to;  // agent, or -1 for left out; from is -2 for a ticket that has just come
    };
    // One ticket as it comes: n_agents() costs, which of them are allowed (null: all), exit price, change cost.
    struct Ticket {
        const Int* cost;
        const std::uint8_t* allowed;
        Int exit, change;
    };

    // An agent's load cost and capacity.
    struct Units {
        std::vector<Segment> segments;
        Int size = 0;
        Slots view() const { return {segments.data(), static_cast<Int>(segments.size()), size}; }
    };

    // `places`: the agent that each ticket is on before the first plan, -1 for none; empty for no ticket on any. Its
    // change cost is due for leaving that agent.
    Engine(Index n_agents, std::vector<Units> slots, const std::vector<Ticket>& tickets,
           const std::vector<Index>& places, WorkCounter& counter);
    Engine(const Engine&) = delete;  // the network calls this one back
    Engine& operator=(const Engine&) = delete;

    // Each event returns when the plan is optimal again.
    Index add_ticket(const Ticket& ticket);
    void remove_ticket(Index ticket);
    void change_ticket(Index ticket, const Ticket& values);
    void set_slots(Index agent, Units slots);
    // Another column of costs, by ticket number, and other slots: one event.
    void change_agent(Index agent, const Int* column, const std::uint8_t* allowed, Units slots);

    // What the last event moved, every ticket once, in order of ticket number; the ticket that left is not among them.
    const std::vector<Move>& moves() const { return moves_; }
    Index n_agents() const { return n_agents_; }
    Index n_numbers() const { return static_cast<Index>(is_open_.size()); }
    bool has_ticket(Index t) const { return 0 <= t && t < n_numbers() && is_open_[z(t)] != 0; }
    bool has_agent(Index a) const { return 0 <= a && a < n_agents_; }
    Index place(Index ticket) const;  // agent, or -1
    Int price(Index agent) const { return network_.price()[z(agent)]; }
    Int served_cost() const;  // of the tickets on agents, and their load cost; without change costs
    Int objective() const;    // the same and the exit prices of the tickets left out

private:
    Int* row(Index ticket) { return rows_.data() + network_.width() * ticket; }
    Index outside(Index node) const { return node == network_.exit_node() ? -1 : node; }
    void write_row(Index ticket, const Ticket& values);
    void write_column(Index agent, const Int* column, const std::uint8_t* allowed, Units slots);
    void anchor(Index ticket, Index node);
    void note(Index ticket, Index from);
    void settle();
    void connect();
    std::vector<Slots> views() const;

    WorkCounter counter_;
    Index n_agents_;
    std::vector<Units> slots_;  // by agent
    std::vector<char> is_open_;
    std::vector<Int> rows_, change_;  // by ticket
    std::vector<Index> anchor_, free_numbers_;
    Network network_;
    std::vector<Move> moves_;
    std::vector<char> is_noted_;
};

}  // namespace ticketopt
