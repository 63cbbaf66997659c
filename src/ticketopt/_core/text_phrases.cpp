#include <algorithm>

#include "text.hpp"

namespace ticketopt::text {

PhraseList::PhraseList(const nb::sequence& phrases, Py_UCS4 dense) : dense_(dense) {
    for (nb::handle phrase : phrases) {
        require_text(phrase);
        const Characters letters(phrase);
        if (letters.size() == 0) throw nb::value_error("a phrase must not be empty");
        beginning_with_[letters[0]].push_back(phrases_.size());
        Phrase& own = phrases_.emplace_back();
        for (Py_ssize_t k = 0; k < letters.size(); ++k) own.push_back(letters[k]);
    }
    for (const auto& [sign, places] : beginning_with_) {
        if (sign < ascii_.size()) ascii_[sign] = &places;
    }
}

// Calls take(phrase, start) for every phrase that stands in the text where a word begins, in the order of the text.
template <typename Take>
void PhraseList::each(const Characters& text, Py_ssize_t end, const Take& take) const {
    bool is_inside = false;  // a word
    for (Py_ssize_t start = 0; start < end; ++start) {
        const Py_UCS4 sign = text[start];
        const bool goes_on = is_inside;
        is_inside = is_alphanumeric(sign);
        if (goes_on && is_inside && sign < dense_) continue;
        const std::vector<std::size_t>* places = nullptr;
        if (sign < ascii_.size()) {
            places = ascii_[sign];
        } else if (const auto found = beginning_with_.find(sign); found != beginning_with_.end()) {
            places = &found->second;
        }
        if (places == nullptr) continue;
        for (const std::size_t place : *places) {
            const Phrase& phrase = phrases_[place];
            const auto length = static_cast<Py_ssize_t>(phrase.size());
            if (length > end - start) continue;
            Py_ssize_t k = 1;
            while (k < length && text[start + k] == phrase[static_cast<std::size_t>(k)]) ++k;
            if (k == length) take(place, start);
        }
    }
}

nb::object PhraseList::find(const nb::str& text, Py_ssize_t end) const {
    const Characters letters(text);
    std::size_t best = phrases_.size();
    Py_ssize_t begin = 0;
    each(letters, std::min(end, letters.size()), [&](std::size_t place, Py_ssize_t start) {
        if (place < best) best = place, begin = start;
    });
    if (best == phrases_.size()) return nb::none();
    return nb::make_tuple(begin, begin + static_cast<Py_ssize_t>(phrases_[best].size()));
}

int PhraseList::count(const nb::str& text, int enough) const {
    const Characters letters(text);
    std::unordered_set<std::size_t> found;
    each(letters, letters.size(), [&](std::size_t place, Py_ssize_t) { found.insert(place); });
    return std::min(enough, static_cast<int>(found.size()));
}

}  // namespace ticketopt::text
