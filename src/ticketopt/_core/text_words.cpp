#include <algorithm>
#include <utility>

#include "text.hpp"

namespace ticketopt::text {

namespace {

bool is_vowel(char c) { return std::string_view("aeiouy").find(c) != std::string_view::npos; }

bool ends_with(std::string_view word, std::string_view ending) {
    return word.size() >= ending.size() && word.substr(word.size() - ending.size()) == ending;
}

template <typename... Endings>
bool ends_with_any(std::string_view word, Endings... endings) {
    return (ends_with(word, endings) || ...);
}

PyObject* new_item(nb::object& item) { return item.release().ptr(); }
PyObject* new_item(std::int64_t item) { return PyLong_FromLongLong(item); }

// The items as a list; objects are handed over.
template <typename Item>
nb::object list_of(std::vector<Item>& items) {
    nb::object list = nb::steal(PyList_New(static_cast<Py_ssize_t>(items.size())));
    if (!list.is_valid()) throw nb::python_error();
    for (std::size_t k = 0; k < items.size(); ++k) {
        PyList_SET_ITEM(list.ptr(), static_cast<Py_ssize_t>(k), new_item(items[k]));
    }
    return list;
}

nb::object flags_of(const std::vector<std::int64_t>& flags) {
    std::vector<nb::object> items;
    items.reserve(flags.size());
    for (const std::int64_t flag : flags) items.push_back(nb::borrow(flag != 0 ? Py_True : Py_False));
    return list_of(items);
}

bool is_apostrophe(Py_UCS4 c) { return c == '\'' || c == 0x2019; }
bool is_accent(Py_UCS4 c) { return (0x300 <= c && c <= 0x36f) || c == 0x3099 || c == 0x309a; }

// Where the word that begins at `start` ends: letters, accents, letters behind apostrophes, and `++` or `#`.
Py_ssize_t end_of_word(const Characters& text, Py_ssize_t start) {
    Py_ssize_t end = start;
    while (end < text.size()) {
        const bool joins = is_apostrophe(text[end]) && end + 1 < text.size() && is_alphanumeric(text[end + 1]);
        if (!is_alphanumeric(text[end]) && !is_accent(text[end]) && !joins) break;
        ++end;
    }
    if (end + 1 < text.size() && text[end] == '+' && text[end + 1] == '+') return end + 2;
    return end < text.size() && text[end] == '#' ? end + 1 : end;
}

bool is_any_of(Py_UCS4 sign, std::u32string_view signs) { return signs.find(sign) != std::u32string_view::npos; }

// How many characters divide sentences or clauses there; 0 for none.
Py_ssize_t division(const Characters& text, Py_ssize_t k) {
    const Py_UCS4 sign = text[k], next = k + 1 < text.size() ? text[k + 1] : '\n';
    if (sign == ' ') return next == '-' && k + 2 < text.size() && text[k + 2] == ' ' ? 3 : 0;
    if (is_any_of(sign, U"\n()\u2013\u2014\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f")) return 1;
    if (is_any_of(sign, U".!?\u2026")) return Py_UNICODE_ISSPACE(next) != 0 || is_any_of(next, U"\"')]*") ? 1 : 0;
    return is_any_of(sign, U";:,") && k + 1 < text.size() && Py_UNICODE_ISSPACE(next) != 0 ? 1 : 0;
}

bool ends_sentence(Py_UCS4 sign) { return is_any_of(sign, U".!?\n\u3002\uff01\uff1f"); }

std::unordered_set<std::string> set_of(const nb::dict& sets, const char* name) {
    std::unordered_set<std::string> found;
    for (nb::handle word : nb::borrow<nb::object>(sets[name])) found.emplace(nb::cast<nb::str>(word).c_str());
    return found;
}

void without_plural(std::string& word) {
    if (!ends_with(word, "s") || ends_with_any(word, "ss", "us", "is")) return;
    if (ends_with(word, "ies") && word.size() > 4) {
        word.replace(word.size() - 3, 3, "y");
    } else {
        word.resize(word.size() - (ends_with_any(word, "sses", "xes", "ches", "shes", "zes") ? 2 : 1));
    }
}

void without_ending(std::string& word) {
    for (const std::string_view ending : {std::string_view("ing"), std::string_view("ed")}) {
        if (!ends_with(word, ending) || ends_with(word, "eed")) continue;
        const std::size_t rest = word.size() - ending.size();
        if (rest >= 3 && std::any_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(rest), is_vowel)) {
            word.resize(rest);
        }
        return;
    }
}

}  // namespace

Words::Words(const nb::dict& sets, const nb::dict& irregular)
    : elided_(set_of(sets, "elided")), uninflected_(set_of(sets, "uninflected")) {
    for (const auto& word : set_of(sets, "determiners")) kinds_[word] |= determiner;
    for (const auto& word : set_of(sets, "clause words")) kinds_[word] |= clause;
    for (const auto& word : set_of(sets, "german")) kinds_[word] |= german;
    for (const auto& word : set_of(sets, "additive")) kinds_[word] |= additive;
    for (const auto& word : set_of(sets, "pronouns")) kinds_[word] |= pronoun;
    for (const auto& [word, kinds] : kinds_) longest_kind_ = std::max(longest_kind_, word.size());
    for (const auto& [word, base] : irregular) {
        irregular_[nb::cast<nb::str>(word).c_str()] = nb::cast<nb::str>(base).c_str();
    }
}

unsigned Words::kinds_of(const nb::object& low) const {
    Py_ssize_t size = 0;
    const char* letters = PyUnicode_AsUTF8AndSize(low.ptr(), &size);
    if (letters == nullptr) throw nb::python_error();
    if (static_cast<std::size_t>(size) > longest_kind_) return 0;
    const auto found = kinds_.find(std::string(letters, static_cast<std::size_t>(size)));
    return found == kinds_.end() ? 0 : found->second;
}

void Words::fold(std::string_view word, std::string& low) const {
    low.clear();
    for (const char c : word) low.push_back(is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c);
    const std::size_t first = low.find('\'');
    if (first == std::string::npos) return;
    const std::size_t second = std::min(low.find('\'', first + 1), low.size());
    if (second - first - 1 > 2 && elided_.count(low.substr(0, first)) > 0) low.erase(0, first);
    low.erase(std::remove(low.begin(), low.end(), '\''), low.end());
}

void Words::stem(std::string_view word, std::string& base) const {
    const std::size_t size = word.size();
    if (size > 3 && word[size - 2] == '\'' && (word[size - 1] == 's' || word[size - 1] == 'S')) word.remove_suffix(2);
    fold(word, base);
    if (const auto found = irregular_.find(base); found != irregular_.end()) base = found->second;
    if (base.size() <= 3 || !std::all_of(base.begin(), base.end(), is_letter) || uninflected_.count(base) > 0) return;
    inflect(base);
}

void Words::inflect(std::string& word) const {
    without_plural(word);
    if (uninflected_.count(word) > 0) return;
    const bool with_s = ends_with_any(word, "ise", "ised", "ising", "isation");
    constexpr std::string_view spelled = "isation";
    for (std::size_t at = word.find(spelled); at != std::string::npos; at = word.find(spelled, at + spelled.size())) {
        word[at + 1] = 'z';
    }
    without_ending(word);
    if (word.size() > 4 && word.back() == 'e') word.pop_back();
    if (with_s && word.size() > 5 && ends_with(word, "is")) word.back() = 'z';
    if (word.size() > 3 && word.back() == word[word.size() - 2] && !is_vowel(word.back())) word.pop_back();
}

nb::object Words::folded_of(nb::handle word, const nb::callable& other) const {
    require_text(word);
    if (!is_ascii(word)) return other(word);
    const std::string_view letters = ascii_of(word);
    if (std::none_of(letters.begin(), letters.end(), [](char c) { return is_upper(c) || c == '\''; })) {
        return nb::borrow(word);
    }
    std::string low;
    fold(letters, low);
    return string_of(low);
}

nb::object Words::folded(const nb::sequence& words, const nb::callable& other) const {
    std::vector<nb::object> found;
    found.reserve(nb::len(words));
    for (nb::handle word : words) found.push_back(folded_of(word, other));
    return list_of(found);
}

nb::object Words::stems(const nb::sequence& words, Py_ssize_t longest, const nb::callable& other) const {
    std::vector<nb::object> found;
    found.reserve(nb::len(words));
    std::string base;
    for (nb::handle word : words) {
        require_text(word);
        if (!is_ascii(word)) {
            found.push_back(other(nb::steal(PyUnicode_Substring(word.ptr(), 0, longest))));
            continue;
        }
        stem(ascii_of(word).substr(0, static_cast<std::size_t>(longest)), base);
        found.push_back(base == ascii_of(word) ? nb::borrow(word) : string_of(base));
    }
    return list_of(found);
}

// A text as it is cut: lists of what `triage.text.Text` has per word, and what is known at the present place.
struct Words::Reading {
    explicit Reading(const nb::str& whole)
        : text(whole), letters(whole), is_all_shouted(nb::cast<bool>(whole.attr("isupper")())) {}
    nb::str text;
    Characters letters;
    bool is_all_shouted;
    std::vector<nb::object> words, lows;
    std::vector<std::int64_t> starts, ends, sentences, clauses, after_determiner;
    std::int64_t sentence = 0, clause = 0, last_sentence = -1;
    bool is_skipped = false, is_last_additive = false, looks_german = false;

    nb::object passage(Py_ssize_t start, Py_ssize_t end) const {
        return nb::steal(PyUnicode_Substring(text.ptr(), start, end));
    }

    void divide(Py_UCS4 sign) {
        ++clause;
        if (ends_sentence(sign) && last_sentence == sentence) ++sentence;
    }

    // Whether a determiner is one: no abbreviation in capitals, no letter beside a slash.
    bool says_nothing(const nb::object& word, Py_ssize_t start, Py_ssize_t end) const {
        if (end - start > 1) return is_all_shouted || !nb::cast<bool>(word.attr("isupper")());
        return !((start > 0 && letters[start - 1] == '/') || (end < letters.size() && letters[end] == '/'));
    }

    void keep(nb::object word, nb::object low, Py_ssize_t start, Py_ssize_t end) {
        words.push_back(std::move(word));
        lows.push_back(std::move(low));
        starts.push_back(start);
        ends.push_back(end);
        sentences.push_back(sentence);
        clauses.push_back(clause);
        const bool has_article =
            end - start > 1 && is_any_of(letters[start], U"lL") && is_apostrophe(letters[start + 1]);
        after_determiner.push_back(is_skipped || has_article ? 1 : 0);
        is_skipped = false;
        last_sentence = sentence;
    }
};

void Words::take(Reading& reading, Py_ssize_t start, Py_ssize_t end, const nb::callable& other) const {
    nb::object word = reading.passage(start, end);
    nb::object low = folded_of(word, other);
    const unsigned kinds = kinds_of(low);
    const bool is_added = reading.is_last_additive;
    if (kinds != 0) {
        reading.looks_german = reading.looks_german || (kinds & german) != 0;
        if ((kinds & determiner) != 0 && reading.says_nothing(word, start, end)) {
            reading.clause += is_added ? 1 : 0;
            reading.is_skipped = true;
            return;
        }
        const bool begins = (kinds & clause) != 0 && (kinds & additive) == 0;
        reading.clause += begins || ((kinds & pronoun) != 0 && is_added) ? 1 : 0;
    }
    reading.keep(std::move(word), std::move(low), start, end);
    reading.is_last_additive = (kinds & additive) != 0;
}

nb::tuple Words::tokens(const nb::str& text, const nb::callable& other) const {
    constexpr Py_UCS4 ellipsis = 0x2026;  // folded, it is three dots: a word
    Reading reading(text);
    Py_ssize_t k = 0;
    while (k < reading.letters.size()) {
        const Py_UCS4 sign = reading.letters[k];
        if (is_alphanumeric(sign)) {
            const Py_ssize_t end = end_of_word(reading.letters, k);
            take(reading, k, end, other);
            k = end;
        } else if (const Py_ssize_t length = division(reading.letters, k); length == 0) {
            ++k;
        } else {
            if (sign == ellipsis) {
                take(reading, k, k + 1, other);
            } else {
                reading.divide(sign);
            }
            k += length;
        }
    }
    return nb::make_tuple(list_of(reading.words), list_of(reading.lows), list_of(reading.starts), list_of(reading.ends),
                          list_of(reading.sentences), list_of(reading.clauses), flags_of(reading.after_determiner),
                          reading.looks_german);
}

}  // namespace ticketopt::text
