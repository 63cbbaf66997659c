// Python bindings of the network engine: arrays in, arrays out. The typed stub network.pyi says what each function takes.
#include <algorithm>
#include <memory>

#include "binding.hpp"
#include "network_engine.hpp"

namespace nb = nanobind;
using namespace nb::literals;
using namespace ticketopt;
using namespace ticketopt::binding;

namespace {

constexpr double kFinish = 4e-9;  // seconds per pair that an answer takes once the search is over

// A plan, its prices, and whether it is optimal. A stopped search still has to be finished, and its prices added up,
// with a few looks at every one of `n_pairs`.
nb::tuple solve_view(const CostView& view, std::size_t n, std::size_t n_pairs, const std::vector<Slots>& slots,
                     std::optional<double> time_limit, nb::object is_stopped) {
    if (time_limit) *time_limit -= std::min(*time_limit / 2, kFinish * static_cast<double>(n_pairs));
    const Solution solution = compute_unlocked(time_limit, std::move(is_stopped), [&](const IsStopped& is_stopped_now) {
        WorkCounter counter(is_stopped_now);
        return solve(view, static_cast<Index>(n), slots, counter);
    });
    return nb::make_tuple(to_array<Index>(solution.place, static_cast<Index>(slots.size())),
                          to_array<Int>(solution.price, kForbidden), solution.is_optimal);
}

nb::tuple solve_arrays(const Matrix& cost, const std::optional<Mask>& allowed, const Ints& capacity,
                       const Ints& segment_start, const Matrix& segments, const Ints& exit_cost,
                       std::optional<double> time_limit, nb::object is_stopped) {
    const std::size_t n = cost.shape(0), n_agents = cost.shape(1);
    check_shapes(cost, allowed, capacity, exit_cost);
    CostView view;
    view.cost = cost.data();
    view.allowed = allowed ? bytes(allowed->data()) : nullptr;
    view.exit = exit_cost.data();
    view.stride = static_cast<std::ptrdiff_t>(n_agents);
    return solve_view(view, n, n * n_agents, slots_of(capacity, segment_start, segments), time_limit,
                      std::move(is_stopped));
}

// What is read later without a look: every row's pairs are in the arrays, its agents ascend, and they are agents.
void check_pairs(const Ints& row_start, const Indices& agent, std::size_t n_agents) {
    const Int* start = row_start.data();
    const std::size_t n = row_start.shape(0) - 1;
    require(start[0] == 0 && start[n] == static_cast<Int>(agent.shape(0)), "row_start must lead through all pairs");
    for (std::size_t t = 0; t < n; ++t) {
        require(start[t] <= start[t + 1] && start[t + 1] <= start[n], "row_start must not fall");
        Index before = -1;
        for (Int k = start[t]; k < start[t + 1]; ++k) {
            const Index a = agent.data()[k];
            require(before < a && a < static_cast<Index>(n_agents), "the agents of a row must ascend");
            before = a;
        }
    }
}

nb::tuple solve_pairs(const Ints& row_start, const Indices& agent, const Ints& cost, const Ints& capacity,
                      const Ints& segment_start, const Matrix& segments, const Ints& exit_cost,
                      std::optional<double> time_limit, nb::object is_stopped) {
    const std::size_t n = exit_cost.shape(0), n_agents = capacity.shape(0);
    require(n < (std::size_t{1} << 30) && n_agents < (std::size_t{1} << 20), "too many tickets or agents");
    require(row_start.shape(0) == n + 1, "row_start must have one entry per ticket and one more");
    require(agent.shape(0) == cost.shape(0), "cost must have one entry per pair");
    check_pairs(row_start, agent, n_agents);
    CostView view;
    view.cost = cost.data();
    view.exit = exit_cost.data();
    view.start = row_start.data();
    view.agent = agent.data();
    return solve_view(view, n, cost.shape(0), slots_of(capacity, segment_start, segments), time_limit,
                      std::move(is_stopped));
}

Engine::Ticket read_ticket(std::size_t n_agents, const Ints& cost, const std::optional<Flags>& allowed, Int exit_cost,
                           Int change_cost) {
    require(cost.shape(0) == n_agents, "cost must have one entry per agent");
    require(!allowed || allowed->shape(0) == n_agents, "allowed must have one entry per agent");
    require(change_cost >= 0, "change_cost must not be negative");
    return {cost.data(), allowed ? bytes(allowed->data()) : nullptr, exit_cost, change_cost};
}

Engine::Units read_units(Int capacity, const Matrix& segments) {
    const Slots slots = checked_slots(capacity, segments, 0, static_cast<Int>(segments.shape(0)));
    return {{slots.segments, slots.segments + slots.n_segments}, slots.size};
}

// Python's side of the incremental engine: checks numbers, turns answers into Python objects.
class PyEngine {
public:
    PyEngine(const Matrix& cost, const std::optional<Mask>& allowed, const Ints& capacity, const Ints& segment_start,
             const Matrix& segments, const Ints& exit_cost, const Ints& change_cost, const std::optional<Ints>& place) {
        const std::size_t n = cost.shape(0), n_agents = cost.shape(1);
        check_shapes(cost, allowed, capacity, exit_cost);
        require(change_cost.shape(0) == n, "change_cost must have one entry per ticket");
        require(!place || place->shape(0) == n, "place must have one entry per ticket");
        std::vector<Index> places(n, -1);
        for (std::size_t t = 0; place && t < n; ++t) {
            require(-1 <= (*place)(t) && (*place)(t) < static_cast<Int>(n_agents), "place must be -1 or an agent");
            places[t] = static_cast<Index>((*place)(t));
        }
        std::vector<Engine::Units> slots;
        for (const Slots& agent : slots_of(capacity, segment_start, segments)) {
            slots.push_back({{agent.segments, agent.segments + agent.n_segments}, agent.size});
        }
        std::vector<Engine::Ticket> tickets(n);
        for (std::size_t t = 0; t < n; ++t) {
            const std::uint8_t* flags = allowed ? bytes(allowed->data()) + t * n_agents : nullptr;
            tickets[t] = {cost.data() + t * n_agents, flags, exit_cost(t), change_cost(t)};
        }
        try {
            engine_ = compute_unlocked(std::nullopt, nb::none(), [&](const IsStopped& is_stopped) {
                WorkCounter counter(is_stopped);
                return std::make_unique<Engine>(static_cast<Index>(n_agents), std::move(slots), tickets, places,
                                                counter);
            });
        } catch (const Stopped&) {
            throw nb::python_error();
        }
    }

    nb::tuple add_ticket(const Ints& cost, const std::optional<Flags>& allowed, Int exit_cost, Int change_cost) {
        const Index ticket = engine_->add_ticket(read_ticket(n_agents(), cost, allowed, exit_cost, change_cost));
        return nb::make_tuple(ticket, moves());
    }
    nb::list remove_ticket(Index ticket) {
        require(engine_->has_ticket(ticket), "no such ticket");
        engine_->remove_ticket(ticket);
        return moves();
    }
    nb::list change_ticket(Index ticket, const Ints& cost, const std::optional<Flags>& allowed, Int exit_cost,
                           Int change_cost) {
        require(engine_->has_ticket(ticket), "no such ticket");
        engine_->change_ticket(ticket, read_ticket(n_agents(), cost, allowed, exit_cost, change_cost));
        return moves();
    }
    nb::list set_slots(Index agent, Int capacity, const Matrix& segments) {
        require(engine_->has_agent(agent), "no such agent");
        engine_->set_slots(agent, read_units(capacity, segments));
        return moves();
    }
    nb::list change_agent(Index agent, const Ints& column, const std::optional<Flags>& allowed, Int capacity,
                          const Matrix& segments) {
        require(engine_->has_agent(agent), "no such agent");
        const std::size_t numbers = z(engine_->n_numbers());
        require(column.shape(0) == numbers, "column must have one entry per ticket number");
        require(!allowed || allowed->shape(0) == numbers, "allowed must have one entry per ticket number");
        engine_->change_agent(agent, column.data(), allowed ? bytes(allowed->data()) : nullptr,
                              read_units(capacity, segments));
        return moves();
    }
    nb::object assignment() const {
        std::vector<Index> places;
        places.reserve(z(engine_->n_numbers()));
        for (Index t = 0; t < engine_->n_numbers(); ++t) {
            places.push_back(engine_->has_ticket(t) ? engine_->place(t) : -2);
        }
        return to_array<Index>(places, -1);
    }
    nb::object prices() const {
        std::vector<Int> prices;
        prices.reserve(n_agents());
        for (Index a = 0; a < engine_->n_agents(); ++a) prices.push_back(engine_->price(a));
        return to_array<Int>(prices, kForbidden);
    }
    Int served_cost() const { return engine_->served_cost(); }
    Int objective() const { return engine_->objective(); }

private:
    std::size_t n_agents() const { return z(engine_->n_agents()); }
    nb::list moves() const {
        nb::list result;
        for (const Engine::Move& move : engine_->moves()) {
            result.append(nb::make_tuple(move.ticket, move.from, move.to));
        }
        return result;
    }
    std::unique_ptr<Engine> engine_;
};

}  // namespace

// No array is ever converted or copied on the way in: another type or layout is a TypeError.
NB_MODULE(network, module) {
    const auto array = [](const char* name) { return nb::arg(name).noconvert(); };
    const auto array_or_none = [](const char* name) { return nb::arg(name).none().noconvert(); };

    module.def("solve", &solve_arrays, array("cost"), array_or_none("allowed"), array("capacity"),
               array("segment_start"), array("segments"), array("exit_cost"), "time_limit"_a.none() = nb::none(),
               "is_stopped"_a.none() = nb::none());

    module.def("solve_pairs", &solve_pairs, array("row_start"), array("agent"), array("cost"), array("capacity"),
               array("segment_start"), array("segments"), array("exit_cost"), "time_limit"_a.none() = nb::none(),
               "is_stopped"_a.none() = nb::none());

    nb::class_<PyEngine>(module, "Engine")
        .def(nb::init<const Matrix&, const std::optional<Mask>&, const Ints&, const Ints&, const Matrix&, const Ints&,
                      const Ints&, const std::optional<Ints>&>(),
             array("cost"), array_or_none("allowed"), array("capacity"), array("segment_start"), array("segments"),
             array("exit_cost"), array("change_cost"), array_or_none("place") = nb::none())
        .def("add_ticket", &PyEngine::add_ticket, array("cost"), array_or_none("allowed"), "exit_cost"_a,
             "change_cost"_a = 0)
        .def("remove_ticket", &PyEngine::remove_ticket, "ticket"_a)
        .def("change_ticket", &PyEngine::change_ticket, "ticket"_a, array("cost"), array_or_none("allowed"),
             "exit_cost"_a, "change_cost"_a = 0)
        .def("set_slots", &PyEngine::set_slots, "agent"_a, "capacity"_a, array("segments"))
        .def("change_agent", &PyEngine::change_agent, "agent"_a, array("column"), array_or_none("allowed"),
             "capacity"_a, array("segments"))
        .def("assignment", &PyEngine::assignment)
        .def("prices", &PyEngine::prices)
        .def("served_cost", &PyEngine::served_cost)
        .def("objective", &PyEngine::objective);
}
