// The linear program over knapsacks: its simplex method.
#include "gap_master.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace ticketopt::gap {

namespace {

constexpr double kAbove = 1e-5;         // of the right hand sides above 1, at most
constexpr double kSlip = 1e-7;          // what values may fall below zero by (Harris' ratio test)
constexpr double kLeastPivot = 1e-5;    // smaller elements would spoil the inverse
constexpr double kSingular = 1e-8;      // what leaves a column out of a new inverse
constexpr double kWorthwhile = 1e-5;    // of the first box: a reduced cost below minus this enters
constexpr double kBarred = 10;          // barred knapsacks cost so many times the dearest one
constexpr std::size_t kPerInverse = 2;  // pivots per row after which the inverse is found afresh
constexpr int kBetweenQuestions = 64;   // pivots

}  // namespace

Master::Master(const Model& model, std::vector<double> worth, double box, Random& random)
    : n_(model.n), agents_(model.agents), exit_(model.exit), worth_(std::move(worth)), box_(box),
      fixed_(z(model.agents), 0), size_(z(model.n + model.agents)) {
    first_.push_back(0);
    for (Index k = 0; k < 2 * n_; ++k) push(0, -1);
    for (Index a = 0; a < agents_; ++a) push(0, a);
    set_costs_of_boxes();
    for (std::size_t r = 0; r < size_; ++r) {
        side_.push_back(1 + kAbove * random.unit());
        basis_.push_back(alone(r));
    }
    direction_.resize(size_);
    start_again();
}

void Master::push(double cost, Index agent) {
    cost_.push_back(cost);
    agent_.push_back(agent);
    in_basis_.push_back(0);
    barred_.push_back(0);
    reduced_.push_back(0);
    weight_.push_back(1);
    first_.push_back(entry_.size());
}

void Master::add(Index agent, double cost, const std::vector<Index>& tickets) {
    entry_.insert(entry_.end(), tickets.begin(), tickets.end());
    push(cost, agent);
    barred_cost_ = std::max(barred_cost_, kBarred * (std::abs(cost) + 1));
}

void Master::set_costs_of_boxes() {
    for (std::size_t t = 0; t < z(n_); ++t) {
        const double exit = static_cast<double>(exit_[t]), most = std::min(worth_[t] + box_, exit);
        cost_[t] = most;
        cost_[first_more() + t] = -std::min(worth_[t] - box_, most);
    }
}

void Master::widen(double times) {
    box_ *= times;
    set_costs_of_boxes();
    find_duals();
}

// A row vector times a column.
double Master::times(const double* row, Column column) const {
    if (column < first_more()) return row[column];
    if (column < first_empty()) return -row[column - first_more()];
    double sum = row[n_ + agent_[column]];
    for (std::size_t e = first_[column]; e < first_[column + 1]; ++e) sum += row[entry_[e]];
    return sum;
}

// The inverse times a column.
void Master::find_direction(Column column) {
    for (std::size_t i = 0; i < size_; ++i) direction_[i] = times(inverse_.data() + i * size_, column);
}

// The row whose value falls to zero first; of those that fall a little beyond it, the one that falls fastest. `size_`
// where none falls.
std::size_t Master::leaving_row() const {
    double most = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < size_; ++i) {
        if (direction_[i] > kLeastPivot) most = std::min(most, (value_[i] + kSlip) / direction_[i]);
    }
    std::size_t row = size_;
    for (std::size_t i = 0; i < size_; ++i) {
        const bool is_first = direction_[i] > kLeastPivot && value_[i] <= most * direction_[i];
        if (is_first && (row == size_ || direction_[i] > direction_[row])) row = i;
    }
    return row;
}

// By Devex prices; the number of columns where none is worthwhile.
Master::Column Master::entering_column() const {
    Column entering = cost_.size();
    const double least = -kWorthwhile * box_;
    double best = 0;
    for (Column c = 0; c < cost_.size(); ++c) {
        if (reduced_[c] >= least || !is_free(c)) continue;
        const double score = reduced_[c] * reduced_[c] / weight_[c];
        if (score <= best) continue;
        best = score;
        entering = c;
    }
    return entering;
}

// What an elementary row operation with the direction makes of the inverse.
void Master::replace_row(std::size_t row) {
    double* own = inverse_.data() + row * size_;
    const double scale = 1 / direction_[row];
    for (std::size_t r = 0; r < size_; ++r) own[r] *= scale;
    for (std::size_t i = 0; i < size_; ++i) {
        const double by = direction_[i];
        if (i == row || by == 0) continue;
        double* other = inverse_.data() + i * size_;
        for (std::size_t r = 0; r < size_; ++r) other[r] -= by * own[r];
    }
}

// Reduced costs and weights after a pivot.
void Master::reprice(Column entering, Column left, std::size_t row, double reduced) {
    const double* own = inverse_.data() + row * size_;
    const double weight = weight_[entering], scale = 1 / direction_[row];
    for (std::size_t r = 0; r < size_; ++r) dual_[r] += reduced * own[r];
    for (Column c = 0; c < cost_.size(); ++c) {
        if (!is_free(c)) continue;
        const double by = times(own, c);
        reduced_[c] -= reduced * by;
        weight_[c] = std::max(weight_[c], by * by * weight);
    }
    reduced_[left] = -reduced * scale;
    weight_[left] = std::max(weight * scale * scale, 1.0);
}

// Whether the column could enter the basis.
bool Master::pivot(Column column) {
    find_direction(column);
    const std::size_t row = leaving_row();
    if (row == size_) return false;
    const double reduced = cost_[column] - times(dual_.data(), column);
    const double step = std::max(0.0, value_[row] / direction_[row]);
    for (std::size_t i = 0; i < size_; ++i) value_[i] -= step * direction_[i];
    value_[row] = step;
    replace_row(row);
    const Column left = basis_[row];
    basis_[row] = column;
    in_basis_[column] = 1;
    in_basis_[left] = 0;
    reprice(column, left, row, reduced);
    if (++since_ >= kPerInverse * size_) start_again();
    return true;
}

void Master::find_duals() {
    dual_.assign(size_, 0);
    for (std::size_t i = 0; i < size_; ++i) {
        const double cost = cost_[basis_[i]];
        const double* row = inverse_.data() + i * size_;
        for (std::size_t r = 0; r < size_; ++r) dual_[r] += cost * row[r];
    }
    price();
}

// The reduced costs, and new weights.
void Master::price() {
    for (Column c = 0; c < cost_.size(); ++c) reduced_[c] = cost_[c] - times(dual_.data(), c);
    std::fill(weight_.begin(), weight_.end(), 1.0);
}

// The inverse afresh, against rounding: from the identity, by one pivot for each column of the basis that is not alone
// in a row. A column that depends on others is left out.
void Master::start_again() {
    since_ = 0;
    const std::vector<Column> wanted = basis_;
    std::vector<std::uint8_t> is_done(size_, 0);
    std::fill(in_basis_.begin(), in_basis_.end(), std::uint8_t{0});
    inverse_.assign(size_ * size_, 0);
    for (std::size_t r = 0; r < size_; ++r) {
        inverse_[r * size_ + r] = 1;
        basis_[r] = alone(r);
    }
    for (const Column c : wanted) {
        if (c < first_more()) is_done[c] = 1;
        if (first_empty() <= c && c < first_added()) is_done[c - z(n_)] = 1;
    }
    for (const Column c : wanted) {
        if (c < first_more() || (first_empty() <= c && c < first_added())) continue;
        find_direction(c);
        std::size_t row = size_;
        for (std::size_t i = 0; i < size_; ++i) {
            if (is_done[i]) continue;
            if (row == size_ || std::abs(direction_[i]) > std::abs(direction_[row])) row = i;
        }
        if (row == size_ || std::abs(direction_[row]) < kSingular) continue;
        replace_row(row);
        is_done[row] = 1;
        basis_[row] = c;
    }
    value_.assign(size_, 0);
    for (std::size_t i = 0; i < size_; ++i) {
        in_basis_[basis_[i]] = 1;
        for (std::size_t r = 0; r < size_; ++r) value_[i] += inverse_[i * size_ + r] * side_[r];
        value_[i] = std::max(0.0, value_[i]);
    }
    find_duals();
}

void Master::optimize(const IsStopped& is_stopped) {
    price();
    for (int k = 1; k % kBetweenQuestions != 0 || !is_stopped(); ++k) {
        const Column entering = entering_column();
        if (entering == cost_.size()) return;
        if (pivot(entering)) continue;
        if (since_ > 0) {
            start_again();
        } else {
            reduced_[entering] = 0;  // only rounding says that it would be worthwhile
        }
    }
}

void Master::fix(Column column) {
    fixed_[z(agent_[column])] = 1;
    std::vector<std::uint8_t> is_taken(z(n_), 0);
    for (const Index t : tickets(column)) is_taken[z(t)] = 1;
    for (Column c = first_empty(); c < cost_.size(); ++c) {
        if (c == column || barred_[c]) continue;
        bool is_hit = agent_[c] == agent_[column];
        for (std::size_t e = first_[c]; e < first_[c + 1]; ++e) is_hit = is_hit || is_taken[z(entry_[e])];
        if (!is_hit) continue;
        barred_[c] = 1;
        cost_[c] += barred_cost_;
    }
    find_duals();
}

// What tickets and agents pay; no ticket more than its exit costs.
double Master::sum_of_duals() const {
    double sum = 0;
    for (Index t = 0; t < n_; ++t) sum += std::min(dual_[z(t)], static_cast<double>(exit_[t]));
    for (Index a = 0; a < agents_; ++a) sum += dual_[z(n_ + a)];
    return sum;
}

std::vector<Master::Share> Master::shares() const {
    std::vector<Share> found;
    for (std::size_t i = 0; i < size_; ++i) {
        const Column c = basis_[i];
        if (c >= first_empty() && !barred_[c] && !is_fixed(agent_[c])) found.push_back({c, value_[i]});
    }
    return found;
}

std::vector<Index> Master::tickets(Column column) const {
    return {entry_.begin() + static_cast<std::ptrdiff_t>(first_[column]),
            entry_.begin() + static_cast<std::ptrdiff_t>(first_[column + 1])};
}

}  // namespace ticketopt::gap
