#include "text_symbols.hpp"

#include <algorithm>
#include <utility>

#include "owned_array.hpp"

namespace ticketopt::text {

namespace {

constexpr Py_ssize_t head = 2;        // characters of the shortest prefix
constexpr Py_ssize_t least_part = 5;  // characters of a known word that may be recognized inside a compound
constexpr Py_ssize_t least_compound = 9;
constexpr Py_ssize_t most_digits = 9;  // of a number

std::string_view utf8_of(nb::handle text) {
    if (is_ascii(text)) return ascii_of(text);
    Py_ssize_t size = 0;
    const char* letters = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
    if (letters == nullptr) throw nb::python_error();
    return {letters, static_cast<std::size_t>(size)};
}

// The first characters of a text of `size` characters.
std::string_view beginning(std::string_view letters, Py_ssize_t size, Py_ssize_t count) {
    if (static_cast<Py_ssize_t>(letters.size()) == size) return letters.substr(0, static_cast<std::size_t>(count));
    std::size_t end = 0;
    for (; end < letters.size(); ++end) {
        if ((static_cast<unsigned char>(letters[end]) & 0xC0U) != 0x80U && count-- == 0) break;
    }
    return letters.substr(0, end);
}

template <typename Is>
bool are_all(nb::handle text, Is is) {
    const Characters letters(text);
    Py_ssize_t k = 0;
    while (k < letters.size() && is(letters[k])) ++k;
    return k > 0 && k == letters.size();
}

bool is_alphabetic(nb::handle text) {
    return are_all(text, [](Py_UCS4 c) { return Py_UNICODE_ISALPHA(c) != 0; });
}

nb::object part_of(const nb::object& text, Py_ssize_t start, Py_ssize_t end) {
    return nb::steal(PyUnicode_Substring(text.ptr(), start, end));
}

}  // namespace

WordSymbols::WordSymbols(const nb::dict& tokens, const nb::dict& prefixes, const nb::object& general,
                         const nb::object& numbers, const Words& words, nb::callable folded, nb::callable stem)
    : words_(words), folded_(std::move(folded)), stem_(std::move(stem)) {
    for (nb::handle word : general) general_.insert(kept(utf8_of(word)));
    for (nb::handle word : numbers) numbers_.insert(kept(utf8_of(word)));
    for (const auto& [token, value] : tokens) {
        require_text(token);
        const std::string_view key = kept(utf8_of(token));
        const auto symbol = nb::cast<std::int64_t>(value);
        tokens_[key] = symbol;
        if (key == "#") number_ = symbol;
        if (!key.empty() && key[0] == '=') exact_[key.substr(1)] = symbol;
        if (!key.empty() && key[0] == '^') capitals_[key.substr(1)] = symbol;
    }
    for (const auto& [prefix, value] : prefixes) {
        require_text(prefix);
        if (PyUnicode_GET_LENGTH(prefix.ptr()) >= head) {
            add_prefix(nb::borrow<nb::str>(prefix), nb::cast<std::int64_t>(value));
        }
    }
}

std::string_view WordSymbols::kept(std::string_view key) { return keys_.emplace_back(key); }

void WordSymbols::add_prefix(const nb::str& prefix, std::int64_t symbol) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(prefix.ptr());
    const std::string_view key = kept(utf8_of(prefix));
    prefixes_[key] = symbol;
    std::vector<Py_ssize_t>& lengths = lengths_[beginning(key, length, head)];
    const auto place = std::lower_bound(lengths.begin(), lengths.end(), length);
    if (place == lengths.end() || *place != length) lengths.insert(place, length);
}

nb::tuple WordSymbols::of(const nb::list& words, const nb::list& stems, const nb::list& lows, const Numbers& kinds,
                          Py_ssize_t longest) const {
    const std::size_t size = words.size();
    if (stems.size() != size || lows.size() != size || kinds.shape(0) != size) {
        throw nb::value_error("every word needs a stem, a folded form and a kind");
    }
    std::vector<std::int64_t> counts(size), found;
    for (std::size_t k = 0; k < size; ++k) {
        nb::object word = nb::borrow(words[k]), low = nb::borrow(lows[k]);
        const nb::object base = nb::borrow(stems[k]);
        require_text(word), require_text(base), require_text(low);
        if (PyUnicode_GET_LENGTH(word.ptr()) > longest) {
            word = part_of(word, 0, longest);
            low = folded_(word);
        }
        const std::size_t before = found.size();
        resolve(word, base, low, static_cast<unsigned>(kinds(k)), found);
        counts[k] = static_cast<std::int64_t>(found.size() - before);
    }
    return nb::make_tuple(owned_array(std::move(counts)), owned_array(std::move(found)));
}

// 1. The word, without inflection; in this form; in capitals, which in a text all in capitals say nothing of everyday
//    words; a number.
// 2. What begins so, the shortest first.
// 3. Where it is none of these, in texts that look German, its parts.
void WordSymbols::resolve(const nb::object& word, nb::handle base, const nb::object& low, unsigned kinds,
                          std::vector<std::int64_t>& found) const {
    const std::size_t before = found.size();
    const std::string_view stem = utf8_of(base);
    if (const auto at = tokens_.find(stem); at != tokens_.end()) found.push_back(at->second);
    if (const auto at = exact_.find(utf8_of(low)); at != exact_.end()) found.push_back(at->second);
    if (const auto at = capitals_.find(stem); at != capitals_.end() && nb::cast<bool>(word.attr("isupper")())) {
        if ((kinds & shouted) == 0 || general_.count(stem) == 0) found.push_back(at->second);
    }
    if (number_ >= 0 && is_number(low)) found.push_back(number_);
    take_prefixes(low, found);
    if ((kinds & compounds) != 0 && found.size() == before && PyUnicode_GET_LENGTH(low.ptr()) >= least_compound &&
        is_alphabetic(low)) {
        take_compound(low, found);
    }
}

void WordSymbols::take_prefixes(nb::handle low, std::vector<std::int64_t>& found) const {
    const std::string_view letters = utf8_of(low);
    const Py_ssize_t size = PyUnicode_GET_LENGTH(low.ptr());
    const auto lengths = lengths_.find(beginning(letters, size, head));
    if (lengths == lengths_.end()) return;
    for (const Py_ssize_t length : lengths->second) {
        if (length > size) break;
        const auto at = prefixes_.find(beginning(letters, size, length));
        if (at != prefixes_.end()) found.push_back(at->second);
    }
}

// The longest known words at the beginning and at the end.
void WordSymbols::take_compound(const nb::object& low, std::vector<std::int64_t>& found) const {
    const Py_ssize_t size = PyUnicode_GET_LENGTH(low.ptr());
    std::int64_t symbol = -1;
    for (Py_ssize_t end = size - 3; symbol < 0 && end >= least_part; --end) {
        symbol = part_of_compound(part_of(low, 0, end));
    }
    if (symbol >= 0) found.push_back(symbol);
    symbol = -1;
    for (Py_ssize_t start = 3; symbol < 0 && start <= size - least_part; ++start) {
        symbol = part_of_compound(part_of(low, start, size));
    }
    if (symbol >= 0) found.push_back(symbol);
}

std::int64_t WordSymbols::part_of_compound(const nb::object& part) const {
    std::string base;
    if (is_ascii(part)) {
        words_.stem(ascii_of(part), base);
        if (base.size() < static_cast<std::size_t>(least_part)) return -1;
    } else {
        const nb::object found = stem_(part);
        if (PyUnicode_GET_LENGTH(found.ptr()) < least_part) return -1;
        base = utf8_of(found);
    }
    const auto at = tokens_.find(base);
    return at == tokens_.end() ? -1 : at->second;
}

bool WordSymbols::is_number(nb::handle low) const {
    if (are_all(low, [](Py_UCS4 c) { return Py_UNICODE_ISDECIMAL(c) != 0; })) {
        return PyUnicode_GET_LENGTH(low.ptr()) <= most_digits;
    }
    return numbers_.count(utf8_of(low)) > 0;
}

}  // namespace ticketopt::text
