// A first plan, ticket by ticket.
#include <limits>

#include "gap.hpp"

namespace ticketopt::gap {

std::vector<Index> construct(const Model& model, const std::vector<Index>& order) {
    const std::vector<Filled> filled(model.slots.begin(), model.slots.end());
    std::vector<Int> load(z(model.agents), 0);
    std::vector<Int> spare(model.row_bound, model.row_bound + model.rows);
    const auto fits_rows = [&](Index t, Index a) {
        for (const Int e : model.entries(t, a)) {
            if (model.coefficient[e] > spare[z(model.entry_row[e])]) return false;
        }
        return true;
    };

    std::vector<Index> plan(z(model.n), -1);
    for (const Index t : order) {
        Int least = std::numeric_limits<Int>::max();
        for (Index a = 0; a < model.agents; ++a) {
            const Int end = load[z(a)] + model.work(t, a);
            if (end > model.capacity(a)) continue;
            const std::ptrdiff_t pair = model.pair(t, a);
            const Int cost = model.cost[pair] + filled[z(a)](end) - filled[z(a)](load[z(a)]);
            if (cost >= least || (model.allowed != nullptr && model.allowed[pair] == 0)) continue;
            if (!fits_rows(t, a)) continue;
            least = cost;
            plan[z(t)] = a;
        }
        const Index a = plan[z(t)];
        if (a < 0) continue;
        if (least >= model.exit[t]) {
            plan[z(t)] = -1;
            continue;
        }
        load[z(a)] += model.work(t, a);
        for (const Int e : model.entries(t, a)) spare[z(model.entry_row[e])] -= model.coefficient[e];
    }
    return plan;
}

}  // namespace ticketopt::gap
