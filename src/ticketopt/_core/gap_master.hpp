// The linear program over whole knapsacks; gap_dive.hpp says what for.
//
// Every ticket is served once, every agent fills one knapsack at most. Columns are knapsacks: an agent, some tickets, a
// cost. A ticket may also be left out, or be served once more, at a price that keeps its dual within a box about a given
// worth (boxstep; Marsten, Hogan and Blankenship 1975): the duals of so degenerate a program would else swing for long.
//
// It is solved by the primal simplex method with Devex prices (Harris 1973), on a dense inverse of the basis. The right
// hand sides are a little above 1, each by another amount at random, so that steps of length zero are rare.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gap.hpp"
#include "random.hpp"

namespace ticketopt::gap {

class Master {
public:
    using Column = std::size_t;
    struct Share {
        Column column;
        double value;
    };

    // `box`: how far the dual of a ticket may be from its worth. None is above the cost of the ticket's exit.
    Master(const Model& model, std::vector<double> worth, double box, Random& random);

    void add(Index agent, double cost, const std::vector<Index>& tickets);
    // Least cost with the columns there are, from the last basis on.
    void optimize(const IsStopped& is_stopped);
    // Makes all boxes so many times as wide.
    void widen(double times);
    // No other knapsack of this agent, and none with one of these tickets, is used any more.
    void fix(Column column);

    double dual_of_ticket(Index t) const { return dual_[z(t)]; }
    double dual_of_agent(Index a) const { return dual_[z(n_ + a)]; }
    double sum_of_duals() const;
    // The knapsacks in the basis, empty ones too, of agents of whom none is fixed.
    std::vector<Share> shares() const;
    Index agent(Column column) const { return agent_[column]; }
    std::vector<Index> tickets(Column column) const;
    bool is_fixed(Index a) const { return fixed_[z(a)] != 0; }

private:
    // Columns: leaving out each ticket, serving it once more, each agent's empty knapsack, and what is added.
    Column first_more() const { return z(n_); }
    Column first_empty() const { return 2 * z(n_); }
    Column first_added() const { return 2 * z(n_) + z(agents_); }
    // The column that is alone in a row of the first basis.
    Column alone(std::size_t row) const { return row < z(n_) ? row : row + z(n_); }
    bool is_free(Column column) const { return !in_basis_[column] && !barred_[column]; }
    void push(double cost, Index agent);
    void set_costs_of_boxes();
    double times(const double* row, Column column) const;
    void find_direction(Column column);
    std::size_t leaving_row() const;
    Column entering_column() const;
    bool pivot(Column column);
    void replace_row(std::size_t row);
    void reprice(Column entering, Column left, std::size_t row, double reduced);
    void find_duals();
    void price();
    void start_again();

    Index n_, agents_;
    const Int* exit_;
    std::vector<double> worth_;  // and the half width of all boxes:
    double box_, barred_cost_ = 0;
    std::vector<double> cost_;  // by column
    std::vector<Index> agent_;
    std::vector<std::size_t> first_;  // column -> its first entry; one more at the end
    std::vector<Index> entry_;
    std::vector<std::uint8_t> in_basis_, barred_;
    std::vector<double> reduced_, weight_;
    std::vector<std::uint8_t> fixed_;  // by agent
    std::size_t size_;                 // rows: tickets, then agents
    std::vector<Column> basis_;        // by row
    std::vector<double> inverse_, side_, value_, dual_, direction_;
    std::size_t since_ = 0;  // pivots on this inverse
};

}  // namespace ticketopt::gap
