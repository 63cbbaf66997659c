// Knapsack prices: every agent fills a knapsack, by dynamic programming over its load.
#include <algorithm>
#include <limits>

#include "gap.hpp"

namespace ticketopt::gap {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kHope = 0.3;  // part of the way to a plan's cost that the first step wants to go

}  // namespace

Knapsacks::Knapsacks(const Model& model, const std::vector<double>& price, const std::uint8_t* kept) : model_(model) {
    for (Index a = 0; a < model.agents; ++a) {
        Knapsack knapsack;
        for (Index t = 0; t < model.n; ++t) {
            if (kept[model.pair(t, a)] == 0 || !model.fits(t, a)) continue;
            knapsack.items.push_back({t, static_cast<Index>(model.work(t, a)),
                                      static_cast<double>(model.cost[model.pair(t, a)]) + model.toll(t, a, price)});
        }
        knapsack.slots = model.slots[z(a)];
        knapsack.width = z(knapsack.slots.size) + 1;
        knapsack.earned =
            -static_cast<double>(knapsack.slots.total(knapsack.slots.count([](Int cost) { return cost < 0; })));
        if (knapsack.width > 1) knapsack.first = std::min(0.0, static_cast<double>(knapsack.slots.cost(0)));
        cells_ += static_cast<double>(knapsack.items.size()) * static_cast<double>(knapsack.width);
        knapsacks_.push_back(std::move(knapsack));
    }
    for (Index r = 0; r < model.rows; ++r) {
        rent_ += price[z(model.agents + r)] * static_cast<double>(model.row_bound[r]);
    }
}

// The cost of the first k units, for all k.
void Knapsacks::fill(const Knapsack& knapsack) {
    filled_.assign(1, 0);
    Int sum = 0;
    knapsack.slots.each([&](Int cost) { filled_.push_back(static_cast<double>(sum += cost)); });
}

// The items that can be worth their cost, and the others. Returns the size of their values, all added up.
double Knapsacks::find_worthwhile(const Knapsack& knapsack, const std::vector<double>& worth) {
    chosen_.clear();
    others_.clear();
    double sum = 0;
    for (const Item& item : knapsack.items) {
        const double value = item.cost - worth[z(item.ticket)];
        if (value + static_cast<double>(item.work) * knapsack.first < 0) {
            chosen_.push_back({item.ticket, item.work, value});
            sum += std::abs(value);
        } else {
            others_.push_back({item.ticket, item.work, value});
        }
    }
    return sum;
}

// The least value of a knapsack of the worthwhile items, and its load.
double Knapsacks::find_best_load(const Knapsack& knapsack, std::size_t& load) {
    fill(knapsack);
    const std::size_t reached = fill_table(knapsack);
    double least = kInfinity;
    for (std::size_t l = 0; l <= reached; ++l) {
        if (value_[l] + filled_[l] < least) {
            least = value_[l] + filled_[l];
            load = l;
        }
    }
    return least;
}

// The least value of a knapsack of the worthwhile items; takes those in it off `excess`.
double Knapsacks::solve(const Knapsack& knapsack, std::vector<double>* excess) {
    std::size_t load = 0;
    const double least = find_best_load(knapsack, load);
    if (excess != nullptr) {
        each_taken(load, knapsack.width, [excess](const Item& item) { (*excess)[z(item.ticket)] -= 1; });
    }
    return least;
}

// The least value of the chosen items at every load, and which are taken for it. Returns the largest load that can be.
std::size_t Knapsacks::fill_table(const Knapsack& knapsack) {
    const std::size_t width = knapsack.width, capacity = width - 1;
    value_.assign(width, kInfinity);
    value_[0] = 0;
    next_.resize(width);
    taken_.resize(chosen_.size() * width);
    std::size_t reached = 0;  // loads above cannot be yet
    std::uint8_t* taken = taken_.data();
    for (const Item& item : chosen_) {
        const std::size_t work = z(item.work);
        const std::size_t top = std::min(capacity, reached + work);
        const double* before = value_.data();
        double* after = next_.data();
        const std::size_t start = std::min(work, width);
        std::copy(before, before + start, after);
        std::fill(taken, taken + start, std::uint8_t{0});
        for (std::size_t load = work; load <= top; ++load) {
            const double with = before[load - work] + item.cost;
            const bool is_better = with < before[load];
            after[load] = is_better ? with : before[load];
            taken[load] = is_better;
        }
        std::fill(after + std::max(start, top + 1), after + width, kInfinity);
        reached = std::max(reached, top);
        value_.swap(next_);
        taken += width;
    }
    return reached;
}

// The items of the table's best knapsack of this load.
template <typename See>
void Knapsacks::each_taken(std::size_t load, std::size_t width, See see) const {
    for (std::size_t k = chosen_.size(); k-- > 0;) {
        if (taken_[k * width + load] == 0) continue;
        see(chosen_[k]);
        load -= z(chosen_[k].work);
    }
}

double Knapsacks::best(Index a, const std::vector<double>& worth, std::vector<Index>& tickets, double& cost) {
    const Knapsack& knapsack = knapsacks_[z(a)];
    find_worthwhile(knapsack, worth);
    std::size_t load = 0;
    const double least = find_best_load(knapsack, load);
    tickets.clear();
    cost = least;
    each_taken(load, knapsack.width, [&](const Item& item) {
        tickets.push_back(item.ticket);
        cost += worth[z(item.ticket)];
    });
    return least;
}

double Knapsacks::bound_at(const std::vector<double>& worth, std::vector<double>* excess) {
    double total = -rent_, size = rent_;
    if (excess != nullptr) excess->assign(worth.size(), 0);
    for (Index t = 0; t < model_.n; ++t) {
        const double exit = static_cast<double>(model_.exit[t]);
        total += std::min(worth[z(t)], exit);
        size += std::abs(worth[z(t)]) + std::abs(exit < worth[z(t)] ? exit : 0);
        if (excess != nullptr && worth[z(t)] < exit) (*excess)[z(t)] += 1;
    }
    for (const Knapsack& knapsack : knapsacks_) {
        size += 2 * find_worthwhile(knapsack, worth) + knapsack.earned;
        total += solve(knapsack, excess);
    }
    rounding_ = model_.rounding(size);
    return total - rounding_;
}

double Knapsacks::raise(std::vector<double>& worth, double upper, int steps, const IsStopped& is_stopped) {
    const Bound bound = [this](const std::vector<double>& at, std::vector<double>* excess) {
        return bound_at(at, excess);
    };
    const std::vector<double> low(worth.size(), -kInfinity), high(model_.exit, model_.exit + model_.n);
    const auto hope = [upper](double first) { return kHope * std::max(1.0, upper - first); };
    return climb(bound, worth, low, high, upper, hope, steps, is_stopped);
}

// What every chosen item and those after it add at every load. Returns the least value of all.
double Knapsacks::fill_rest(std::size_t width) {
    const std::size_t count = chosen_.size();
    rest_.resize((count + 1) * width);
    std::copy(filled_.begin(), filled_.end(), rest_.begin() + static_cast<std::ptrdiff_t>(count * width));
    for (std::size_t k = count; k-- > 0;) {
        const double* after = rest_.data() + (k + 1) * width;
        double* own = rest_.data() + k * width;
        const std::size_t work = z(chosen_[k].work);
        for (std::size_t load = 0; load < width; ++load) {
            own[load] = load + work < width ? std::min(after[load], after[load + work] + chosen_[k].cost) : after[load];
        }
    }
    return rest_[0];
}

// What it adds to the least value to have an item in, and out: at every load, the best of the items before it and the
// best of those after it come together. What is not worth its cost is added to the best of all the others.
void Knapsacks::force(const Knapsack& knapsack, const std::vector<double>& worth, std::vector<double>& in,
                      std::vector<double>& out) {
    find_worthwhile(knapsack, worth);
    fill(knapsack);
    const std::size_t width = knapsack.width;
    const double least = fill_rest(width);
    value_.assign(width, kInfinity);
    value_[0] = 0;
    for (std::size_t k = 0; k < chosen_.size(); ++k) {
        const double* after = rest_.data() + (k + 1) * width;
        const std::size_t work = z(chosen_[k].work);
        double with = kInfinity, without = kInfinity;
        for (std::size_t load = 0; load < width; ++load) {
            without = std::min(without, value_[load] + after[load]);
            if (load + work < width) with = std::min(with, value_[load] + after[load + work] + chosen_[k].cost);
        }
        in[z(chosen_[k].ticket)] = with - least;
        out[z(chosen_[k].ticket)] = without - least;
        for (std::size_t load = width; load-- > work;) {
            value_[load] = std::min(value_[load], value_[load - work] + chosen_[k].cost);
        }
    }
    for (const Item& item : others_) {
        double with = kInfinity;
        for (std::size_t load = 0; load + z(item.work) < width; ++load) {
            with = std::min(with, value_[load] + filled_[load + z(item.work)]);
        }
        in[z(item.ticket)] = with + item.cost - least;
    }
}

std::vector<double> Knapsacks::forced(const std::vector<double>& worth) {
    const std::size_t nodes = z(model_.agents) + 1, n = z(model_.n);
    bound_at(worth, nullptr);  // knows the rounding
    std::vector<double> above(n * nodes, kInfinity), in(n), out(n), others(n, 0);
    for (Index a = 0; a < model_.agents; ++a) {
        std::fill(in.begin(), in.end(), kInfinity);
        std::fill(out.begin(), out.end(), 0.0);
        force(knapsacks_[z(a)], worth, in, out);
        for (std::size_t t = 0; t < n; ++t) {
            above[t * nodes + z(a)] = in[t] - out[t];
            others[t] += out[t];
        }
    }
    for (std::size_t t = 0; t < n; ++t) {
        const double exit = static_cast<double>(model_.exit[static_cast<std::ptrdiff_t>(t)]);
        const double least = std::min(worth[t], exit);
        for (std::size_t a = 0; a + 1 < nodes; ++a) {
            above[t * nodes + a] += others[t] + worth[t] - least - 2 * rounding_;
        }
        above[t * nodes + nodes - 1] = others[t] + exit - least - 2 * rounding_;
    }
    return above;
}

}  // namespace ticketopt::gap
