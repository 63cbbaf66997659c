// Step 3: column generation, and dives.
#include "gap_dive.hpp"

#include <algorithm>
#include <limits>

namespace ticketopt::gap {

namespace {

constexpr double kWider = 10;         // times the first boxes are those of the dives
constexpr int kRounds = 1000;         // of new knapsacks, at most, for the whole
constexpr int kRoundsOfDive = 10;     // after each knapsack that is fixed
constexpr double kWhole = 0.99;       // what has such a share is fixed too
constexpr double kWorthwhile = 1e-5;  // of the tolerance: a knapsack whose reduced cost is below minus this is added
constexpr double kGone = -1e15;       // worth of a ticket that is served

}  // namespace

Dive::Dive(const Model& model, const std::uint8_t* kept, const std::vector<double>& worth, double box, double tolerance,
           std::uint64_t seed)
    : knapsacks_(model, std::vector<double>(z(model.agents), 0), kept), random_(seed),
      master_(model, worth, box, random_), n_(model.n), agents_(model.agents), tolerance_(tolerance),
      least_(-kWorthwhile * tolerance), is_gone_(z(model.n), 0), worth_(z(model.n)) {}

// Every agent's best knapsack at the duals, where that is worthwhile. Returns how much all of them may gain.
double Dive::add_best(Master& master) {
    for (Index t = 0; t < n_; ++t) worth_[z(t)] = is_gone_[z(t)] ? kGone : master.dual_of_ticket(t);
    double gain = 0;
    for (Index a = 0; a < agents_; ++a) {
        if (master.is_fixed(a)) continue;
        double cost = 0;
        const double reduced = knapsacks_.best(a, worth_, tickets_, cost) - master.dual_of_agent(a);
        gain += reduced;
        if (reduced < least_) master.add(a, cost, tickets_);
    }
    return gain;
}

// New knapsacks until they gain little, or for so many rounds. Returns the best bound met, if nothing is fixed.
double Dive::generate(Master& master, int rounds, const IsStopped& is_stopped) {
    double bound = -std::numeric_limits<double>::infinity();
    for (int k = 0; k < rounds; ++k) {
        master.optimize(is_stopped);
        if (is_stopped()) break;
        const double paid = master.sum_of_duals(), gain = add_best(master);
        bound = std::max(bound, paid + gain);
        if (gain >= -tolerance_) break;
    }
    master.optimize(is_stopped);
    return bound;
}

double Dive::solve(const IsStopped& is_stopped) {
    const double bound = generate(master_, kRounds, is_stopped);
    master_.widen(kWider);
    return std::max(bound, generate(master_, kRounds, is_stopped));
}

// The knapsack of the largest share, then those that are whole.
std::vector<Master::Column> Dive::choose(const Master& master, double noise) {
    const std::vector<Master::Share> shares = master.shares();
    std::vector<Master::Column> chosen;
    double most = -std::numeric_limits<double>::infinity();
    for (const Master::Share& share : shares) {
        const double drawn = share.value - noise * random_.unit();
        if (drawn <= most) continue;
        most = drawn;
        chosen.assign(1, share.column);
    }
    for (const Master::Share& share : shares) {
        if (share.value >= kWhole) chosen.push_back(share.column);
    }
    return chosen;
}

void Dive::fix(Master& master, Master::Column column) {
    const std::vector<Index> tickets = master.tickets(column);
    const bool is_taken = std::any_of(tickets.begin(), tickets.end(), [this](Index t) { return is_gone_[z(t)] != 0; });
    if (is_taken || master.is_fixed(master.agent(column))) return;
    master.fix(column);
    for (const Index t : tickets) {
        is_gone_[z(t)] = 1;
        plan_[z(t)] = master.agent(column);
    }
}

std::vector<Index> Dive::dive(double noise, const IsStopped& is_stopped) {
    Master master = master_;
    plan_.assign(z(n_), -1);
    std::fill(is_gone_.begin(), is_gone_.end(), std::uint8_t{0});
    while (!is_stopped()) {
        const std::vector<Master::Column> chosen = choose(master, noise);
        if (chosen.empty()) break;
        for (const Master::Column column : chosen) fix(master, column);
        generate(master, kRoundsOfDive, is_stopped);
    }
    return plan_;
}

}  // namespace ticketopt::gap
