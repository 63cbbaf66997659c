// The hot part of reading tickets: words, their pieces and phrases, exactly as `triage` defines them in Python.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "text_edges.hpp"

namespace ticketopt::text {

namespace nb = nanobind;
using Numbers = nb::ndarray<const std::int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Rows = nb::ndarray<const std::int8_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Scales = nb::ndarray<const std::uint16_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

// The characters of a Python string, which must outlive it.
class Characters {
public:
    explicit Characters(nb::handle text)
        : kind_(PyUnicode_KIND(text.ptr())), data_(PyUnicode_DATA(text.ptr())),
          size_(PyUnicode_GET_LENGTH(text.ptr())) {}
    Py_ssize_t size() const { return size_; }
    Py_UCS4 operator[](Py_ssize_t k) const { return PyUnicode_READ(kind_, data_, k); }

private:
    int kind_;
    const void* data_;
    Py_ssize_t size_;
};

inline bool contains(const nb::object& container, nb::handle item) {
    const int found = PySequence_Contains(container.ptr(), item.ptr());
    if (found < 0) throw nb::python_error();
    return found == 1;
}

inline void require_text(nb::handle text) {
    if (!PyUnicode_Check(text.ptr())) throw nb::type_error("a text must be a string");
}

inline bool is_ascii(nb::handle text) { return PyUnicode_IS_ASCII(text.ptr()) != 0; }

inline std::string_view ascii_of(nb::handle text) {
    return {static_cast<const char*>(PyUnicode_DATA(text.ptr())),
            static_cast<std::size_t>(PyUnicode_GET_LENGTH(text.ptr()))};
}

inline nb::object string_of(std::string_view text) {
    return nb::steal(PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size())));
}

inline bool is_upper(char c) { return 'A' <= c && c <= 'Z'; }
inline bool is_lower(char c) { return 'a' <= c && c <= 'z'; }
inline bool is_digit(char c) { return '0' <= c && c <= '9'; }
inline bool is_letter(char c) { return is_upper(c) || is_lower(c); }
inline bool is_alphanumeric(Py_UCS4 c) {
    if (c >= 128) return Py_UNICODE_ISALNUM(c) != 0;
    return is_letter(static_cast<char>(c)) || is_digit(static_cast<char>(c));
}

// A vocabulary of pieces as a tree over characters: one root for what begins a word, one for what continues it.
class WordPieces {
public:
    // Piece -> number; of what begins with `inside` the rest continues a word.
    WordPieces(const nb::dict& pieces, const std::string& inside, Py_ssize_t longest);
    nb::tuple of(const nb::str& word) const;
    // Numbers of the pieces of all words one after the other, and how many each has. Of words that are not plain (small
    // ASCII letters and digits), and of those in `others`, `other` gives the numbers.
    nb::tuple of_all(const nb::sequence& words, const nb::object& others, const nb::callable& other) const;

private:
    static constexpr std::int32_t whole_root = 0, inside_root = 1;
    void add(const Characters& piece, Py_ssize_t first, std::int32_t place, std::int32_t number);
    bool cut(const Characters& word, std::vector<std::int64_t>& found) const;

    Edges edges_;
    std::vector<std::int32_t> number_at_;  // place -> piece that ends there, -1 for none
    Py_ssize_t longest_;
};

// Of texts the sums of rows, each times its scale and its word's weight; see the stub.
nb::object sums(const Rows& rows, const Scales& scales, const Numbers& pieces, const Numbers& counts,
                const Numbers& ids, const Numbers& weights, const Numbers& starts);

// Phrases that are found where a word begins.
class PhraseList {
public:
    // In scripts whose characters are `dense` or beyond a phrase may begin anywhere.
    PhraseList(const nb::sequence& phrases, Py_UCS4 dense);
    nb::object find(const nb::str& text, Py_ssize_t end) const;
    int count(const nb::str& text, int enough) const;

private:
    using Phrase = std::vector<Py_UCS4>;
    template <typename Take>
    void each(const Characters& text, Py_ssize_t end, const Take& take) const;

    std::vector<Phrase> phrases_;
    std::unordered_map<Py_UCS4, std::vector<std::size_t>> beginning_with_;
    std::array<const std::vector<std::size_t>*, 128> ascii_{};
    Py_UCS4 dense_;
};

// Words of texts: where they are, folded, without inflection. What is not ASCII another function folds.
class Words {
public:
    Words(const nb::dict& sets, const nb::dict& irregular);
    nb::tuple tokens(const nb::str& text, const nb::callable& other) const;
    nb::object folded(const nb::sequence& words, const nb::callable& other) const;
    nb::object stems(const nb::sequence& words, Py_ssize_t longest, const nb::callable& other) const;
    void stem(std::string_view word, std::string& base) const;  // of an ASCII word

private:
    enum Kind : std::uint8_t { determiner = 1, clause = 2, german = 4, additive = 8, pronoun = 16 };
    struct Reading;
    unsigned kinds_of(const nb::object& low) const;
    nb::object folded_of(nb::handle word, const nb::callable& other) const;
    void fold(std::string_view word, std::string& low) const;
    void inflect(std::string& word) const;
    void take(Reading& reading, Py_ssize_t start, Py_ssize_t end, const nb::callable& other) const;

    std::unordered_map<std::string, unsigned> kinds_;
    std::size_t longest_kind_ = 0;
    std::unordered_set<std::string> elided_, uninflected_;
    std::unordered_map<std::string, std::string> irregular_;
};

}  // namespace ticketopt::text
