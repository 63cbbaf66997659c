// Step 2: annealing with chains of hand-overs.
#include <algorithm>
#include <chrono>
#include <limits>
#include <numeric>
#include <utility>

#include "gap.hpp"

namespace ticketopt::gap {

namespace {

constexpr int kDepth = 5;                 // hand-overs in a chain
constexpr std::int64_t kEvery = 10;       // chains for each exchange
constexpr Index kDrawn = 8;               // tickets looked at for each
constexpr double kTurnIn = 0.5;           // how often an agent that gave one away looks for another
constexpr std::int64_t kSteerings = 256;  // looks at the penalties in one annealing, but not in less than
constexpr std::int64_t kLeastSteering = 256, kMostSteering = 4096;  // or more than so many attempts
constexpr double kOnTime = 0.25;     // part of the time within which the clock changes nothing
constexpr double kLeastScale = 0.2;  // of the mean of the next choices' reduced costs
constexpr double kLeastFeasible = 0.02, kMostFeasible = 0.2, kSteer = 1.08;

// Quantiles of Gumbel's law for minima, found once: logarithms would take half of the time.
const std::vector<float>& gumbel() {
    static const std::vector<float> quantiles = [] {
        std::vector<float> values;
        for (int k = 0; k < Search::kNoise; ++k) {
            values.push_back(static_cast<float>(std::log(-std::log1p(-(k + 0.5) / Search::kNoise))));
        }
        return values;
    }();
    return quantiles;
}

}  // namespace

Search::Search(const Model& model, const std::vector<double>& price, std::size_t candidates, std::uint64_t seed)
    : model_(model), random_(seed), gumbel_(gumbel()) {
    const std::size_t nodes = z(model.agents) + 1;
    filled_ = std::vector<Filled>(model.slots.begin(), model.slots.end());
    members_.resize(nodes);
    find_candidates(price, candidates);
    penalty_.resize(z(model.agents));
    double mean = 0;
    for (Index a = 0; a < model.agents; ++a) mean += price[z(a)] / model.agents;
    for (std::size_t a = 0; a < penalty_.size(); ++a) penalty_[a] = std::max({price[a], mean, 1e-3 * scale_}) * 1.5;
    for (Index r = 0; r < model.rows; ++r) row_penalty_.push_back(std::max(price[z(model.agents + r)], scale_) * 1.5);
    price_.assign(price.begin(), price.begin() + model.agents);
    price_.push_back(0);
    worth_.resize(kTogether);
    for (Index a = 0; a < model.agents; ++a) {
        const double u = price[z(a)];
        calm_.push_back(model.slots[z(a)].count([u](Int cost) { return static_cast<double>(cost) <= u; }));
    }
    for (Index t = 0; t < model_.n; ++t) {
        const Index node = candidates_[first_[z(t)]].node;
        cheapest_.push_back(node == model.agents ? -1 : node);
    }
}

void Search::find_candidates(const std::vector<double>& price, std::size_t most) {
    const Index agents = model_.agents;
    wanted_by_.resize(z(agents));
    std::vector<Candidate> all;
    std::vector<std::uint32_t> lot(z(agents) + 1);  // breaks ties: else the first agents would get them all
    std::vector<double> others;
    for (Index t = 0; t < model_.n; ++t) {
        all.clear();
        all.push_back({agents, static_cast<double>(model_.exit[t]), model_.exit[t], 0});
        for (Index a = 0; a < agents; ++a) {
            if (!model_.fits(t, a)) continue;
            const Int cost = model_.cost[model_.pair(t, a)], work = model_.work(t, a);
            const double paid = static_cast<double>(work) * price[z(a)] + model_.toll(t, a, price);
            all.push_back({a, static_cast<double>(cost) + paid, cost, work});
        }
        const std::size_t kept = std::min(most, all.size());
        for (std::uint32_t& number : lot) number = static_cast<std::uint32_t>(random_.bits());
        const auto by_cost = [&lot](const Candidate& x, const Candidate& y) {
            return x.reduced != y.reduced ? x.reduced < y.reduced : lot[z(x.node)] < lot[z(y.node)];
        };
        std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept), all.end(), by_cost);
        const double least = all.front().reduced;
        first_.push_back(candidates_.size());
        for (std::size_t k = 0; k < kept; ++k) {
            all[k].reduced -= least;
            candidates_.push_back(all[k]);
            if (all[k].node < agents) wanted_by_[z(all[k].node)].push_back(t);
        }
        for (std::size_t k = 1; k < kept; ++k) {
            if (all[k].node < agents) others.push_back(all[k].reduced);
        }
    }
    first_.push_back(candidates_.size());
    double mean_price = 0;
    for (Index a = 0; a < agents; ++a) mean_price += price[z(a)] / agents;
    if (!others.empty()) {
        const auto middle = others.begin() + static_cast<std::ptrdiff_t>(others.size() / 2);
        std::nth_element(others.begin(), middle, others.end());
        const double mean = std::accumulate(others.begin(), others.end(), 0.0) / static_cast<double>(others.size());
        scale_ =
            std::max({*middle, kLeastScale * mean, mean_price, 1e-3});  // where many are tied, the median says little
    }
}

void Search::place_all(const std::vector<Index>& plan) {
    const Index exit = model_.agents;
    place_.assign(z(model_.n), exit);
    position_.assign(z(model_.n), 0);
    load_.assign(z(exit) + 1, 0);
    own_.resize(z(model_.n));
    for (auto& members : members_) members.clear();
    cost_ = over_ = 0;
    used_.assign(z(model_.rows), 0);
    for (Index t = 0; t < model_.n; ++t) {
        const Index node = plan[z(t)] < 0 ? exit : plan[z(t)];
        own_[z(t)] = node == exit ? Candidate{exit, 0, model_.exit[t], 0}
                                  : Candidate{node, 0, model_.cost[model_.pair(t, node)], model_.work(t, node)};
        place_[z(t)] = node;
        position_[z(t)] = static_cast<Index>(members_[z(node)].size());
        members_[z(node)].push_back(t);
        load_[z(node)] += own_[z(t)].work;
        use_rows(t, node, 1);
        cost_ += own_[z(t)].cost;
    }
    for (Index a = 0; a < exit; ++a) {
        const Int capacity = model_.capacity(a);
        cost_ += filled_[z(a)](std::min(load_[z(a)], capacity));
        over_ += std::max<Int>(0, load_[z(a)] - capacity);
    }
}

// Moves a ticket and keeps the books; the exit has load costs of zero and no end.
void Search::put(Index ticket, Index node) {
    const Index exit = model_.agents, from = place_[z(ticket)];
    const Candidate old = own_[z(ticket)];
    Candidate next{exit, 0, model_.exit[ticket], 0};
    if (node != exit) next = {node, 0, model_.cost[model_.pair(ticket, node)], model_.work(ticket, node)};
    const auto shift = [&](Index a, Int by) {
        if (a == exit) return;
        const Int capacity = model_.capacity(a), before = load_[z(a)], after = before + by;
        cost_ += filled_[z(a)](std::min(after, capacity)) - filled_[z(a)](std::min(before, capacity));
        over_ += std::max<Int>(0, after - capacity) - std::max<Int>(0, before - capacity);
        load_[z(a)] = after;
    };
    shift(from, -old.work);
    shift(node, next.work);
    use_rows(ticket, from, -1);
    use_rows(ticket, node, 1);
    cost_ += next.cost - old.cost;
    std::vector<Index>& left = members_[z(from)];
    const Index last = left.back();
    left[z(position_[z(ticket)])] = last;
    position_[z(last)] = position_[z(ticket)];
    left.pop_back();
    position_[z(ticket)] = static_cast<Index>(members_[z(node)].size());
    members_[z(node)].push_back(ticket);
    place_[z(ticket)] = node;
    own_[z(ticket)] = next;
}

double Search::load_cost(Index a, Int load) const {
    if (a == model_.agents) return 0;
    const Int capacity = model_.capacity(a);
    if (load <= capacity) return static_cast<double>(filled_[z(a)](load));
    return static_cast<double>(filled_[z(a)](capacity)) + penalty_[z(a)] * static_cast<double>(load - capacity);
}

// Adds a pair to the left-hand sides of its rows, or takes it away.
void Search::use_rows(Index ticket, Index node, Int sign) {
    if (model_.rows == 0 || node == model_.agents) return;
    const std::ptrdiff_t pair = model_.pair(ticket, node);
    for (Int e = model_.pair_first[pair]; e < model_.pair_first[pair + 1]; ++e) {
        const Index r = static_cast<Index>(model_.entry_row[e]);
        const Int bound = model_.row_bound[r], before = used_[z(r)], after = before + sign * model_.coefficient[e];
        over_ += std::max<Int>(0, after - bound) - std::max<Int>(0, before - bound);
        used_[z(r)] = after;
    }
}

// What a ticket's going from one node to another changes in the penalties of rows; a row may hold both pairs.
double Search::row_change(Index ticket, Index from, Index to) const {
    const auto range = [&](Index node) {
        const std::ptrdiff_t pair = model_.pair(ticket, node);
        return node == model_.agents ? std::make_pair(Int{0}, Int{0})
                                     : std::make_pair(model_.pair_first[pair], model_.pair_first[pair + 1]);
    };
    const auto in_row = [&](Int row, const std::pair<Int, Int>& entries) {
        for (Int e = entries.first; e < entries.second; ++e) {
            if (model_.entry_row[e] == row) return model_.coefficient[e];
        }
        return Int{0};
    };
    const auto left = range(from), reached = range(to);
    double total = 0;
    const auto add = [&](Int row, Int by) {
        const Int bound = model_.row_bound[row], used = used_[z(row)];
        const Int more = std::max<Int>(0, used + by - bound) - std::max<Int>(0, used - bound);
        total += row_penalty_[z(row)] * static_cast<double>(more);
    };
    for (Int e = reached.first; e < reached.second; ++e) {
        add(model_.entry_row[e], model_.coefficient[e] - in_row(model_.entry_row[e], left));
    }
    for (Int e = left.first; e < left.second; ++e) {
        if (in_row(model_.entry_row[e], reached) == 0) add(model_.entry_row[e], -model_.coefficient[e]);
    }
    return total;
}

// Whether an agent has too much since it got this ticket: above its capacity, or above the bound of a row.
bool Search::is_crowded(Index ticket, Index node) const {
    if (node == model_.agents) return false;
    if (load_[z(node)] > model_.capacity(node)) return true;
    if (model_.rows == 0) return false;
    const std::ptrdiff_t pair = model_.pair(ticket, node);
    for (Int e = model_.pair_first[pair]; e < model_.pair_first[pair + 1]; ++e) {
        if (used_[z(model_.entry_row[e])] > model_.row_bound[model_.entry_row[e]]) return true;
    }
    return false;
}

// What it changes if a ticket goes from one node to another.
double Search::change(Index ticket, const Candidate& from, const Candidate& to) const {
    const Int here = load_[z(from.node)], there = load_[z(to.node)];
    const double rows = model_.rows == 0 ? 0 : row_change(ticket, from.node, to.node);
    return rows + static_cast<double>(to.cost - from.cost) + load_cost(from.node, here - from.work) -
           load_cost(from.node, here) + load_cost(to.node, there + to.work) - load_cost(to.node, there);
}

bool Search::attempt(double temperature) {
    const Index exit = model_.agents;
    steps_.clear();
    const auto is_moved = [&](Index t) {
        return std::any_of(steps_.begin(), steps_.end(), [t](const Step& step) { return step.ticket == t; });
    };
    const Index t = random_.below(z(model_.n));
    const std::size_t count = first_[z(t) + 1] - first_[z(t)];
    const double draw = random_.unit();
    const Candidate& to =
        candidates_[first_[z(t)] + static_cast<std::size_t>(draw * draw * static_cast<double>(count))];
    const Index giver = place_[z(t)];
    if (to.node == giver) return false;
    double total = change(t, own_[z(t)], to);
    steps_.push_back({t, giver});
    put(t, to.node);

    // While somebody has too much, hand on.
    Index full = to.node, last = t;
    for (int depth = 0; depth < kDepth && is_crowded(last, full); ++depth) {
        const std::vector<Index>& members = members_[z(full)];
        double least = std::numeric_limits<double>::infinity(), taken = 0;
        Index who = -1, where = -1;
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
                    taken = value;
                    who = s;
                    where = other.node;
                }
            }
        }
        if (who < 0) break;
        total += taken;
        steps_.push_back({who, full});
        put(who, where);
        full = where;
        last = who;
    }

    // Who gave one away may have room for another.
    if (giver != exit && load_[z(giver)] < model_.capacity(giver) && random_.unit() < kTurnIn &&
        !wanted_by_[z(giver)].empty()) {
        double least = 0;
        Index who = -1;
        for (Index k = 0; k < kDrawn; ++k) {
            const Index s = wanted_by_[z(giver)][z(random_.below(wanted_by_[z(giver)].size()))];
            if (place_[z(s)] == giver || is_moved(s)) continue;
            const Candidate in{giver, 0, model_.cost[model_.pair(s, giver)], model_.work(s, giver)};
            const double value = change(s, own_[z(s)], in);
            if (value < least) {
                least = value;
                who = s;
            }
        }
        if (who >= 0) {
            total += least;
            steps_.push_back({who, place_[z(who)]});
            put(who, giver);
        }
    }

    return is_kept(total, temperature);
}

// Metropolis' rule for the steps made, which are taken back where it says so.
bool Search::is_kept(double total, double temperature) {
    if (total <= 0 || total < -temperature * std::log(1 - random_.unit())) return true;
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) put(step->ticket, step->from);
    return false;
}

void Search::keep_if_best() {
    if (over_ != 0 || cost_ >= best_cost_) return;
    best_cost_ = cost_;
    best_ = place_;
    for (Index& node : best_) node = node == model_.agents ? -1 : node;
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
    using Clock = std::chrono::steady_clock;
    const Clock::time_point began = Clock::now();
    place_all(start.empty() ? cheapest_ : start);
    best_.clear();
    best_cost_ = std::numeric_limits<Int>::max();
    keep_if_best();
    const double fall = std::log(cold / hot);
    const std::int64_t steering = std::clamp(moves / kSteerings, kLeastSteering, kMostSteering);
    double temperature = hot;
    for (std::int64_t k = 0; k < moves; ++k) {
        if (k % steering == 0) {
            const double gone = std::chrono::duration<double>(Clock::now() - began).count() / seconds;
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
