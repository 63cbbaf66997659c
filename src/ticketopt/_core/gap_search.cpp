// Step 2: annealing with chains of hand-overs.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "gap_search.hpp"

namespace ticketopt::gap {

namespace {

constexpr int kDepth = 5;                 // hand-overs in a chain
constexpr std::int64_t kEvery = 10;       // chains for each exchange
constexpr Index kDrawn = 8;               // tickets looked at for each
constexpr double kTurnIn = 0.5;           // how often an agent that gave one away looks for another
constexpr std::int64_t kSteerings = 256;  // looks at the penalties in one annealing, but not in less than
constexpr std::int64_t kLeastSteering = 256, kMostSteering = 4096;  // or more than so many attempts
constexpr double kOnTime = 0.25;  // part of the time within which the clock changes nothing
constexpr double kLeastFeasible = 0.02, kMostFeasible = 0.2, kSteer = 1.08;

}  // namespace

// A chain of steps: to a ticket's candidate, from there on while an agent has too much, and to the agent that gave.
bool Search::attempt(double temperature) {
    start_steps();
    const Index t = random_.below(z(model_.n));
    const std::size_t count = first_[z(t) + 1] - first_[z(t)];
    const double draw = random_.unit();
    const auto drawn = static_cast<std::size_t>(draw * draw * static_cast<double>(count));
    const Candidate& to = candidates_[first_[z(t)] + drawn];
    const Index giver = place_[z(t)];
    if (to.node == giver) return false;
    step(t, to.node, change(t, own_[z(t)], to));
    hand_on(temperature);
    take_in(giver);
    return is_kept(temperature);
}

// While the agent that got the last ticket has too much, it hands one on.
void Search::hand_on(double temperature) {
    for (int depth = 0; depth < kDepth; ++depth) {
        const Index last = steps_.back().ticket, full = place_[z(last)];
        if (!is_crowded(last, full)) return;
        const HandOver chosen = choose_hand_over(full, temperature);
        if (chosen.ticket < 0) return;
        step(chosen.ticket, chosen.node, chosen.value);
    }
}

// One of a few tickets of an agent, to one of its candidates, by Boltzmann's law.
Search::HandOver Search::choose_hand_over(Index full, double temperature) {
    const std::vector<Index>& members = members_[z(full)];
    double least = std::numeric_limits<double>::infinity();
    HandOver chosen;
    for (Index k = 0; k < kDrawn; ++k) {
        const Index s = members[z(random_.below(members.size()))];
        if (is_moved(s)) continue;
        for (std::size_t c = first_[z(s)]; c < first_[z(s) + 1]; ++c) {
            const Candidate& other = candidates_[c];
            if (other.node == full) continue;
            const double value = change(s, own_[z(s)], other);
            const double drawn = value + temperature * noise();
            if (drawn < least) {
                least = drawn;
                chosen = {s, other.node, value};
            }
        }
    }
    return chosen;
}

// The agent that gave a ticket away may have room for another.
void Search::take_in(Index giver) {
    if (giver == model_.agents || load_[z(giver)] >= model_.capacity(giver)) return;
    if (random_.unit() >= kTurnIn || wanted_by_[z(giver)].empty()) return;
    double least = 0;
    Index who = -1;
    for (Index k = 0; k < kDrawn; ++k) {
        const Index s = wanted_by_[z(giver)][z(random_.below(wanted_by_[z(giver)].size()))];
        if (place_[z(s)] == giver || is_moved(s)) continue;
        const double value = change(s, own_[z(s)], on_node(s, giver));
        if (value < least) {
            least = value;
            who = s;
        }
    }
    if (who >= 0) step(who, giver, least);
}

void Search::start_steps() {
    steps_.clear();
    steps_change_ = 0;
}

void Search::step(Index ticket, Index node, double value) {
    steps_change_ += value;
    steps_.push_back({ticket, place_[z(ticket)]});
    put(ticket, node);
}

bool Search::is_moved(Index ticket) const {
    return std::any_of(steps_.begin(), steps_.end(), [ticket](const Step& step) { return step.ticket == ticket; });
}

// Metropolis' rule for the steps made, which are taken back where it says so.
bool Search::is_kept(double temperature) {
    if (steps_change_ <= 0 || steps_change_ < -temperature * std::log(1 - random_.unit())) return true;
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) put(step->ticket, step->from);
    return false;
}

// Penalties such that some of the plans met are feasible and some are not.
void Search::steer(std::int64_t attempts) {
    const double share = static_cast<double>(feasible_) / static_cast<double>(attempts);
    feasible_ = 0;
    if (share >= kLeastFeasible && share <= kMostFeasible) return;
    for (std::vector<double>* penalties : {&penalty_, &row_penalty_}) {
        for (double& price : *penalties) price *= share < kLeastFeasible ? kSteer : 1 / kSteer;
    }
}

std::int64_t Search::anneal(const std::vector<Index>& start, double hot, double cold, std::int64_t moves,
                            double seconds, const IsStopped& is_stopped) {
    using Steady = std::chrono::steady_clock;
    const Steady::time_point began = Steady::now();
    place_all(start.empty() ? cheapest_ : start);
    best_.clear();
    best_cost_ = std::numeric_limits<Int>::max();
    keep_if_best();
    const double fall = std::log(cold / hot);
    const std::int64_t steering = std::clamp(moves / kSteerings, kLeastSteering, kMostSteering);
    double temperature = hot;
    for (std::int64_t k = 0; k < moves; ++k) {
        if (k % steering == 0) {
            const double gone = std::chrono::duration<double>(Steady::now() - began).count() / seconds;
            const double late = (gone - kOnTime) / (1 - kOnTime);
            const double part = std::max(static_cast<double>(k) / static_cast<double>(moves), late);
            if (part >= 1 || is_stopped()) return k;
            temperature = hot * std::exp(fall * part);
            if (k > 0) steer(steering);
        }
        if (k % kEvery == 0 && exchange(temperature)) keep_if_best();
        if (attempt(temperature)) keep_if_best();
        feasible_ += over_ == 0;
    }
    return moves;
}

}  // namespace ticketopt::gap
