// Step 3 of the generalized assignment engine: plans out of whole knapsacks, where an agent has few tickets.
//
// What an agent serves is one knapsack out of very many. The linear program over all of them (gap_master.hpp) proves as
// much as the best knapsack prices, and its solution is close to a plan. It is solved by column generation: the
// program's duals are worths, at which every agent's best knapsack (gap_knapsack.cpp) is added. Then a dive makes a plan
// of it (Sadykov, Vanderbeck, Pessoa, Tahiri and Uchoa 2019): the knapsack of the largest share is fixed, the program is
// solved again over what is left, with new knapsacks, and so on. Noise on the shares makes every dive another one.
#pragma once

#include <cstdint>
#include <vector>

#include "gap.hpp"
#include "gap_master.hpp"
#include "random.hpp"

namespace ticketopt::gap {

class Dive {
public:
    // For models without rows. Only pairs that are `kept` are looked at. The duals of tickets stay within `box` of their
    // worth at first. The program counts as solved when it is so near to its bound.
    Dive(const Model& model, const std::uint8_t* kept, const std::vector<double>& worth, double box, double tolerance,
         std::uint64_t seed);

    // Solves the program. Returns a bound, as doubles add it up, of all plans of pairs that are kept.
    double solve(const IsStopped& is_stopped);

    // A plan, -1 for what it leaves out, even at the price of a dear exit. `noise`: of a share, at most.
    std::vector<Index> dive(double noise, const IsStopped& is_stopped);

private:
    double generate(Master& master, int rounds, const IsStopped& is_stopped);
    double add_best(Master& master);
    std::vector<Master::Column> choose(const Master& master, double noise);
    void fix(Master& master, Master::Column column);

    Knapsacks knapsacks_;
    Random random_;
    Master master_;
    Index n_, agents_;
    double tolerance_, least_;
    std::vector<Index> plan_;  // of the dive
    std::vector<std::uint8_t> is_gone_;
    std::vector<double> worth_;
    std::vector<Index> tickets_;
};

}  // namespace ticketopt::gap
