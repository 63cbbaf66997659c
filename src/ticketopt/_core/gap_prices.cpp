// Step 1: capacity prices and the bound they prove.
#include <algorithm>
#include <limits>

#include "gap.hpp"

namespace ticketopt::gap {

namespace {

constexpr double kDeflection = 0.7;  // part of the last direction that stays
constexpr double kHope = 0.2;        // the first target is so much above the first bound, relatively
constexpr double kNearer = 0.6;      // what the distance of the target is multiplied by after `kPatience` vain steps
constexpr double kFarther = 1.5;     // and after a step that came at least half of the way
constexpr double kClose = 1e-7;      // relative distance of the target at which the search ends
constexpr int kPatience = 20;

}  // namespace

double bound_at(const Model& model, const std::vector<double>& price, std::vector<double>* excess) {
    const Index agents = model.agents;
    if (excess != nullptr) excess->assign(z(agents + model.rows), 0);
    double total = 0, size = 0;
    const auto add = [&total, &size](double term) {
        total += term;
        size += std::abs(term);
    };
    for (Index t = 0; t < model.n; ++t) {
        double least = static_cast<double>(model.exit[t]);
        Index node = agents;
        for (Index a = 0; a < agents; ++a) {
            const double value = static_cast<double>(model.cost[model.pair(t, a)]) +
                                 static_cast<double>(model.work(t, a)) * price[z(a)] + model.toll(t, a, price);
            if (value < least && model.fits(t, a)) {
                least = value;
                node = a;
            }
        }
        add(least);
        if (excess == nullptr || node == agents) continue;
        (*excess)[z(node)] += static_cast<double>(model.work(t, node));
        for (const Int e : model.entries(t, node)) {
            (*excess)[z(agents + model.entry_row[e])] += static_cast<double>(model.coefficient[e]);
        }
    }
    for (Index r = 0; r < model.rows; ++r) {
        add(-price[z(agents + r)] * static_cast<double>(model.row_bound[r]));
        if (excess != nullptr) (*excess)[z(agents + r)] -= static_cast<double>(model.row_bound[r]);
    }
    for (Index a = 0; a < agents; ++a) {
        const double u = price[z(a)];
        const Int sold = model.slots[z(a)].count([u](Int cost) { return static_cast<double>(cost) < u; });
        if (excess != nullptr) (*excess)[z(a)] -= static_cast<double>(sold);
        add(static_cast<double>(model.slots[z(a)].total(sold)));
        add(-u * static_cast<double>(sold));
    }
    return total - model.rounding(size);
}

double climb(const Bound& bound, std::vector<double>& where, const std::vector<double>& low,
             const std::vector<double>& high, double upper, const std::function<double(double)>& hope, int steps,
             const IsStopped& is_stopped) {
    std::vector<double> now = where, excess, direction(where.size(), 0);
    double best = bound(where, &excess), value = best;
    const double least = kClose * (std::abs(best) + 1);
    double distance = hope(best);  // of the target from the best bound
    int stalled = 0;
    for (int step = 0; step < steps && !is_stopped(); ++step) {
        double norm = 0;
        for (std::size_t a = 0; a < now.size(); ++a) {
            direction[a] = kDeflection * direction[a] + (1 - kDeflection) * excess[a];
            if ((now[a] <= low[a] && direction[a] < 0) || (now[a] >= high[a] && direction[a] > 0)) direction[a] = 0;
            norm += direction[a] * direction[a];
        }
        if (norm <= 0) break;
        distance = std::min(distance, std::max(upper - best, least));
        // A longer step than the weight of what is new follows old directions away (d'Antonio and Frangioni 2009).
        const double stride = (1 - kDeflection) * (best + distance - value) / norm;
        for (std::size_t a = 0; a < now.size(); ++a) {
            now[a] = std::clamp(now[a] + stride * direction[a], low[a], high[a]);
        }
        value = bound(now, &excess);
        if (value > best) {
            if (value > best + distance / 2) {
                distance *= kFarther;
                stalled = 0;
            }
            best = value;
            where = now;
        }
        if (++stalled > kPatience) {
            stalled = 0;
            distance *= kNearer;
            now = where;
            value = bound(now, &excess);
            std::fill(direction.begin(), direction.end(), 0.0);
            if (distance < least) break;
        }
    }
    return best;
}

double raise_prices(const Model& model, std::vector<double>& price, double upper, int steps,
                    const IsStopped& is_stopped) {
    const Bound bound = [&model](const std::vector<double>& at, std::vector<double>* excess) {
        return bound_at(model, at, excess);
    };
    const std::vector<double> low(price.size(), 0), high(price.size(), std::numeric_limits<double>::infinity());
    const auto hope = [](double first) { return kHope * std::abs(first) + 1; };
    return climb(bound, price, low, high, upper, hope, steps, is_stopped);
}

}  // namespace ticketopt::gap
