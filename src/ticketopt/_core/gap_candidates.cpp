// Step 2, before the search: the candidates of every ticket, and what the search measures costs by.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "gap_search.hpp"

namespace ticketopt::gap {

namespace {

constexpr double kLeastScale = 0.2;  // of the mean of the next choices' reduced costs

// Quantiles of Gumbel's law for minima, found once: logarithms would take half of the time.
const std::vector<float>& gumbel() {
    static const std::vector<float> quantiles = [] {
        std::vector<float> values;
        values.reserve(Search::kNoise);
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
    filled_ = std::vector<Filled>(model.slots.begin(), model.slots.end());
    members_.resize(z(model.agents) + 1);
    find_candidates(price, candidates);
    price_.assign(price.begin(), price.begin() + model.agents);
    price_.push_back(0);
    load_costs_.resize(kTogether);
    for (Index a = 0; a < model.agents; ++a) {
        const double u = price[z(a)];
        calm_.push_back(model.slots[z(a)].count([u](Int cost) { return static_cast<double>(cost) <= u; }));
    }
    for (Index t = 0; t < model_.n; ++t) {
        const Index node = candidates_[first_[z(t)]].node;
        cheapest_.push_back(node == model.agents ? -1 : node);
    }
}

// The candidates, those of least reduced cost; then the scale and the penalties that follow from them.
void Search::find_candidates(const std::vector<double>& price, std::size_t most) {
    const Index agents = model_.agents;
    wanted_by_.resize(z(agents));
    std::vector<Candidate> all;
    std::vector<std::uint32_t> lot(z(agents) + 1);  // breaks ties: else the first agents would get them all
    std::vector<double> others;
    for (Index t = 0; t < model_.n; ++t) {
        list_nodes(t, price, all);
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
            if (all[k].node == agents) continue;
            wanted_by_[z(all[k].node)].push_back(t);
            if (k > 0) others.push_back(all[k].reduced);
        }
    }
    first_.push_back(candidates_.size());
    double mean_price = 0;
    for (Index a = 0; a < agents; ++a) mean_price += price[z(a)] / agents;
    find_scale(others, mean_price);
    find_penalties(price, mean_price);
}

// Every node that a ticket may be on, with its cost at the prices.
void Search::list_nodes(Index ticket, const std::vector<double>& price, std::vector<Candidate>& all) const {
    const Int exit = model_.exit[ticket];
    all.clear();
    all.push_back({model_.agents, static_cast<double>(exit), exit, 0});
    for (Index a = 0; a < model_.agents; ++a) {
        if (!model_.fits(ticket, a)) continue;
        const Int cost = model_.cost[model_.pair(ticket, a)], work = model_.work(ticket, a);
        const double paid = static_cast<double>(work) * price[z(a)] + model_.toll(ticket, a, price);
        all.push_back({a, static_cast<double>(cost) + paid, cost, work});
    }
}

// `others`: the reduced costs of all candidates but the cheapest ones.
void Search::find_scale(std::vector<double>& others, double mean_price) {
    if (others.empty()) return;
    const auto middle = others.begin() + static_cast<std::ptrdiff_t>(others.size() / 2);
    std::nth_element(others.begin(), middle, others.end());
    const double mean = std::accumulate(others.begin(), others.end(), 0.0) / static_cast<double>(others.size());
    scale_ = std::max({*middle, kLeastScale * mean, mean_price, 1e-3});  // where many are tied, the median says little
}

void Search::find_penalties(const std::vector<double>& price, double mean_price) {
    for (Index a = 0; a < model_.agents; ++a) {
        penalty_.push_back(std::max({price[z(a)], mean_price, 1e-3 * scale_}) * 1.5);
    }
    for (Index r = 0; r < model_.rows; ++r) {
        row_penalty_.push_back(std::max(price[z(model_.agents + r)], scale_) * 1.5);
    }
}

}  // namespace ticketopt::gap
