// Step 4. Every event is a change that keeps reduced costs >= 0 (network_build.cpp), then a repair
// (network_repair.cpp).
#include "network_engine.hpp"

#include <algorithm>
#include <utility>

namespace ticketopt {

namespace {

// Columns that no ticket may use, without slots. The sizes of the samples depend on the number of columns, and with them
// which of several optimal plans is found: without these, sessions of more than 60 agents break some ties otherwise.
constexpr Index kEmptyColumns = 7;

}  // namespace

Engine::Engine(Index n_agents, std::vector<Units> slots, const std::vector<Ticket>& tickets,
               const std::vector<Index>& places, WorkCounter& counter)
    : n_agents_(n_agents), slots_(std::move(slots)), network_(CostView{}, n_agents + kEmptyColumns, 0) {
    const Index n = static_cast<Index>(tickets.size());
    rows_.resize(z(network_.width() * n));
    is_open_.assign(z(n), 1);
    is_noted_.assign(z(n), 0);
    change_.assign(z(n), 0);
    anchor_ = places;
    anchor_.resize(z(n), -1);
    for (Index t = 0; t < n; ++t) write_row(t, tickets[z(t)]);
    connect();
    bool is_whole = false;
    optimize(network_, n, views(), is_whole, counter);
    network_.on_move = [this](Index ticket, Index from) { note(ticket, outside(from)); };
    for (Index t = 0; t < n; ++t) anchor(t, outside(network_.place()[z(t)]));
}

// The rows may have moved in memory.
void Engine::connect() {
    CostView view;
    view.cost = rows_.data();
    view.stride = network_.width();
    view.is_whole = true;
    network_.set_costs(view, n_numbers());
}

// The slots of all columns.
std::vector<Slots> Engine::views() const {
    std::vector<Slots> slots(z(network_.exit_node()));
    std::transform(slots_.begin(), slots_.end(), slots.begin(), [](const Units& agent) { return agent.view(); });
    return slots;
}

void Engine::write_row(Index ticket, const Ticket& values) {
    Int* out = row(ticket);
    std::fill_n(out, network_.width(), kForbidden);
    copy_row(values.cost, values.allowed, n_agents_, out);
    out[network_.exit_node()] = values.exit;
    change_[z(ticket)] = values.change;
    const Index at = anchor_[z(ticket)];
    if (at >= 0 && out[at] != kForbidden) out[at] -= values.change;
}

// From now on the ticket's change cost is due for leaving `agent` (-1: for nothing).
void Engine::anchor(Index ticket, Index agent) {
    const Index before = std::exchange(anchor_[z(ticket)], agent);
    if (before == agent || change_[z(ticket)] == 0) return;
    Int* costs = row(ticket);
    if (before >= 0 && costs[before] != kForbidden) costs[before] += change_[z(ticket)];
    if (agent >= 0) costs[agent] -= change_[z(ticket)];
    network_.forget(ticket);
}

void Engine::note(Index ticket, Index from) {
    if (std::exchange(is_noted_[z(ticket)], char{1}) != 0) return;
    moves_.push_back({ticket, from, -1});
}

void Engine::settle() {
    network_.repair(counter_);
    network_.normalize();
    for (Move& move : moves_) {
        is_noted_[z(move.ticket)] = 0;
        move.to = place(move.ticket);
    }
    const auto stayed = [](const Move& move) { return move.from == move.to; };
    moves_.erase(std::remove_if(moves_.begin(), moves_.end(), stayed), moves_.end());
    std::sort(moves_.begin(), moves_.end(), [](const Move& a, const Move& b) { return a.ticket < b.ticket; });
    for (const Move& move : moves_) anchor(move.ticket, move.to);
}

Index Engine::add_ticket(const Ticket& ticket) {
    moves_.clear();
    Index number = n_numbers();
    if (!free_numbers_.empty()) {
        number = free_numbers_.back();
        free_numbers_.pop_back();
    } else {
        rows_.resize(rows_.size() + z(network_.width()));
        is_open_.push_back(0);
        is_noted_.push_back(0);
        change_.push_back(0);
        anchor_.push_back(-1);
        connect();
    }
    is_open_[z(number)] = 1;
    anchor_[z(number)] = -1;
    write_row(number, ticket);
    note(number, -2);
    network_.arrive(number, -1);
    settle();
    return number;
}

void Engine::remove_ticket(Index ticket) {
    moves_.clear();
    network_.leave(ticket);
    is_open_[z(ticket)] = 0;
    free_numbers_.push_back(ticket);
    settle();
}

void Engine::change_ticket(Index ticket, const Ticket& values) {
    moves_.clear();
    const Index node = network_.place()[z(ticket)];
    note(ticket, outside(node));
    network_.leave(ticket);
    write_row(ticket, values);
    network_.arrive(ticket, node);
    settle();
}

void Engine::set_slots(Index agent, Units slots) {
    moves_.clear();
    slots_[z(agent)] = std::move(slots);
    network_.refill(agent, slots_[z(agent)].view());
    settle();
}

// For an agent without tickets and slots whose column is forbidden.
void Engine::write_column(Index agent, const Int* column, const std::uint8_t* allowed, Units slots) {
    for (Index t = 0; t < n_numbers(); ++t) {
        if (is_open_[z(t)] == 0 || (allowed != nullptr && allowed[t] == 0)) continue;
        row(t)[agent] = column[t] - (anchor_[z(t)] == agent ? change_[z(t)] : 0);
    }
    slots_[z(agent)] = std::move(slots);
    network_.open(agent, counter_);
    network_.refill(agent, slots_[z(agent)].view());
}

void Engine::change_agent(Index agent, const Int* column, const std::uint8_t* allowed, Units slots) {
    moves_.clear();
    const std::vector<Index> tickets = network_.members(agent);
    for (const Index t : tickets) {
        note(t, agent);
        network_.leave(t);
    }
    network_.refill(agent, {});
    for (Index t = 0; t < n_numbers(); ++t) row(t)[agent] = kForbidden;
    network_.close(agent);
    write_column(agent, column, allowed, std::move(slots));
    for (const Index t : tickets) network_.arrive(t, agent);
    settle();
}

Index Engine::place(Index ticket) const { return outside(network_.place()[z(ticket)]); }

Int Engine::served_cost() const {
    Int total = 0;
    std::vector<Int> load(slots_.size(), 0);
    for (Index t = 0; t < n_numbers(); ++t) {
        if (is_open_[z(t)] == 0 || place(t) < 0) continue;
        const Index node = place(t);
        total += network_.at(t, node);
        if (anchor_[z(t)] == node) total += change_[z(t)];
        ++load[z(node)];
    }
    for (std::size_t a = 0; a < slots_.size(); ++a) total += slots_[a].view().total(load[a]);
    return total;
}

Int Engine::objective() const {
    Int total = served_cost();
    for (Index t = 0; t < n_numbers(); ++t) {
        if (is_open_[z(t)] != 0 && place(t) < 0) total += network_.at(t, network_.exit_node());
    }
    return total;
}

}  // namespace ticketopt
