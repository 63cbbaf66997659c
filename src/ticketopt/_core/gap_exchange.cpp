// Step 2, the other move: a few agents exchange tickets in one of a great many ways.
//
// 1. Nodes that share candidates are chosen. Their shifts take a ticket of one of them to another; those that cost
//    least at the prices are kept.
// 2. A part is none, one or two shifts; two parts are an exchange of up to four.
// 3. Meet in the middle: the parts are sorted by what they add to the first agent's load, so that for each only those
//    are looked at that bring this load near to where it costs least. Tables say what every load costs.
// 4. One of the exchanges, or none, is chosen by Boltzmann's law. The penalties of rows are counted only then, and the
//    exchange is kept by Metropolis' rule.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "gap_search.hpp"

namespace ticketopt::gap {

namespace {

constexpr std::size_t kTogether = Search::kTogether;
constexpr int kTries = 12;             // draws of another node
constexpr std::size_t kMembers = 256;  // tickets looked at per node
constexpr std::size_t kShifts = 24;    // shifts kept
constexpr double kReach = 8;           // exchanges that cost more, in temperatures, are left out
constexpr Int kWidest = 4096;          // loads farther from the present one are left out

}  // namespace

void Search::choose_nodes() {
    nodes_.clear();
    const auto add = [&](Index node) {
        if (std::find(nodes_.begin(), nodes_.end(), node) == nodes_.end()) nodes_.push_back(node);
    };
    Index t = random_.below(z(model_.n));
    add(place_[z(t)]);
    for (int k = 0; k < kTries && nodes_.size() < kTogether; ++k) {
        const std::size_t count = first_[z(t) + 1] - first_[z(t)];
        add(candidates_[first_[z(t)] + z(random_.below(count))].node);
        const std::vector<Index>& members = members_[z(nodes_[z(random_.below(nodes_.size()))])];
        if (!members.empty()) t = members[z(random_.below(members.size()))];
    }
}

void Search::find_shifts() {
    shifts_.clear();
    const auto paid = [&](const Candidate& at) {
        return static_cast<double>(at.cost) + static_cast<double>(at.work) * price_[z(at.node)];
    };
    for (std::size_t x = 0; x < nodes_.size(); ++x) {
        const std::vector<Index>& members = members_[z(nodes_[x])];
        const std::size_t count = std::min(members.size(), kMembers);
        const std::size_t skipped = count < members.size() ? z(random_.below(members.size())) : 0;
        for (std::size_t k = 0; k < count; ++k) {
            const Index t = members[(skipped + k) % members.size()];
            const Candidate& own = own_[z(t)];
            for (std::size_t c = first_[z(t)]; c < first_[z(t) + 1]; ++c) {
                const Candidate& other = candidates_[c];
                const auto y = std::find(nodes_.begin(), nodes_.end(), other.node);
                if (y == nodes_.end() || other.node == own.node) continue;
                shifts_.push_back({paid(other) - paid(own), t, other.node, static_cast<Index>(x),
                                   static_cast<Index>(y - nodes_.begin()), static_cast<Index>(own.work),
                                   static_cast<Index>(other.work)});
            }
        }
    }
    if (shifts_.size() <= kShifts) return;
    const auto by_value = [](const Shift& a, const Shift& b) { return a.value < b.value; };
    std::nth_element(shifts_.begin(), shifts_.begin() + static_cast<std::ptrdiff_t>(kShifts), shifts_.end(), by_value);
    shifts_.resize(kShifts);
}

void Search::find_parts() {
    const auto with = [&](Part part, std::size_t k) {
        const Shift& shift = shifts_[k];
        part.value += shift.value;
        part.load[shift.from] -= shift.out;
        part.load[shift.to] += shift.in;
        (part.first < 0 ? part.first : part.second) = static_cast<std::int16_t>(k);
        return part;
    };
    parts_.assign(1, Part{});
    for (std::size_t i = 0; i < shifts_.size(); ++i) {
        const Part one = with({}, i);
        parts_.push_back(one);
        for (std::size_t j = i + 1; j < shifts_.size(); ++j) {
            if (shifts_[i].ticket != shifts_[j].ticket) parts_.push_back(with(one, j));
        }
    }
}

// What a load costs at the prices, beyond the load that costs least.
double Search::beyond_least(Index node, Int load) const {
    if (node == model_.agents) return 0;
    const Int calm = calm_[z(node)];
    return load_cost(node, load) - load_cost(node, calm) - price_[z(node)] * static_cast<double>(load - calm);
}

// That for the loads about the present one that cost at most `most`; it falls up to the calm load, and then rises.
void Search::find_load_costs(LoadCosts& costs, Index node, double most) const {
    costs.cost.clear();
    const Int load = load_[z(node)], calm = calm_[z(node)];
    Int low = std::max<Int>(load - kWidest, 0);
    for (Int high = std::max(low, calm); low < high;) {
        const Int middle = low + (high - low) / 2;
        if (beyond_least(node, middle) > most) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    costs.offset = load - low;
    for (Int at = low; at <= load + kWidest; ++at) {
        const double beyond = beyond_least(node, at);
        if (beyond > most && at > calm) break;
        costs.cost.push_back(beyond);
    }
}

bool Search::share_a_ticket(const Part& p, const Part& q) const {
    for (const int i : {p.first, p.second}) {
        for (const int j : {q.first, q.second}) {
            if (i >= 0 && j >= 0 && shifts_[z(i)].ticket == shifts_[z(j)].ticket) return true;
        }
    }
    return false;
}

// The agents come first, and how many they are.
std::size_t Search::put_exit_last() {
    const auto exit = std::find(nodes_.begin(), nodes_.end(), model_.agents);
    if (exit != nodes_.end()) std::swap(*exit, nodes_.back());
    return nodes_.size() - (nodes_.back() == model_.agents ? 1 : 0);
}

// Parts that cost more than `most` go; the others are sorted by what they add to the first agent's load.
void Search::keep_cheap_parts(double most) {
    const auto is_dear = [most](const Part& part) { return part.value > most; };
    parts_.erase(std::remove_if(parts_.begin(), parts_.end(), is_dear), parts_.end());
    for (Part& part : parts_) part.key = part.load[0];
    std::sort(parts_.begin(), parts_.end(), [](const Part& p, const Part& q) { return p.key < q.key; });
}

// What two parts and the loads that they lead to cost; above the limit, anything above it.
double Search::value_of(const Part& p, const Part& q, std::size_t agents, double limit) const {
    double total = p.value + q.value;
    for (std::size_t x = 0; x < agents && total <= limit; ++x) {
        const LoadCosts& costs = load_costs_[x];
        const Int at = costs.offset + p.load[x] + q.load[x];
        const bool is_known = at >= 0 && at < static_cast<Int>(costs.cost.size());
        total = is_known ? total + costs.cost[z(at)] : std::numeric_limits<double>::infinity();
    }
    return total;
}

// Two parts by Boltzmann's law; null where none is better than what there is.
Search::Halves Search::choose_halves(std::size_t agents, double now, double limit, double temperature) {
    Halves chosen{nullptr, nullptr};
    double best = now + temperature * noise();
    const Int offset = load_costs_[0].offset, width = static_cast<Int>(load_costs_[0].cost.size());
    const auto is_before = [](const Part& part, Int key) { return part.key < key; };
    for (auto p = parts_.cbegin(); p != parts_.cend(); ++p) {
        const Int base = offset + p->key;
        auto q = std::lower_bound(p + 1, parts_.cend(), -base, is_before);
        for (; q != parts_.cend() && base + q->key < width; ++q) {
            const double total = value_of(*p, *q, agents, limit);
            if (total > limit || share_a_ticket(*p, *q)) continue;
            const double drawn = total + temperature * noise();
            if (drawn < best) {
                best = drawn;
                chosen = {&*p, &*q};
            }
        }
    }
    return chosen;
}

bool Search::exchange(double temperature) {
    // 1. and 2. Nodes, shifts, parts.
    choose_nodes();
    if (nodes_.size() < 2) return false;
    const std::size_t agents = put_exit_last();
    find_shifts();
    find_parts();

    // 3. Meet in the middle.
    double least = 0, now = 0;
    for (const Part& part : parts_) least = std::min(least, part.value);
    for (std::size_t x = 0; x < agents; ++x) now += beyond_least(nodes_[x], load_[z(nodes_[x])]);
    const double limit = now + kReach * temperature, most = limit - least;
    keep_cheap_parts(most);
    for (std::size_t x = 0; x < agents; ++x) find_load_costs(load_costs_[x], nodes_[x], most - least);
    const auto [left, right] = choose_halves(agents, now, limit, temperature);
    if (left == nullptr) return false;

    // 4. The exchange, and what it changes in the penalties of rows.
    start_steps();
    for (const int k : {left->first, left->second, right->first, right->second}) {
        if (k < 0) continue;
        const Shift& shift = shifts_[z(k)];
        const Index from = place_[z(shift.ticket)];
        step(shift.ticket, shift.node, model_.rows > 0 ? row_change(shift.ticket, from, shift.node) : 0);
    }
    return is_kept(temperature);
}

}  // namespace ticketopt::gap
