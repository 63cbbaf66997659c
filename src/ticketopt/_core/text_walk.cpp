#include "text_walk.hpp"

#include <algorithm>

#include "owned_array.hpp"
#include "require.hpp"

namespace ticketopt::text {

namespace {

std::int32_t place_of(nb::handle number) { return nb::cast<std::int32_t>(number); }

// One more than the largest place of a tree.
std::size_t n_places_of(const nb::dict& below) {
    std::int32_t largest = 0;
    for (const auto& [place, edges] : below) {
        for (const auto& [symbol, to] : nb::cast<nb::dict>(edges)) largest = std::max(largest, place_of(to));
    }
    return static_cast<std::size_t>(largest) + 1;
}

}  // namespace

void Hits::add(std::int64_t text, std::int64_t phrase, const std::vector<Span>& where) {
    texts.push_back(text);
    phrases.push_back(phrase);
    for (const auto& [first, last] : where) {
        firsts.push_back(first);
        lasts.push_back(last);
    }
    spans.push_back(static_cast<std::int64_t>(firsts.size()));
}

Parts::Parts(const nb::dict& parts, const nb::dict& anchored, std::size_t n_places) : is_part_(n_places) {
    std::unordered_map<std::int64_t, std::size_t> places_of_keys;
    for (const auto& [key, sets] : parts) {
        Phrase& phrase = phrases_.emplace_back();
        phrase.key = nb::cast<std::int64_t>(key);
        places_of_keys[phrase.key] = phrases_.size() - 1;
        for (nb::handle part : sets) {
            std::vector<std::int32_t>& places = phrase.parts.emplace_back();
            for (nb::handle place : part) {
                places.push_back(place_of(place));
                is_part_.at(static_cast<std::size_t>(places.back())) = 1;
            }
        }
    }
    for (const auto& [place, keys] : anchored) {
        std::vector<std::size_t>& own = anchored_[place_of(place)];
        for (nb::handle key : keys) own.push_back(places_of_keys.at(nb::cast<std::int64_t>(key)));
    }
}

void Parts::Present::add(std::int32_t place, Span span) {
    std::int32_t& where = at[static_cast<std::size_t>(place)];
    if (where >= 0) return;
    where = static_cast<std::int32_t>(places.size());
    places.push_back(place);
    spans.push_back(span);
}

void Parts::Present::clear() {
    for (const std::int32_t place : places) at[static_cast<std::size_t>(place)] = -1;
    places.clear();
    spans.clear();
}

bool Parts::is_complete(const Phrase& phrase, const Present& present) const {
    return std::all_of(phrase.parts.begin(), phrase.parts.end(), [&](const auto& part) {
        return std::any_of(part.begin(), part.end(),
                           [&](std::int32_t place) { return present.at[static_cast<std::size_t>(place)] >= 0; });
    });
}

// Of each part the first span that no part before it has.
bool Parts::find(const Phrase& phrase, const Present& present, std::vector<Span>& spans) const {
    spans.clear();
    for (const std::vector<std::int32_t>& part : phrase.parts) {
        const Span* best = nullptr;
        for (const std::int32_t place : part) {
            const std::int32_t where = present.at[static_cast<std::size_t>(place)];
            if (where < 0) continue;
            const Span& span = present.spans[static_cast<std::size_t>(where)];
            const bool is_free = std::find(spans.begin(), spans.end(), span) == spans.end();
            if (is_free && (best == nullptr || span < *best)) best = &span;
        }
        if (best == nullptr) return false;
        spans.push_back(*best);
    }
    return true;
}

template <typename Take>
void Parts::each(const Present& present, const Take& take) const {
    if (present.places.size() < 2) return;
    std::vector<std::size_t> sought;
    std::unordered_set<std::size_t> known;
    for (const std::int32_t place : present.places) {
        const auto keys = anchored_.find(place);
        if (keys == anchored_.end()) continue;
        for (const std::size_t phrase : keys->second) {
            if (known.insert(phrase).second && is_complete(phrases_[phrase], present)) sought.push_back(phrase);
        }
    }
    std::vector<Span> spans;
    for (const std::size_t phrase : sought) {
        if (find(phrases_[phrase], present, spans)) take(phrases_[phrase].key, spans);
    }
}

PhraseWalk::PhraseWalk(const nb::dict& below, const nb::dict& ends, const nb::dict& parts, const nb::dict& anchored)
    : ends_(n_places_of(below)), parts_(parts, anchored, n_places_of(below)) {
    for (const auto& [place, edges] : below) {
        for (const auto& [symbol, to] : nb::cast<nb::dict>(edges)) {
            edges_.made_below(place_of(place), nb::cast<std::uint32_t>(symbol), place_of(to));
        }
    }
    for (const auto& [place, keys] : ends) {
        for (nb::handle key : keys)
            ends_.at(static_cast<std::size_t>(place_of(place))).push_back(nb::cast<std::int64_t>(key));
    }
}

// The words of a stream, and for each the symbols that it stands for.
struct PhraseWalk::Words {
    Words(const Numbers& words, const Numbers& counts, const Numbers& all, const Numbers& sentence_of)
        : ids(words), symbols(all), sentences(sentence_of) {
        require(ids.shape(0) == sentences.shape(0), "every word needs a sentence");
        for (std::size_t k = 0; k < counts.shape(0); ++k) {
            require(counts(k) >= 0, "counts must not be negative");
            begins.push_back(begins.back() + static_cast<std::size_t>(counts(k)));
        }
        require(begins.back() == symbols.shape(0), "counts must add up to the symbols");
        for (std::size_t k = 0; k < ids.shape(0); ++k) {
            require(0 <= ids(k) && ids(k) < static_cast<std::int64_t>(counts.shape(0)), "ids must be places of words");
        }
    }
    bool is_silent(std::size_t word) const {
        const auto id = static_cast<std::size_t>(ids(word));
        return begins[id] == begins[id + 1];
    }
    template <typename Take>
    void each_symbol(std::size_t word, const Take& take) const {
        const auto id = static_cast<std::size_t>(ids(word));
        for (std::size_t k = begins[id]; k < begins[id + 1]; ++k) take(static_cast<std::uint32_t>(symbols(k)));
    }
    const Numbers &ids, &symbols, &sentences;
    std::vector<std::size_t> begins{0};
};

// Calls take(place, last word) for every place that is reached by the words from `start`, the nearest first.
template <typename Take>
void PhraseWalk::walk(const Words& words, std::size_t start, const Take& take) const {
    if (words.is_silent(start)) return;
    std::vector<std::int32_t> here(1, 0), next;
    for (std::size_t last = start; !here.empty() && last < words.ids.shape(0); ++last) {
        if (words.sentences(last) != words.sentences(start)) return;
        next.clear();
        for (const std::int32_t place : here) {
            words.each_symbol(last, [&](std::uint32_t symbol) {
                if (const std::int32_t below = edges_.below(place, symbol); below > 0) next.push_back(below);
            });
        }
        for (const std::int32_t place : next) take(place, last);
        here.swap(next);
    }
}

// The phrases of several spans that stand in a text, which ends before word `end`.
void PhraseWalk::add(const std::vector<Apart>& apart, std::size_t& next, std::int64_t text, std::int64_t end,
                     Hits& hits) const {
    for (; next < apart.size() && apart[next].spans.front().first < end; ++next) {
        hits.add(text, apart[next].phrase, apart[next].spans);
    }
}

nb::tuple PhraseWalk::find(const Numbers& ids, const Numbers& counts, const Numbers& symbols, const Numbers& sentences,
                           const Numbers& starts) const {
    const Words words(ids, counts, symbols, sentences);
    const std::size_t n_words = ids.shape(0);
    require(starts.shape(0) >= 1 && starts(starts.shape(0) - 1) == static_cast<std::int64_t>(n_words),
            "starts must end with the words");
    Hits hits;
    std::vector<Apart> apart;
    Parts::Present present(parts_);
    const auto end_sentence = [&] {
        parts_.each(present,
                    [&](std::int64_t phrase, const std::vector<Span>& spans) { apart.push_back({phrase, spans}); });
        present.clear();
    };
    std::vector<Span> span(1);
    std::size_t word = 0, next_apart = 0;
    for (std::size_t text = 0; text + 1 < starts.shape(0); ++text) {
        for (; word < static_cast<std::size_t>(std::max<std::int64_t>(0, starts(text + 1))) && word < n_words; ++word) {
            if (word > 0 && sentences(word) != sentences(word - 1)) end_sentence();
            walk(words, word, [&](std::int32_t place, std::size_t last) {
                span[0] = {static_cast<std::int64_t>(word), static_cast<std::int64_t>(last)};
                for (const std::int64_t phrase : ends_[static_cast<std::size_t>(place)]) {
                    hits.add(static_cast<std::int64_t>(text), phrase, span);
                }
                if (parts_.is_part(place)) present.add(place, span[0]);
            });
        }
        end_sentence();
        add(apart, next_apart, static_cast<std::int64_t>(text), starts(text + 1), hits);
    }
    return nb::make_tuple(owned_array(std::move(hits.texts)), owned_array(std::move(hits.phrases)),
                          owned_array(std::move(hits.spans)), owned_array(std::move(hits.firsts)),
                          owned_array(std::move(hits.lasts)));
}

}  // namespace ticketopt::text
