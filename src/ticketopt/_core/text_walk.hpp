// Phrases found in a stream of words that stand for symbols.
#pragma once

#include <utility>

#include "text.hpp"
#include "text_edges.hpp"

namespace ticketopt::text {

using Span = std::pair<std::int64_t, std::int64_t>;  // first and last word, both included

// Hits as they are handed to Python; see `triage.phrase_table.Hits`.
struct Hits {
    std::vector<std::int64_t> texts, phrases, spans{0}, firsts, lasts;
    void add(std::int64_t text, std::int64_t phrase, const std::vector<Span>& where);
};

// Of one sentence the parts of `~` phrases that stand there, each where it stands first.
class Parts {
public:
    Parts(const nb::dict& parts, const nb::dict& anchored, std::size_t n_places);
    bool is_part(std::int32_t place) const { return is_part_[static_cast<std::size_t>(place)] != 0; }
    // What is there of a sentence.
    struct Present {
        explicit Present(const Parts& parts) : at(parts.is_part_.size(), -1) {}
        void add(std::int32_t place, Span span);
        void clear();
        std::vector<std::int32_t> places, at;  // in the order in which they came; place -> where in these, -1 for none
        std::vector<Span> spans;
    };
    // Calls take(phrase, spans) for every phrase all parts of which are there, each with words of its own.
    template <typename Take>
    void each(const Present& present, const Take& take) const;

private:
    struct Phrase {
        std::int64_t key;
        std::vector<std::vector<std::int32_t>> parts;
    };
    bool is_complete(const Phrase& phrase, const Present& present) const;
    bool find(const Phrase& phrase, const Present& present, std::vector<Span>& spans) const;

    std::vector<Phrase> phrases_;
    std::unordered_map<std::int32_t, std::vector<std::size_t>> anchored_;  // place -> phrases
    std::vector<std::uint8_t> is_part_;
};

// A tree of phrases.
class PhraseWalk {
public:
    // The tables of `triage.phrases.PhraseTree`.
    PhraseWalk(const nb::dict& below, const nb::dict& ends, const nb::dict& parts, const nb::dict& anchored);
    // Every phrase in some texts; see the stub.
    nb::tuple find(const Numbers& ids, const Numbers& counts, const Numbers& symbols, const Numbers& sentences,
                   const Numbers& starts) const;

private:
    struct Words;
    struct Apart {
        std::int64_t phrase;
        std::vector<Span> spans;
    };
    template <typename Take>
    void walk(const Words& words, std::size_t start, const Take& take) const;
    void add(const std::vector<Apart>& apart, std::size_t& next, std::int64_t text, std::int64_t end, Hits& hits) const;

    Edges edges_;
    std::vector<std::vector<std::int64_t>> ends_;  // place -> phrases
    Parts parts_;
};

}  // namespace ticketopt::text
