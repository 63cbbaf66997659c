#include "text_claims.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "owned_array.hpp"
#include "require.hpp"

namespace ticketopt::text {

namespace {

// The phrases that were found, and the words that each holds.
struct Phrases {
    const Numbers &phrases, &spans, &firsts, &lasts;
    void check() const {
        const auto n_spans = static_cast<std::int64_t>(firsts.shape(0));
        require(firsts.shape(0) == lasts.shape(0), "every span needs a first and a last word");
        require(spans.shape(0) == phrases.shape(0) + 1 && spans(0) == 0,
                "spans must have one entry per phrase and one more");
        for (std::size_t k = 1; k < spans.shape(0); ++k) require(spans(k - 1) <= spans(k), "spans must not fall");
        require(spans(spans.shape(0) - 1) == n_spans, "spans must end with the words");
    }
    std::size_t begin(std::int64_t place) const {
        return static_cast<std::size_t>(spans(static_cast<std::size_t>(place)));
    }
    std::size_t end(std::int64_t place) const { return begin(place + 1); }
    // Whether the words of one phrase come before those of another, span by span.
    bool is_before(std::int64_t a, std::int64_t b) const {
        std::size_t k = begin(a), other = begin(b);
        for (; k < end(a) && other < end(b); ++k, ++other) {
            if (firsts(k) != firsts(other)) return firsts(k) < firsts(other);
            if (lasts(k) != lasts(other)) return lasts(k) < lasts(other);
        }
        return k == end(a) && other < end(b);
    }
    template <typename Is>
    bool any_word(std::int64_t place, Is is) const {
        for (std::size_t k = begin(place); k < end(place); ++k) {
            for (std::int64_t word = firsts(k); word <= lasts(k); ++word) {
                if (is(word)) return true;
            }
        }
        return false;
    }
};

struct Claim {
    double weight;
    std::int64_t place;
};

}  // namespace

nb::tuple accepted(const Values& weights, const Numbers& claims, const Numbers& ends, const Numbers& phrases,
                   const Numbers& spans, const Numbers& firsts, const Numbers& lasts, double repeat) {
    const Phrases found{phrases, spans, firsts, lasts};
    found.check();
    require(weights.shape(0) == claims.shape(0), "every claim needs a weight");
    std::vector<std::int64_t> counts(ends.shape(0)), places;
    std::vector<double> kept;
    std::vector<Claim> group;
    std::unordered_set<std::int64_t> taken;
    std::unordered_map<std::int64_t, double> factors;
    std::int64_t at = 0;
    for (std::size_t k = 0; k < ends.shape(0); ++k) {
        require(at <= ends(k) && ends(k) <= static_cast<std::int64_t>(claims.shape(0)),
                "ends must lie among the claims");
        group.clear(), taken.clear(), factors.clear();
        for (; at < ends(k); ++at) {
            const std::int64_t place = claims(static_cast<std::size_t>(at));
            require(0 <= place && place < static_cast<std::int64_t>(phrases.shape(0)),
                    "claims must be places of phrases");
            group.push_back({weights(static_cast<std::size_t>(at)), place});
        }
        std::stable_sort(group.begin(), group.end(), [&](const Claim& a, const Claim& b) {
            const double strong = std::abs(a.weight), other = std::abs(b.weight);
            return strong != other ? strong > other : found.is_before(a.place, b.place);
        });
        for (const Claim& claim : group) {
            if (found.any_word(claim.place, [&](std::int64_t word) { return taken.count(word) > 0; })) continue;
            found.any_word(claim.place, [&](std::int64_t word) { return taken.insert(word), false; });
            double& factor = factors.emplace(phrases(static_cast<std::size_t>(claim.place)), 1.0).first->second;
            kept.push_back(claim.weight * factor);
            places.push_back(claim.place);
            factor *= repeat;
            ++counts[k];
        }
    }
    return nb::make_tuple(owned_array(std::move(counts)), owned_array(std::move(kept)), owned_array(std::move(places)));
}

}  // namespace ticketopt::text
