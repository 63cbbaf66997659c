// What words stand for in a tree of phrases, exactly as `triage.phrases` writes the signs of phrases.
#pragma once

#include <deque>

#include "text.hpp"

namespace ticketopt::text {

class WordSymbols {
public:
    // Token -> symbol; beginning of a word -> symbol; see the stub.
    WordSymbols(const nb::dict& tokens, const nb::dict& prefixes, const nb::object& general, const nb::object& numbers,
                const Words& words, nb::callable folded, nb::callable stem);
    // How many symbols each word has, and all these one after the other.
    nb::tuple of(const nb::list& words, const nb::list& stems, const nb::list& lows, const Numbers& kinds,
                 Py_ssize_t longest) const;

private:
    enum Kind : std::uint8_t { compounds = 1, shouted = 2 };
    using Table = std::unordered_map<std::string_view, std::int64_t>;
    std::string_view kept(std::string_view key);
    void add_prefix(const nb::str& prefix, std::int64_t symbol);
    void resolve(const nb::object& word, nb::handle base, const nb::object& low, unsigned kinds,
                 std::vector<std::int64_t>& found) const;
    void take_prefixes(nb::handle low, std::vector<std::int64_t>& found) const;
    void take_compound(const nb::object& low, std::vector<std::int64_t>& found) const;
    std::int64_t part_of_compound(const nb::object& part) const;
    bool is_number(nb::handle low) const;

    std::deque<std::string> keys_;
    Table tokens_, exact_, capitals_, prefixes_;
    std::unordered_map<std::string_view, std::vector<Py_ssize_t>> lengths_;  // by the first two characters, ascending
    std::unordered_set<std::string_view> general_, numbers_;
    std::int64_t number_ = -1;
    const Words& words_;
    nb::callable folded_, stem_;
};

}  // namespace ticketopt::text
