// Python bindings of the generalized assignment engine. The typed stub gap.pyi says what each function takes.
#include <nanobind/stl/tuple.h>

#include <tuple>

#include "binding.hpp"
#include "gap_dive.hpp"
#include "gap_search.hpp"

namespace nb = nanobind;
using namespace nb::literals;
using namespace ticketopt::binding;
using ticketopt::Index;
using ticketopt::Int;
using ticketopt::IsStopped;
using ticketopt::owned_array;
using ticketopt::z;
using ticketopt::gap::Dive;
using ticketopt::gap::Knapsacks;
using ticketopt::gap::Model;
using ticketopt::gap::Search;

namespace {

using Floats = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

// Packing rows by pair: bound, pair_first, entry_row, coefficient.
using Rows = std::tuple<Ints, Ints, Ints, Ints>;

// The arrays of a model, kept alive as long as somebody reads them.
class Arrays {
public:
    Arrays(Matrix cost, std::optional<Mask> allowed, Matrix effort, const Ints& capacity, const Ints& segment_start,
           Matrix segments, Ints exit_cost, std::optional<Rows> rows)
        : cost_(std::move(cost)), effort_(std::move(effort)), segments_(std::move(segments)),
          exit_cost_(std::move(exit_cost)), allowed_(std::move(allowed)), rows_(std::move(rows)) {
        const std::size_t n = cost_.shape(0), agents = cost_.shape(1);
        check_shapes(cost_, allowed_, capacity, exit_cost_);
        require(effort_.shape(0) == n && (effort_.shape(1) == 1 || effort_.shape(1) == agents),
                "effort must be (n, 1) or (n, A)");
        model_.n = static_cast<Index>(n);
        model_.agents = static_cast<Index>(agents);
        model_.cost = cost_.data();
        model_.allowed = allowed_ ? bytes(allowed_->data()) : nullptr;
        model_.effort = effort_.data();
        model_.by_agent = effort_.shape(1) != 1;
        model_.slots = slots_of(capacity, segment_start, segments_);
        model_.exit = exit_cost_.data();
        if (rows_) read_rows(*rows_);
    }
    const Model& model() const { return model_; }

private:
    void read_rows(const Rows& rows) {
        const auto& [bound, pair_first, entry_row, coefficient] = rows;
        const std::size_t pairs = cost_.shape(0) * cost_.shape(1), entries = entry_row.shape(0);
        require(pair_first.shape(0) == pairs + 1 && coefficient.shape(0) == entries,
                "rows have arrays of the wrong length");
        require(bound.shape(0) < (std::size_t{1} << 30), "too many rows");
        for (std::size_t p = 0; p < pairs; ++p) require(pair_first(p) <= pair_first(p + 1), "pair_first must not fall");
        require(pair_first(0) == 0 && pair_first(pairs) == static_cast<Int>(entries), "pair_first is not a partition");
        for (std::size_t e = 0; e < entries; ++e) {
            require(entry_row(e) >= 0 && entry_row(e) < static_cast<Int>(bound.shape(0)), "an entry is in no row");
        }
        model_.rows = static_cast<Index>(bound.shape(0));
        model_.row_bound = bound.data();
        model_.pair_first = pair_first.data();
        model_.entry_row = entry_row.data();
        model_.coefficient = coefficient.data();
    }

    Model model_;
    Matrix cost_, effort_, segments_;
    Ints exit_cost_;
    std::optional<Mask> allowed_;
    std::optional<Rows> rows_;
};

std::vector<double> read_price(const Model& model, const Floats& price) {
    require(price.shape(0) == z(model.agents + model.rows), "price must have one entry per agent and row");
    return {price.data(), price.data() + price.shape(0)};
}

std::vector<double> read_worth(const Model& model, const Floats& worth) {
    require(worth.shape(0) == z(model.n), "worth must have one entry per ticket");
    return {worth.data(), worth.data() + worth.shape(0)};
}

const std::uint8_t* read_kept(const Model& model, const Mask& kept) {
    require(kept.shape(0) == z(model.n) && kept.shape(1) == z(model.agents), "kept must have the shape of cost");
    return bytes(kept.data());
}

// What `raise(now, is_stopped)` makes of `now`, and the bound that it returns, without Python's lock.
template <typename Raise>
nb::tuple raised(std::vector<double> now, double seconds, nb::object is_stopped, const Raise& raise) {
    const double bound = compute_unlocked(seconds, std::move(is_stopped),
                                          [&](const IsStopped& is_stopped_now) { return raise(now, is_stopped_now); });
    return nb::make_tuple(owned_array(std::move(now)), bound);
}

nb::tuple raise_prices(const Arrays& arrays, const Floats& price, double upper, int steps, double seconds,
                       nb::object is_stopped) {
    const auto raise = [&](std::vector<double>& now, const IsStopped& is_stopped_now) {
        return ticketopt::gap::raise_prices(arrays.model(), now, upper, steps, is_stopped_now);
    };
    return raised(read_price(arrays.model(), price), seconds, std::move(is_stopped), raise);
}

nb::object construct(const Arrays& arrays, const Ints& order) {
    std::vector<Index> tickets;
    for (std::size_t k = 0; k < order.shape(0); ++k) {
        require(order(k) >= 0 && order(k) < arrays.model().n, "order names a ticket that is not there");
        tickets.push_back(static_cast<Index>(order(k)));
    }
    std::vector<Index> plan;
    {
        nb::gil_scoped_release released;
        plan = ticketopt::gap::construct(arrays.model(), tickets);
    }
    return to_array<Index>(plan, -1);
}

class PyKnapsacks {
public:
    PyKnapsacks(const Arrays& arrays, const Floats& price, const Mask& kept)
        : model_(arrays.model()), knapsacks_(model_, read_price(model_, price), read_kept(model_, kept)) {}
    nb::tuple raise(const Floats& worth, double upper, int steps, double seconds, nb::object is_stopped) {
        const auto raise = [&](std::vector<double>& now, const IsStopped& is_stopped_now) {
            return knapsacks_.raise(now, upper, steps, is_stopped_now);
        };
        return raised(read_worth(model_, worth), seconds, std::move(is_stopped), raise);
    }
    nb::object forced(const Floats& worth) {
        const std::vector<double> now = read_worth(model_, worth);
        std::vector<double> above;
        {
            nb::gil_scoped_release released;
            above = knapsacks_.forced(now);
        }
        return owned_array(std::move(above));
    }
    double cells() const { return knapsacks_.cells(); }

private:
    const Model& model_;
    Knapsacks knapsacks_;
};

class PySearch {
public:
    PySearch(const Arrays& arrays, const Floats& price, std::size_t candidates, std::uint64_t seed)
        : model_(arrays.model()),
          search_(arrays.model(), read_price(arrays.model(), price), at_least_one(candidates), seed) {}

    std::int64_t anneal(const std::optional<Ints>& start, double hot, double cold, std::int64_t moves, double seconds,
                        nb::object is_stopped) {
        require(seconds > 0, "seconds must be above 0");
        const std::vector<Index> plan = start ? read_start(*start) : std::vector<Index>{};
        return compute_unlocked(std::nullopt, std::move(is_stopped), [&](const IsStopped& is_stopped_now) {
            return search_.anneal(plan, hot, cold, moves, seconds, is_stopped_now);
        });
    }
    nb::object best() const {
        return search_.best().empty() ? nb::none() : nb::object(to_array<Index>(search_.best(), -1));
    }
    double scale() const { return search_.scale(); }

private:
    std::vector<Index> read_start(const Ints& start) const {
        require(start.shape(0) == z(model_.n), "start must have one entry per ticket");
        std::vector<Index> plan;
        for (Index t = 0; t < model_.n; ++t) {
            const Int agent = start(z(t));
            require(agent < model_.agents, "start names an agent that is not there");
            plan.push_back(static_cast<Index>(agent < 0 ? -1 : agent));
            require(plan.back() < 0 || model_.fits(t, plan.back()), "start has a pair that the model does not allow");
        }
        return plan;
    }
    static std::size_t at_least_one(std::size_t candidates) {
        require(candidates > 0, "candidates must be at least 1");
        return candidates;
    }

    const Model& model_;
    Search search_;
};

class PyDive {
public:
    PyDive(const Arrays& arrays, const Mask& kept, const Floats& worth, double box, double tolerance,
           std::uint64_t seed)
        : dive_(without_rows(arrays), read_kept(arrays.model(), kept), read_worth(arrays.model(), worth),
                above_zero(box), above_zero(tolerance), seed) {}
    double solve(double seconds, nb::object is_stopped) {
        return compute_unlocked(seconds, std::move(is_stopped),
                                [this](const IsStopped& is_stopped_now) { return dive_.solve(is_stopped_now); });
    }
    nb::object dive(double noise, double seconds, nb::object is_stopped) {
        const auto plan = compute_unlocked(seconds, std::move(is_stopped), [&](const IsStopped& is_stopped_now) {
            return dive_.dive(noise, is_stopped_now);
        });
        return to_array<Index>(plan, -1);
    }

private:
    static const Model& without_rows(const Arrays& arrays) {
        require(arrays.model().rows == 0, "a dive sees no rows");
        return arrays.model();
    }
    static double above_zero(double value) {
        require(value > 0, "box and tolerance must be above 0");
        return value;
    }

    Dive dive_;
};

}  // namespace

NB_MODULE(gap, module) {
    module.doc() = "The compiled generalized assignment engine; see ticketopt.solvers.price_guided.";
    const auto array = [](const char* name) { return nb::arg(name).noconvert(); };
    const auto array_or_none = [](const char* name) { return nb::arg(name).none().noconvert(); };

    nb::class_<Arrays>(module, "Arrays")
        .def(nb::init<Matrix, std::optional<Mask>, Matrix, const Ints&, const Ints&, Matrix, Ints,
                      std::optional<Rows>>(),
             array("cost"), array_or_none("allowed"), array("effort"), array("capacity"), array("segment_start"),
             array("segments"), array("exit_cost"), array_or_none("rows") = nb::none());
    module.def("construct", &construct, "arrays"_a, array("order"));
    module.def("raise_prices", &raise_prices, "arrays"_a, array("price"), "upper"_a, "steps"_a, "seconds"_a,
               "is_stopped"_a.none() = nb::none());
    nb::class_<PyKnapsacks>(module, "Knapsacks")
        .def(nb::init<const Arrays&, const Floats&, const Mask&>(), "arrays"_a, array("price"), array("kept"),
             nb::keep_alive<1, 2>())
        .def("raise_bound", &PyKnapsacks::raise, array("worth"), "upper"_a, "steps"_a, "seconds"_a,
             "is_stopped"_a.none() = nb::none())
        .def("forced", &PyKnapsacks::forced, array("worth"))
        .def("cells", &PyKnapsacks::cells);
    nb::class_<PySearch>(module, "Search")
        .def(nb::init<const Arrays&, const Floats&, std::size_t, std::uint64_t>(), "arrays"_a, array("price"),
             "candidates"_a, "seed"_a, nb::keep_alive<1, 2>())
        .def("anneal", &PySearch::anneal, array_or_none("start"), "hot"_a, "cold"_a, "moves"_a, "seconds"_a,
             "is_stopped"_a.none() = nb::none())
        .def("best", &PySearch::best)
        .def("scale", &PySearch::scale);
    nb::class_<PyDive>(module, "Dive")
        .def(nb::init<const Arrays&, const Mask&, const Floats&, double, double, std::uint64_t>(), "arrays"_a,
             array("kept"), array("worth"), "box"_a, "tolerance"_a, "seed"_a, nb::keep_alive<1, 2>())
        .def("solve", &PyDive::solve, "seconds"_a, "is_stopped"_a.none() = nb::none())
        .def("dive", &PyDive::dive, "noise"_a, "seconds"_a, "is_stopped"_a.none() = nb::none());
}
