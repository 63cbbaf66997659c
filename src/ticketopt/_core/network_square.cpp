// The other regime: one slot per agent, and tickets about as many as agents.
//
// Arc costs (network.hpp) gain nothing where an agent has one ticket: its row of them is that ticket's row of costs. So
// the tickets' rows are used as they are (Jonker and Volgenant 1987 in the parts, with vectorized searches):
//
//   1. Prices to start with. General case: the cost of the slot, at which a slot may stay free; prices then only rise.
//      As many tickets as agents: minus the least cost of the column, and no exits; nothing stays free in the end, so
//      all prices may be raised together until they pay for the slots. If an exit beats that, the general case decides.
//   2. Bids. A ticket without a place takes its best agent and raises its price by the lead over the second best; who
//      was there bids next. Equal ones are left to step 3, and so is everything when bids get too many.
//   3. Shortest augmenting paths from the tickets still without a place, as in network_repair.cpp, step 2.
#include <algorithm>

#include "network.hpp"

namespace ticketopt {

namespace {

constexpr Index kBidsPerTicket = 4;

class Square {
public:
    Square(const CostView& costs, Index n_tickets, const std::vector<Slots>& slots, bool is_perfect,
           WorkCounter& counter)
        : costs_(costs), n_(n_tickets), exit_(static_cast<Index>(slots.size())), is_perfect_(is_perfect),
          counter_(counter), slots_(slots), width_(padded(exit_)), price_(z(width_), 0), label_(z(width_), kUnreached),
          buffer_(z(width_), kForbidden), owner_(z(exit_), -1), parent_(z(width_), -1), frontier_(width_),
          place(z(n_), -1) {}

    // Whether there is a proven answer; without exits there need not be.
    bool run() {
        start();
        bid();
        for (const Index a : free_agents()) free_.push_back(a);
        for (Index t = 0; t < n_; ++t) {
            if (place[z(t)] < 0 && !augment(t)) return false;
        }
        return !is_perfect_ || raise_all();
    }

    const std::vector<Int>& price() const { return price_; }

private:
    Row row(Index ticket) { return costs_.agents_row(ticket, exit_, buffer_.data()); }
    Int leaving(Index ticket) const { return is_perfect_ ? kForbidden : costs_.exit[ticket]; }

    // 1. Prices to start with.
    void start() {
        for (Index a = 0; a < exit_; ++a) price_[z(a)] = slots_[z(a)].cost(0);
        if (!is_perfect_) return;
        std::vector<Int> least(z(width_), kForbidden);
        for (Index t = 0; t < n_; ++t) {
            row(t).lower(least.data());
            counter_.add(width_);
        }
        for (Index a = 0; a < exit_; ++a) price_[z(a)] = least[z(a)] < kUnreached ? -least[z(a)] : 0;
    }

    // 2. Bids.
    void bid() {
        Int bids = Int{kBidsPerTicket} * n_;
        for (Index t = 0; t < n_ && bids > 0; ++t) {
            for (Index bidder = t; bidder >= 0 && bids > 0; --bids) bidder = bid_once(bidder);
        }
    }

    // Returns the ticket that lost its place, or -1.
    Index bid_once(Index ticket) {
        const Row costs = row(ticket);
        counter_.add(2 * width_);
        auto [low, next] = costs.two_lowest_sums(price_.data());
        if (low >= kUnreached && leaving(ticket) >= kUnreached) return -1;
        if (leaving(ticket) <= low) {
            place[z(ticket)] = exit_;
            return -1;
        }
        next = std::min(next, leaving(ticket));
        std::ptrdiff_t agent = costs.find_sum(price_.data(), low, 0);
        if (low == next) {
            while (agent < exit_ && owner_[z(agent)] >= 0) {
                agent = costs.find_sum(price_.data(), low, agent + 1);
            }
            if (agent < exit_) take(ticket, static_cast<Index>(agent));
            return -1;
        }
        const Index loser = owner_[z(agent)];
        if (next >= kUnreached && loser >= 0) return -1;
        if (next < kUnreached) price_[z(agent)] += next - low;
        if (loser >= 0) place[z(loser)] = -1;
        take(ticket, static_cast<Index>(agent));
        return loser;
    }

    void take(Index ticket, Index agent) {
        place[z(ticket)] = agent;
        owner_[z(agent)] = ticket;
    }

    std::vector<Index> free_agents() const {
        std::vector<Index> result;
        for (Index a = 0; a < exit_; ++a) {
            if (owner_[z(a)] < 0) result.push_back(a);
        }
        return result;
    }

    // 3. A shortest path from the ticket to a free slot or to somebody's exit; false if there is none.
    bool augment(Index source) {
        frontier_.clear();
        touched_.clear();
        popped_.clear();
        delta_ = kUnreached;
        Index leaver = -1;
        const Int best = std::min(row(source).lowest_sum(price_.data()), leaving(source));
        if (best >= kUnreached) return false;
        free_.erase(std::remove_if(free_.begin(), free_.end(), [this](Index a) { return owner_[z(a)] >= 0; }),
                    free_.end());
        for (Index ticket = source, from = -1; ticket >= 0;) {
            const Int distance = from < 0 ? 0 : label_[z(from)];
            const Row costs = row(ticket);
            const Int base = distance - (from < 0 ? best : costs.at(from) + price_[z(from)]);
            if (base + leaving(ticket) < delta_) {
                delta_ = base + leaving(ticket);
                target_ = from;
                leaver = ticket;
            }
            if (scan(costs, base, from)) leaver = -1;
            counter_.add(width_);
            ticket = next(from);
        }
        for (const Index a : popped_) price_[z(a)] += delta_ - label_[z(a)];
        if (frontier_.is_scanned()) {
            std::fill(label_.begin(), label_.end(), kUnreached);
        } else {
            for (const Index a : touched_) label_[z(a)] = kUnreached;
        }
        if (delta_ == kUnreached) return false;
        move(source, leaver);
        return true;
    }

    // Labels what a ticket reaches; true if that is a nearer end.
    bool scan(const Row& costs, Int base, Index from) {
        const Int delta = delta_;
        if (frontier_.is_scanned()) {
            costs.shorten(price_.data(), label_.data(), frontier_.row(), parent_.data(), base, delta_, from);
            for (const Index a : free_) {
                if (label_[z(a)] >= delta_) continue;
                delta_ = label_[z(a)];
                target_ = a;
            }
        } else if (costs.is_sparse()) {
            costs.each([&](Index a, Int cost) {
                if (base + cost + price_[z(a)] < std::min(delta_, label_[z(a)])) reach(a, base + cost, from);
            });
        } else {
            scan_matrix(costs.dense(), base, from);
        }
        return delta_ < delta;
    }

    // Of the first ticket, free slots first: a bound at once.
    void scan_matrix(const Int* costs, Int base, Index from) {
        if (from < 0) {
            for (const Index a : free_) {
                if (base + costs[a] + price_[z(a)] < std::min(delta_, label_[z(a)])) reach(a, base + costs[a], from);
            }
        }
        for (std::ptrdiff_t a = -1;
             (a = find_shorter(costs, price_.data(), label_.data(), base, delta_, a + 1, width_)) < width_;) {
            reach(static_cast<Index>(a), base + costs[a], from);
        }
    }

    void reach(Index a, Int distance_at_no_price, Index from) {
        const Int distance = distance_at_no_price + price_[z(a)];
        if (label_[z(a)] == kUnreached) touched_.push_back(a);
        label_[z(a)] = distance;
        parent_[z(a)] = from;
        if (owner_[z(a)] < 0) {
            delta_ = distance;
            target_ = a;
        } else {
            frontier_.push(a, distance);
        }
    }

    // The nearest agent not yet looked at, nearer than the end found so far: its ticket, or -1.
    Index next(Index& agent) {
        const Index nearest = frontier_.pop(delta_).second;
        if (nearest < 0) return -1;
        popped_.push_back(nearest);
        agent = nearest;
        return owner_[z(nearest)];
    }

    void move(Index source, Index leaver) {
        Index agent = target_;
        if (leaver >= 0) place[z(leaver)] = exit_;
        while (agent >= 0) {
            const Index before = parent_[z(agent)];
            take(before < 0 ? source : owner_[z(before)], agent);
            agent = before;
        }
    }

    // All prices rise until they pay for the slots. False if some ticket would then rather leave.
    bool raise_all() {
        Int lift = -kUnreached;
        for (Index a = 0; a < exit_; ++a) lift = std::max(lift, slots_[z(a)].cost(0) - price_[z(a)]);
        for (Index a = 0; a < exit_; ++a) price_[z(a)] += lift;
        for (Index t = 0; t < n_; ++t) {
            const Index a = place[z(t)];
            if (costs_.at(t, a, exit_) + price_[z(a)] > costs_.exit[t]) return false;
        }
        return true;
    }

    const CostView& costs_;
    const Index n_, exit_;
    const bool is_perfect_;
    WorkCounter& counter_;
    const std::vector<Slots>& slots_;
    const std::ptrdiff_t width_;
    std::vector<Int> price_, label_, buffer_;
    std::vector<Index> owner_, parent_, free_, touched_, popped_;
    Frontier frontier_;
    Int delta_ = kUnreached;
    Index target_ = -1;

public:
    std::vector<Index> place;
};

}  // namespace

bool solve_square(const CostView& costs, Index n_tickets, const std::vector<Slots>& slots, WorkCounter& counter,
                  Solution& solution) {
    const Index n_agents = static_cast<Index>(slots.size());
    const auto is_single = [](const Slots& agent) { return agent.size == 1; };
    if (n_tickets < n_agents / 2 || n_tickets > 2 * n_agents) return false;
    if (!std::all_of(slots.begin(), slots.end(), is_single)) return false;
    for (const bool is_perfect : {true, false}) {
        if (is_perfect && n_tickets != n_agents) continue;
        Square square(costs, n_tickets, slots, is_perfect, counter);
        if (!square.run()) continue;
        solution.place = std::move(square.place);
        solution.price.assign(square.price().data(), square.price().data() + n_agents);
        solution.is_optimal = true;
        return true;
    }
    return false;
}

}  // namespace ticketopt
